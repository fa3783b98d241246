//! What each screen shows, as plain data: the current value first, then each change.

mod bands;
mod history;
mod live;
mod records;
mod status;
mod today;
mod wallet;

use haigou_contract::Day;
use tokio::sync::watch;

pub use bands::{BandLine, BandsScreen, FoundBand};
pub use history::{Bar, Feat, Figures, HistoryScreen, Period, PersonalRecord, Statistics, Streak};
pub use live::{LiveActivity, LiveScreen, LiveState, Place};
pub use records::{HeartZones, RecordDetail, RecordLine, RecordsScreen};
pub use status::{Account, Notice, RefusedUpload, StatusScreen, StorageState};
pub use today::{GoalLine, TodayScreen};
pub use wallet::WalletScreen;

pub(crate) use records::{detail, line};
pub(crate) use status::notice_text;

/// How old something from the server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsOf {
    /// When the server said it, in milliseconds since the Unix epoch, by the phone's time.
    pub fetched_ms: i64,
    /// How long ago that was when this snapshot was made, in milliseconds.
    pub age_ms: i64,
}

impl AsOf {
    pub(crate) fn new(fetched_ms: i64, now_ms: i64) -> Self {
        Self {
            fetched_ms,
            age_ms: now_ms.saturating_sub(fetched_ms).max(0),
        }
    }
}

/// One sender per screen.
#[derive(Debug)]
pub(crate) struct Screens {
    pub(crate) bands: watch::Sender<BandsScreen>,
    pub(crate) live: watch::Sender<LiveScreen>,
    pub(crate) today: watch::Sender<TodayScreen>,
    pub(crate) records: watch::Sender<RecordsScreen>,
    pub(crate) history: watch::Sender<HistoryScreen>,
    pub(crate) wallet: watch::Sender<WalletScreen>,
    pub(crate) status: watch::Sender<StatusScreen>,
}

impl Screens {
    pub(crate) fn new(day: Day) -> Self {
        Self {
            bands: watch::Sender::new(BandsScreen::default()),
            live: watch::Sender::new(LiveScreen::default()),
            today: watch::Sender::new(TodayScreen::empty(day)),
            records: watch::Sender::new(RecordsScreen::default()),
            history: watch::Sender::new(HistoryScreen::empty(day)),
            wallet: watch::Sender::new(WalletScreen::default()),
            status: watch::Sender::new(StatusScreen::default()),
        }
    }
}

/// Shows a screen anew, if anything on it changed.
pub(crate) fn show<T: PartialEq>(screen: &watch::Sender<T>, fresh: T) {
    screen.send_if_modified(|shown| {
        let changed = *shown != fresh;
        if changed {
            *shown = fresh;
        }
        changed
    });
}
