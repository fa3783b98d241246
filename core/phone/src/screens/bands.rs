//! Wristbands: those that are paired, how things stand with each.

use haigou_wearable::{BandId, LinkState};

/// The bands screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BandsScreen {
    /// The bands that the member paired, by name.
    pub bands: Vec<BandLine>,
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
    /// How full it is, in per cent.
    pub battery: Option<u8>,
    /// Whether it is being charged, where it can tell.
    pub charging: Option<bool>,
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
