//! How a screen stands: loading, there, empty or failed, how old it is, and what has to be said about that.

use haigou_contract::{Day, Language};

use super::AsOf;
use crate::PhoneError;
use crate::texts::{self, date_and_time};

/// How a screen stands towards what the server knows. Each screen that shows something of the server's has one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Which face it has.
    pub face: Face,
    /// The server is being asked at the moment.
    pub refreshing: bool,
    /// How old what is shown is; none if the server never said anything.
    pub as_of: Option<AsOf>,
    /// The same in words, for example `As of 12:03`.
    pub as_of_text: Option<String>,
    /// Why it isn't fresh, with what to do; none if nothing has to be said.
    pub told: Option<Told>,
}

/// The four faces of a screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Face {
    /// Nothing is known yet and nothing went wrong: a skeleton.
    #[default]
    Loading,
    /// There is something to show, fresh or not.
    Shown,
    /// There is nothing to show, and that is all right.
    Empty {
        /// What to say instead, in the app's language.
        text: String,
    },
    /// Nothing is known, and asking failed: [`Standing::told`] says why. Another try is offered.
    Failed,
}

/// Something that a screen says: what happened and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The stable code: that of an error.
    pub code: String,
    /// In the app's language.
    pub text: String,
}

impl Told {
    pub(crate) fn of(error: &PhoneError, language: Language) -> Self {
        Self {
            code: error.code().to_owned(),
            text: error.text(language),
        }
    }
}

/// What a screen knows of the server.
pub(crate) struct Known {
    /// When the server said it; none if it never said anything.
    pub(crate) fetched_ms: Option<i64>,
    /// What to say where there is nothing to show; none if there is something.
    pub(crate) empty: Option<String>,
    /// The screen shows what is of the phone's own too: it needs no server.
    pub(crate) own: bool,
}

/// Where asking for a screen stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    /// How often it is being asked for at the moment.
    pub(crate) under_way: u32,
    /// Why it failed the last time, if it did.
    pub(crate) failed: Option<PhoneError>,
}

impl Standing {
    /// Nothing is known yet.
    pub(crate) const LOADING: Self = Self {
        face: Face::Loading,
        refreshing: false,
        as_of: None,
        as_of_text: None,
        told: None,
    };

    /// `offline`: the server could not be reached the last time, whatever it was asked for.
    pub(crate) fn of(known: Known, ask: &Ask, offline: bool, now_ms: i64, language: Language) -> Self {
        let Known {
            fetched_ms,
            empty,
            own,
        } = known;
        let refreshing = ask.under_way > 0;
        let unreachable = match &ask.failed {
            Some(error) => matches!(error, PhoneError::Offline),
            None => offline,
        };
        let face = match (fetched_ms, empty) {
            (None, _) if !own && !refreshing && (ask.failed.is_some() || offline) => Face::Failed,
            (None, Some(_)) if refreshing => Face::Loading,
            (None, _) if !own => Face::Loading,
            (_, Some(text)) => Face::Empty { text },
            (_, None) => Face::Shown,
        };
        let told = match &ask.failed {
            _ if unreachable => Some(Told {
                code: PhoneError::Offline.code().to_owned(),
                text: match fetched_ms {
                    Some(fetched_ms) => offline_text(fetched_ms, now_ms, language),
                    None if own => texts::error_offline(language),
                    None => texts::nothing_known_offline(language),
                },
            }),
            Some(error) => Some(Told::of(error, language)),
            None => None,
        };
        Self {
            face,
            refreshing,
            as_of: fetched_ms.map(|fetched_ms| AsOf::new(fetched_ms, now_ms)),
            as_of_text: fetched_ms.map(|fetched_ms| as_of_text(fetched_ms, now_ms, language)),
            told,
        }
    }
}

fn as_of_text(fetched_ms: i64, now_ms: i64, language: Language) -> String {
    let (month, day, time) = date_and_time(fetched_ms);
    if Day::at(fetched_ms) == Day::at(now_ms) {
        texts::as_of_today(language, time)
    } else {
        texts::as_of_earlier(language, month, day, time)
    }
}

fn offline_text(fetched_ms: i64, now_ms: i64, language: Language) -> String {
    let (month, day, time) = date_and_time(fetched_ms);
    if Day::at(fetched_ms) == Day::at(now_ms) {
        texts::shown_offline_today(language, time)
    } else {
        texts::shown_offline_earlier(language, month, day, time)
    }
}

#[cfg(test)]
mod tests {
    use haigou_contract::{ErrorCode, Problem};

    use super::*;

    /// 2026-03-02 12:03 in Shanghai.
    const THEN: i64 = 1_772_424_180_000;
    const DAY_MS: i64 = 86_400_000;

    fn standing(fetched_ms: Option<i64>, empty: bool, own: bool, ask: &Ask, offline: bool) -> Standing {
        let known = Known {
            fetched_ms,
            empty: empty.then(|| "nothing".to_owned()),
            own,
        };
        Standing::of(known, ask, offline, THEN + 60_000, Language::English)
    }

    fn failed(error: PhoneError) -> Ask {
        Ask {
            under_way: 0,
            failed: Some(error),
        }
    }

    fn text(standing: &Standing) -> Option<&str> {
        standing.told.as_ref().map(|told| told.text.as_str())
    }

    #[test]
    fn every_face_is_there_and_says_why() {
        let asking = Ask {
            under_way: 1,
            failed: None,
        };
        let loading = standing(None, false, false, &asking, false);
        assert_eq!((&loading.face, loading.refreshing), (&Face::Loading, true));
        let shown = standing(Some(THEN), false, false, &Ask::default(), false);
        assert_eq!((&shown.face, &shown.told), (&Face::Shown, &None));
        assert_eq!(shown.as_of_text.as_deref(), Some("As of 12:03"));
        let empty = standing(Some(THEN), true, false, &Ask::default(), false);
        assert!(matches!(empty.face, Face::Empty { .. }));
        let nothing = standing(None, false, false, &failed(PhoneError::Offline), true);
        assert_eq!(nothing.face, Face::Failed);
        assert_eq!(
            text(&nothing),
            Some("Offline, and nothing is known yet. Connect and try again.")
        );
    }

    #[test]
    fn what_is_known_stays_when_asking_fails() {
        let offline = standing(Some(THEN), false, false, &failed(PhoneError::Offline), true);
        assert_eq!(offline.face, Face::Shown);
        assert_eq!(text(&offline), Some("Offline. Shown as of 12:03."));
        let earlier = standing(Some(THEN - DAY_MS), false, false, &Ask::default(), true);
        assert_eq!(text(&earlier), Some("Offline. Shown as of 1 March, 12:03."));
        assert_eq!(earlier.as_of.unwrap().age_ms, DAY_MS + 60_000);
        let busy = Problem::new(ErrorCode::Busy, Language::English);
        let refused = standing(
            Some(THEN),
            false,
            false,
            &failed(PhoneError::Refused(Box::new(busy))),
            false,
        );
        assert_eq!(
            (&refused.face, refused.told.unwrap().code.as_str()),
            (&Face::Shown, "busy")
        );
    }

    #[test]
    fn the_phones_own_is_shown_without_a_server() {
        let own = standing(None, false, true, &failed(PhoneError::Offline), true);
        assert_eq!((&own.face, own.as_of), (&Face::Shown, None));
        assert_eq!(
            text(&own),
            Some("No connection. Everything is kept on the phone and synced later.")
        );
        let none_yet = standing(None, true, true, &Ask::default(), false);
        assert!(matches!(none_yet.face, Face::Empty { .. }));
    }
}
