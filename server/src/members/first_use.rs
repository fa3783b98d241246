//! The first use of new tokens: the phone has received them, so the ones before are dead from now on.

use std::convert::Infallible;

use haigou_store::{Command, CommandError, Tx, params};

use super::session::Session;
use crate::AppState;
use crate::web::Refusal;

const HOUR_MS: i64 = 3_600_000;

struct FirstUse {
    session: [u8; 16],
    version: i64,
    device: i64,
}

impl Command for FirstUse {
    type Answer = ();
    type Refusal = Infallible;
    const NAME: &'static str = "members.first_use";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Infallible>> {
        tx.execute(
            "UPDATE session SET used = 1 WHERE id = $1 AND version = $2",
            params![&self.session, self.version],
        )?;
        // To the hour: nobody needs to know more exactly when somebody holds his phone.
        let seen_ms = now_ms.div_euclid(HOUR_MS) * HOUR_MS;
        tx.execute(
            "UPDATE device SET seen_ms = $1 WHERE id = $2",
            params![seen_ms, self.device],
        )?;
        Ok(())
    }
}

/// Notes that a session's newest tokens are in use.
///
/// # Errors
/// That it couldn't be noted.
pub(crate) async fn first_use(session: &Session, state: &AppState) -> Result<(), Refusal> {
    let Session {
        id, version, device, ..
    } = *session;
    state
        .submit(FirstUse {
            session: id,
            version,
            device,
        })
        .await
}
