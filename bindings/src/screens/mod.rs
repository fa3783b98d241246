//! What each screen shows, one file per screen: its record, its snapshot, its listener, its actions.

mod account;
mod airdrop;
mod bands;
mod history;
mod live;
mod me;
mod messages;
mod records;
mod rules;
mod settings;
mod shared;
mod statement;
mod status;
mod team;
mod today;
mod wallet;

pub use account::{ConsentsListener, ConsentsScreen, DevicesListener, DevicesScreen};
pub use airdrop::{AirdropDay, AirdropListener, AirdropScreen};
pub use bands::{BandLine, BandsListener, BandsScreen, Bluetooth, FoundBand};
pub use history::{Bar, Figures, HistoryListener, HistoryScreen, PersonalRecord, Statistics, Streak};
pub use live::{LiveActivity, LiveListener, LiveScreen};
pub use me::{MeListener, MeScreen};
pub use messages::{About, Message, MessagesListener, MessagesScreen};
pub use records::{HeartZones, Judgement, MinuteSteps, Record, RecordDetail, RecordsListener, RecordsScreen};
pub use rules::{Rules, RulesListener, RulesScreen};
pub use settings::SettingsListener;
pub use shared::{NotCounted, Split};
pub use statement::{
    ExplainedLine, Figure, StatementFilter, StatementLine, StatementListener, StatementPage, StatementScreen,
    Total,
};
pub use status::{Notice, RefusedUpload, StatusListener, StatusScreen};
pub use team::{ConditionProgress, DirectMember, NextTier, Team, TeamListener, TeamScreen};
pub use today::{DaySteps, GoalLine, TodayListener, TodayScreen};
pub use wallet::{AssetLine, Balance, Rulebook, Wallet, WalletListener, WalletScreen};
