//! Wristbands: those that are paired, how things stand with each.

use haigou_contract::Language;
use haigou_wearable::{BandId, LinkState, Trouble};

use super::Told;
use crate::texts;

/// The bands screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BandsScreen {
    /// The radio was started.
    pub started: bool,
    /// What is in the way of the radio, and what to do: Bluetooth is off, for example.
    pub trouble: Option<Told>,
    /// A scan is under way.
    pub scanning: bool,
    /// What the last scan found and isn't paired, the strongest first.
    pub found: Vec<FoundBand>,
    /// The bands that the member paired, by name.
    pub bands: Vec<BandLine>,
}

/// A band within reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundBand {
    /// How the radio finds it again.
    pub id: BandId,
    /// The name that it calls itself, else its address.
    pub name: String,
    /// The stable name of the family that it seems to be of.
    pub family: String,
    /// The member has to enter its key.
    pub wants_key: bool,
    /// How strong its signal is, in dBm.
    pub rssi: Option<i16>,
}

/// A band that the member paired.
#[derive(Debug, Clone, PartialEq)]
pub struct BandLine {
    /// How the radio finds it again.
    pub id: BandId,
    /// The stable name of its family.
    pub family: String,
    /// Its name.
    pub name: String,
    /// How things stand with it; none before the radio said anything.
    pub link: Option<LinkTold>,
    /// How full it is, in per cent.
    pub battery: Option<u8>,
    /// Whether it is being charged, where it can tell.
    pub charging: Option<bool>,
    /// Beats per minute, as it said within the last seconds.
    pub heart_rate: Option<u8>,
    /// Its maker.
    pub maker: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Its software.
    pub firmware: Option<String>,
    /// It tells the cadence of one foot.
    pub one_foot: bool,
    /// When it said something last, in milliseconds since the Unix epoch, by the phone's time.
    pub heard_ms: Option<i64>,
    /// Steps that it counted today, whether they were believed over others' or not.
    pub steps_today: u32,
}

/// A band's link in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTold {
    /// How it stands, or what the matter is and what to do; the code is that of the state or of the trouble.
    pub told: Told,
    /// What follows by itself, or that nothing does; none where nothing has to be said.
    pub next: Option<String>,
}

impl LinkTold {
    /// The words for a link.
    pub(crate) fn of(state: LinkState, language: Language) -> Self {
        let going_on = |code: &str, text: String| Self {
            told: Told {
                code: code.to_owned(),
                text,
            },
            next: None,
        };
        match state {
            LinkState::Connecting => going_on("connecting", texts::band_connecting(language)),
            LinkState::Preparing => going_on("preparing", texts::band_preparing(language)),
            LinkState::CatchingUp { minutes } => {
                going_on("catching_up", texts::band_catching_up(language, minutes))
            }
            LinkState::Live => going_on("live", texts::band_live(language)),
            LinkState::Waiting { trouble, again_in_ms } => Self {
                told: trouble_told(trouble, language),
                next: Some(texts::band_next_try(language, again_in_ms.div_ceil(1000))),
            },
            LinkState::Stopped { trouble } => Self {
                told: trouble_told(trouble, language),
                next: Some(texts::band_stopped(language)),
            },
        }
    }
}

/// What is the matter with a band, and what to do.
pub(crate) fn trouble_told(trouble: Trouble, language: Language) -> Told {
    let text = match trouble {
        Trouble::NoBluetooth => texts::trouble_no_bluetooth(language),
        Trouble::BluetoothOff => texts::trouble_bluetooth_off(language),
        Trouble::NotPermitted => texts::trouble_not_permitted(language),
        Trouble::SystemSilent => texts::trouble_system_silent(language),
        Trouble::NotFound => texts::trouble_not_found(language),
        Trouble::Lost => texts::trouble_lost(language),
        Trouble::Silent => texts::trouble_silent(language),
        Trouble::KeyNeeded => texts::trouble_key_needed(language),
        Trouble::KeyWrong => texts::trouble_key_wrong(language),
        Trouble::NotUnderstood => texts::trouble_not_understood(language),
        Trouble::NotStored => texts::trouble_not_stored(language),
    };
    Told {
        code: trouble_code(trouble).to_owned(),
        text,
    }
}

/// The stable code of a trouble.
pub(crate) const fn trouble_code(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoBluetooth => "no_bluetooth",
        Trouble::BluetoothOff => "bluetooth_off",
        Trouble::NotPermitted => "not_permitted",
        Trouble::SystemSilent => "system_silent",
        Trouble::NotFound => "not_found",
        Trouble::Lost => "lost",
        Trouble::Silent => "silent",
        Trouble::KeyNeeded => "key_needed",
        Trouble::KeyWrong => "key_wrong",
        Trouble::NotUnderstood => "not_understood",
        Trouble::NotStored => "not_stored",
    }
}

/// A trouble by its code, as it was kept; none if another version of the app knew it.
pub(crate) fn trouble_of_code(code: &str, language: Language) -> Option<Told> {
    TROUBLES
        .into_iter()
        .find(|trouble| trouble_code(*trouble) == code)
        .map(|trouble| trouble_told(trouble, language))
}

const TROUBLES: [Trouble; 11] = [
    Trouble::NoBluetooth,
    Trouble::BluetoothOff,
    Trouble::NotPermitted,
    Trouble::SystemSilent,
    Trouble::NotFound,
    Trouble::Lost,
    Trouble::Silent,
    Trouble::KeyNeeded,
    Trouble::KeyWrong,
    Trouble::NotUnderstood,
    Trouble::NotStored,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_says_what_happened_what_to_do_and_what_follows() {
        let waiting = LinkState::Waiting {
            trouble: Trouble::Lost,
            again_in_ms: 7_100,
        };
        let line = LinkTold::of(waiting, Language::English);
        assert_eq!(line.told.code, "lost");
        assert_eq!(
            line.told.text,
            "The connection to the band broke. Come closer to it."
        );
        assert_eq!(line.next.as_deref(), Some("The next try is in 8 seconds."));
        let line = LinkTold::of(LinkState::CatchingUp { minutes: 1 }, Language::English);
        assert_eq!(line.told.text, "Fetching what the band kept: 1 minute so far.");
        let stopped = LinkState::Stopped {
            trouble: Trouble::KeyNeeded,
        };
        let line = LinkTold::of(stopped, Language::Chinese);
        assert_eq!(line.told.text, "这款手环需要密钥，请在手环设置中填写。");
        assert!(line.next.is_some());
    }
}
