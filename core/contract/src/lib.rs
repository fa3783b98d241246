//! What the phone and the server say to each other: amounts, days, requests, answers, error codes.
//!
//! Pure data. Whatever both sides must agree on to the letter stands here and nowhere else.

mod amount;
mod day;
mod members;
mod problem;
mod sign;
mod sport;
mod stores;
mod team;
mod wallet;

pub use amount::{Amount, AmountError, Asset, Bucket};
pub use day::{Day, DayError, Minute, moment};
pub use members::{
    AskCode, ChangeProfile, CodeSent, Consent, DeleteMe, Device, DeviceInfo, GiveConsent, Platform, Profile,
    Purpose, Refresh, Session, SignIn,
};
pub use problem::{ErrorCode, Language, Problem};
pub use sign::{
    IDEMPOTENCY_KEY_HEADER, SIGNATURE_HEADER, SignatureError, parse_public_key, public_key_text, sign,
    sign_in_text, signing_text, verify,
};
pub use sport::{
    ActivityKind, ActivityRecord, ActivitySummary, Appeal, AppealStatus, DaySteps, Doubt, Goal, Judgement,
    MAX_ACTIVITIES_PER_UPLOAD, MAX_MINUTES_PER_UPLOAD, Milestone, MinuteSteps, NewAppeal, NotCounted,
    OLDEST_DAYS, StepKind, StepSource, Today, Unfrozen, Upload, UploadAnswer,
};
pub use stores::{Bill, BillStatus, ConfirmBill, Gain, NewBill, NewStore, Store, StoreStatus};
pub use team::{ConditionProgress, DirectMember, NextTier, PartnerTier, Team, TierCondition};
pub use wallet::{AirdropDay, Balance, Page, RulebookRef, Rules, StatementLine, Wallet};
