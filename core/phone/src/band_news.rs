//! What the member has to be told of a band while he isn't looking: that it was given up, and that it is nearly empty.

use haigou_contract::Day;
use haigou_wearable::{BandId, LinkState, Reading};

use crate::PhoneError;
use crate::activity::Now;
use crate::core::Core;
use crate::screens::trouble_code;
use crate::store::{Lasting, NewMessage, Subject};

/// A band that isn't being charged is nearly empty from here on, in per cent.
const NEARLY_EMPTY: u8 = 15;

impl Core {
    /// How things stand with a band now: if it was given up, that is told, once a day.
    pub(crate) fn tell_of_link(&mut self, id: &BandId, state: LinkState, now: Now) {
        let before = self.bands.states.get(id);
        let LinkState::Stopped { trouble } = state else {
            return;
        };
        if before == Some(&state) {
            return;
        }
        let code = trouble_code(trouble);
        self.tell(id, code, now, |name| Subject::BandStopped {
            name,
            trouble: code.to_owned(),
        });
    }

    /// What a band says of its battery: if it just became nearly empty, that is told, once a day.
    pub(crate) fn tell_of_battery(&mut self, id: &BandId, reading: Reading, now: Now) {
        let Reading::Battery { percent, charging } = reading else {
            return;
        };
        let before = self.bands.paired.get(id).and_then(|band| band.battery);
        let was_empty = before.is_some_and(|(percent, _)| percent <= NEARLY_EMPTY);
        if percent > NEARLY_EMPTY || was_empty || charging == Some(true) {
            return;
        }
        self.tell(id, "battery", now, |name| Subject::BandEmpty { name, percent });
    }

    fn tell(&mut self, id: &BandId, what: &str, now: Now, subject: impl FnOnce(String) -> Subject) {
        let Some(band) = self.bands.paired.get(id) else {
            return;
        };
        let message = NewMessage {
            origin: format!("band:{}:{what}:{}", id.0, Day::at(now.t_ms)),
            at_ms: now.t_ms,
            subject: subject(band.name.clone()),
        };
        let told: Result<(), PhoneError> = self
            .store
            .write(Lasting::Process, |tx| tx.add_message("", &message, false));
        if let Err(error) = told {
            tracing::warn!(%error, "a message about a band can't be written down");
        }
    }
}
