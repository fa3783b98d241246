//! Settling before looking: what a member sees includes every day that is over.

use haigou_contract::Day;
use haigou_ledger::{MemberNo, Slot};
use haigou_store::ledger::{Books, holdings, newest_day};
use haigou_store::{Command, CommandError, Query, StoreError, Tx, params};

use super::launch;
use crate::AppState;
use crate::web::Refusal;

/// Books a member's shares of all closed days. The desk closes the days that are over before.
struct Settle {
    member: MemberNo,
}

impl Command for Settle {
    type Answer = ();
    type Refusal = std::convert::Infallible;
    const NAME: &'static str = "airdrop.settle";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Self::Refusal>> {
        Ok(Books::open(tx, now_ms)?.settle(self.member)?)
    }
}

/// Sees to it that a member is settled up to now: by the desk if there is something to do, else by a look.
///
/// # Errors
/// The desk's or the database's.
pub(crate) async fn settle_first(state: &AppState, member: MemberNo) -> Result<(), Refusal> {
    let now_ms = state.clock.now_ms();
    if state
        .read(move |reader| is_settled(reader, member, now_ms))
        .await?
    {
        return Ok(());
    }
    state.submit(Settle { member }).await
}

fn is_settled(query: &mut impl Query, member: MemberNo, now_ms: i64) -> Result<bool, StoreError> {
    let Some(launched) = launch::day(query)? else {
        return Ok(true);
    };
    let yesterday = Day::at(now_ms).previous();
    if yesterday < launched {
        return Ok(true);
    }
    if newest_day(query)?.is_none_or(|newest| newest.day < yesterday) {
        return Ok(false);
    }
    if holdings(query, member)?.of(Slot::HiValueActive).is_zero() {
        return Ok(true);
    }
    let through = query
        .query_one(
            "SELECT settled_through FROM holder WHERE member = $1",
            params![member.number()],
            |row| row.opt_int(0),
        )?
        .flatten();
    Ok(through >= Some(i64::from(yesterday.number())))
}
