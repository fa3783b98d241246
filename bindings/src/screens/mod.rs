//! What each screen shows, one file per screen: its record, its snapshot, its listener.

mod live;
mod records;
mod shared;
mod status;
mod today;
mod wallet;

pub use live::{LiveActivity, LiveListener, LiveScreen};
pub use records::{Judgement, MinuteSteps, Record, RecordDetail, RecordsListener, RecordsScreen};
pub use shared::{AsOf, NotCounted, Place, Split};
pub use status::{Notice, RefusedUpload, StatusListener, StatusScreen};
pub use today::{DaySteps, GoalLine, TodayListener, TodayScreen};
pub use wallet::{
    AirdropDay, Balance, Figure, Rulebook, StatementLine, StatementPage, Wallet, WalletListener, WalletScreen,
};
