//! What a family of bands has to be able to do.

use haigou_contract::Minute;
use uuid::Uuid;

use crate::standard;

/// What a band says of itself to everybody around it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Advert {
    /// Its name; bands are renamed, and names are imitated.
    pub name: Option<String>,
    /// The services it announces.
    pub services: Vec<Uuid>,
    /// Makers' data, by the company's number.
    pub manufacturer: Vec<(u16, Vec<u8>)>,
}

/// How sure a driver is that a band is of its family. The surest takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// It speaks the standard profiles: whatever it is, these can be read.
    Standard,
    /// It looks like one of the family.
    Likely,
    /// Nothing else announces this.
    Certain,
}

/// What pairing takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairing {
    /// Nothing.
    Open,
    /// The band is asked, and its wearer confirms on it; a key of ours is kept for the next time.
    Confirm,
    /// A key of 16 bytes that the member enters.
    Key,
}

/// One value of a characteristic that the band sent by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Which characteristic.
    pub characteristic: Uuid,
    /// Its bytes.
    pub value: Vec<u8>,
}

/// A connection to one band, as a driver sees it. Each call ends by itself: a band that doesn't answer is
/// [`BandError::Silent`].
#[async_trait::async_trait]
pub trait Link: Send {
    /// Whether the band has a characteristic.
    fn has(&self, characteristic: Uuid) -> bool;
    /// Reads a characteristic.
    ///
    /// # Errors
    /// [`BandError::Missing`], [`BandError::Lost`], [`BandError::Silent`], [`BandError::Refused`].
    async fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, BandError>;
    /// Writes a characteristic; with an acknowledgement of the band, where the characteristic gives one.
    ///
    /// # Errors
    /// As [`Link::read`].
    async fn write(&mut self, characteristic: Uuid, value: &[u8]) -> Result<(), BandError>;
    /// Asks to be told of a characteristic's values. Asking twice is asking once.
    ///
    /// # Errors
    /// As [`Link::read`].
    async fn subscribe(&mut self, characteristic: Uuid) -> Result<(), BandError>;
    /// The next value of one of these characteristics; what comes of others meanwhile is kept for whoever asks for
    /// those. It may be dropped before it ends; nothing is missed by that.
    ///
    /// # Errors
    /// [`BandError::Lost`], [`BandError::Silent`].
    async fn next(&mut self, of: &[Uuid]) -> Result<Notification, BandError>;
}

/// Why a band couldn't do what was asked of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BandError {
    /// The band has no such characteristic: its services changed, or it is of another family.
    #[error("the band has no characteristic {0}")]
    Missing(Uuid),
    /// The connection broke.
    #[error("the connection to the band broke")]
    Lost,
    /// It doesn't answer.
    #[error("the band doesn't answer")]
    Silent,
    /// It refused what was asked.
    #[error("the band refused")]
    Refused,
    /// It wants a key, and none was given.
    #[error("the band wants a key")]
    KeyNeeded,
    /// The key is wrong.
    #[error("the band's key is wrong")]
    KeyWrong,
    /// It sent what can't be: garbage, a wrong length, a broken order.
    #[error("the band sent what can't be read: {0}")]
    Malformed(&'static str),
    /// What it sent couldn't be stored; it was not acknowledged, and will be fetched again.
    #[error("what the band sent couldn't be stored")]
    NotStored,
}

/// Something that a band said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// Its counter of steps, since whatever it counts from: midnight, or its own start.
    Steps {
        /// Steps.
        total: u32,
        /// Metres, as the band believes.
        distance_m: Option<u32>,
        /// Kilocalories, as the band believes.
        kcal: Option<u32>,
    },
    /// Steps a minute at this moment.
    Cadence {
        /// As the band says: of both feet or of one, which the device's setting tells.
        per_minute: u8,
        /// Metres per second.
        speed_mps: f32,
        /// Metres a stride.
        stride_m: Option<f32>,
        /// Metres since it began.
        distance_m: Option<f64>,
        /// It believes that this is a run.
        running: bool,
    },
    /// The heart.
    HeartRate {
        /// Beats per minute; 0 while none is found.
        bpm: u16,
        /// Whether it touches the skin, where it can tell.
        contact: Option<bool>,
    },
    /// How full it is.
    Battery {
        /// Per cent, 0 to 100.
        percent: u8,
        /// Whether it is being charged, where it can tell.
        charging: Option<bool>,
    },
    /// Acceleration, in g.
    Motion {
        /// Along its three axes.
        g: [f32; 3],
    },
}

/// A minute that the band kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandMinute {
    /// Which.
    pub minute: Minute,
    /// Steps in it.
    pub steps: u16,
    /// Beats per minute, where it measured.
    pub heart_rate: Option<u8>,
}

/// What a band is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BandInfo {
    /// Its maker.
    pub maker: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Its software.
    pub firmware: Option<String>,
}

/// Where minutes that a band kept are put. When [`Kept::keep`] has answered, they last; only then is the band told that
/// it may forget them.
#[async_trait::async_trait]
pub trait Kept: Send {
    /// Stores minutes, rising, for good. Those that are there already are replaced.
    ///
    /// # Errors
    /// [`BandError::NotStored`]: the band keeps them, and they are fetched again.
    async fn keep(&mut self, minutes: &[BandMinute]) -> Result<(), BandError>;
}

/// One family of bands. Its decoders are pure functions over bytes; what it has to say to a band goes over a [`Link`].
/// What isn't said otherwise is as the standard profiles have it.
#[async_trait::async_trait]
pub trait Driver: Send + Sync {
    /// Its stable name, for the store and for messages: `standard`, `huami`, `infinitime`.
    fn family(&self) -> &'static str;
    /// Whether a band is of this family.
    fn recognise(&self, advert: &Advert) -> Option<Match>;
    /// What pairing takes.
    fn pairing(&self) -> Pairing {
        Pairing::Open
    }
    /// Makes the band trust us: the first thing after each connection. `key` is what the member entered, or what was kept.
    ///
    /// # Errors
    /// [`BandError::KeyNeeded`], [`BandError::KeyWrong`], those of the link.
    async fn pair(&self, _link: &mut dyn Link, _key: Option<&[u8; 16]>) -> Result<(), BandError> {
        Ok(())
    }
    /// What it is.
    ///
    /// # Errors
    /// Those of the link.
    async fn info(&self, link: &mut dyn Link) -> Result<BandInfo, BandError> {
        standard::info(link).await
    }
    /// How full it is, as [`Reading::Battery`].
    ///
    /// # Errors
    /// Those of the link; [`BandError::Malformed`].
    async fn battery(&self, link: &mut dyn Link) -> Result<Reading, BandError> {
        standard::battery(&link.read(standard::BATTERY).await?)
    }
    /// Tells the band what time it is, where it can be told.
    ///
    /// # Errors
    /// Those of the link.
    async fn set_time(&self, link: &mut dyn Link, now_ms: i64, utc_offset_s: i32) -> Result<(), BandError> {
        standard::set_time(link, now_ms, utc_offset_s).await
    }
    /// The characteristics whose values are read while it is connected; those that the band hasn't are left out. A band
    /// that has none of them isn't of this family.
    fn live(&self) -> &'static [Uuid];
    /// What a value means. Nothing for one that says nothing new.
    ///
    /// # Errors
    /// [`BandError::Malformed`].
    fn decode(&self, notification: &Notification) -> Result<Vec<Reading>, BandError>;
    /// Fetches the minutes that the band kept since `since`, oldest first, and acknowledges them once they are stored. The
    /// number of minutes. Families without a memory answer 0.
    ///
    /// # Errors
    /// Those of the link; [`BandError::Malformed`], [`BandError::NotStored`]. What was stored before stays.
    async fn fetch(
        &self,
        _link: &mut dyn Link,
        _since: Minute,
        _utc_offset_s: i32,
        _kept: &mut dyn Kept,
    ) -> Result<u32, BandError> {
        Ok(0)
    }
}
