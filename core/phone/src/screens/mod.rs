//! What each screen shows, as plain data: the current value first, then each change.

mod account;
mod airdrop;
mod bands;
mod history;
mod live;
mod look;
mod me;
mod messages;
mod records;
mod rules;
mod settings;
mod standing;
mod statement;
mod status;
mod team;
mod today;
mod wallet;

use haigou_contract::Day;
use tokio::sync::watch;

pub use account::{ConsentsScreen, DevicesScreen};
pub use airdrop::AirdropScreen;
pub use bands::{BandLine, BandsScreen, FoundBand, LinkTold};
pub use history::{Bar, Feat, Figures, HistoryScreen, Period, PersonalRecord, Statistics, Streak};
pub use live::{LiveActivity, LiveScreen, LiveState, Place, Spoken};
pub use me::{Invite, MeScreen};
pub use messages::{About, Message, MessageKind, MessagesScreen};
pub use records::{HeartZones, RecordDetail, RecordLine, RecordsScreen};
pub use rules::RulesScreen;
pub use settings::{Settings, Theme};
pub use standing::{Face, Standing, Told};
pub use statement::{Direction, EventName, ExplainedLine, StatementFilter, StatementScreen, Total};
pub use status::{Account, Notice, RefusedUpload, StatusScreen, StorageState};
pub use team::TeamScreen;
pub use today::{GoalLine, TodayScreen};
pub use wallet::{AssetLine, WalletScreen};

pub(crate) use bands::{trouble_code, trouble_of_code, trouble_told};
pub(crate) use look::Look;
pub(crate) use records::{detail, line};
pub(crate) use rules::{acceptance_of, version_name};
pub(crate) use standing::Ask;
pub(crate) use status::notice_text;
pub(crate) use wallet::came_and_went;

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
    pub(crate) status: watch::Sender<StatusScreen>,
    pub(crate) wallet: watch::Sender<WalletScreen>,
    pub(crate) statement: watch::Sender<StatementScreen>,
    pub(crate) airdrop: watch::Sender<AirdropScreen>,
    pub(crate) rules: watch::Sender<RulesScreen>,
    pub(crate) team: watch::Sender<TeamScreen>,
    pub(crate) me: watch::Sender<MeScreen>,
    pub(crate) devices: watch::Sender<DevicesScreen>,
    pub(crate) consents: watch::Sender<ConsentsScreen>,
    pub(crate) messages: watch::Sender<MessagesScreen>,
    pub(crate) settings: watch::Sender<Settings>,
}

impl Screens {
    pub(crate) fn new(day: Day) -> Self {
        Self {
            bands: watch::Sender::new(BandsScreen::default()),
            live: watch::Sender::new(LiveScreen::default()),
            today: watch::Sender::new(TodayScreen::empty(day)),
            records: watch::Sender::new(RecordsScreen::default()),
            history: watch::Sender::new(HistoryScreen::empty(day)),
            status: watch::Sender::new(StatusScreen::default()),
            wallet: watch::Sender::default(),
            statement: watch::Sender::default(),
            airdrop: watch::Sender::default(),
            rules: watch::Sender::default(),
            team: watch::Sender::default(),
            me: watch::Sender::default(),
            devices: watch::Sender::default(),
            consents: watch::Sender::default(),
            messages: watch::Sender::default(),
            settings: watch::Sender::default(),
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
