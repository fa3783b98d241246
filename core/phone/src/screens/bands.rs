//! Wristbands: those that are paired, how things stand with each.

use haigou_wearable::{BandId, LinkState, Trouble};

use super::{LinkLine, Told};

/// The bands screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BandsScreen {
    /// The radio was started.
    pub started: bool,
    /// What is in the way of the radio: Bluetooth is off, for example.
    pub trouble: Option<Trouble>,
    /// The same in words, with what to do.
    pub trouble_told: Option<Told>,
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
    pub state: Option<LinkState>,
    /// The same in words: what happened, what to do, what follows.
    pub link: Option<LinkLine>,
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
