//! What both sides call things: the contract's enums as they are, and figures as Kotlin and Swift count.

use haigou_contract::{
    ActivityKind, AppealStatus, Asset, Bucket, Doubt, Language, Milestone, PartnerTier, Platform, Purpose,
    StepKind, StepSource, TierCondition,
};
use haigou_phone::HistorySource;
use haigou_route::Sex;

/// A count. None comes near the end of 63 bits.
pub(crate) fn count(figure: u64) -> i64 {
    i64::try_from(figure).unwrap_or(i64::MAX)
}

/// A size; less than nothing is nothing.
pub(crate) fn size(figure: i64) -> u64 {
    u64::try_from(figure).unwrap_or(0)
}

/// The language that a sentence is written in.
#[uniffi::remote(Enum)]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    English,
}

/// What a device runs on.
#[uniffi::remote(Enum)]
pub enum Platform {
    /// Android.
    Android,
    /// iOS.
    Ios,
    /// Anything else: a simulator, a test.
    Other,
}

/// What kind of activity it is.
#[uniffi::remote(Enum)]
pub enum ActivityKind {
    /// A walk.
    Walk,
    /// A run.
    Run,
}

/// How steps were made.
#[uniffi::remote(Enum)]
pub enum StepKind {
    /// In a walk.
    Walk,
    /// In a run.
    Run,
    /// Outside of any activity.
    Passive,
}

/// Who counted the steps.
#[uniffi::remote(Enum)]
pub enum StepSource {
    /// The app's own counting from acceleration samples.
    Motion,
    /// The phone's built-in step counter.
    Counter,
    /// A wristband.
    Band,
    /// The system's store of health data: other apps and devices, of which nobody knows how they count.
    Health,
}

/// Which of the system's stores of steps it is.
#[uniffi::remote(Enum)]
pub enum HistorySource {
    /// The history of the phone's own step counter (iOS keeps seven days).
    Pedometer,
    /// Apple's HealthKit, without what was typed in by hand: the shell leaves that out.
    HealthKit,
    /// Android's Health Connect, without what was typed in by hand.
    HealthConnect,
}

/// As the equations for calories know it.
#[uniffi::remote(Enum)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Why steps were not counted, or why an activity is trusted less.
#[uniffi::remote(Enum)]
pub enum Doubt {
    /// The minute was already reported, by this or another device.
    Overlap,
    /// The minute lies in the future.
    Future,
    /// The minute is older than is taken.
    TooOld,
    /// More steps in the minute than legs can make.
    CadenceTooHigh,
    /// Intervals or strength without the variation that a person has.
    TooRegular,
    /// More metres per step than legs can make, or hardly any.
    Stride,
    /// Faster than on foot.
    TooFast,
    /// Positions were made up.
    MockPositions,
    /// The phone's clock was changed during the activity.
    ClockChanged,
    /// The activity's figures don't agree with its minutes.
    Inconsistent,
    /// Hours on end without any pause.
    NoRest,
    /// The activity overlaps another one.
    ActivityOverlap,
}

/// What unfreezes challenge by steps.
#[uniffi::remote(Enum)]
pub enum Milestone {
    /// A rung of the step ladder: steps of every kind count.
    Ladder,
    /// A walk task.
    Walk,
    /// A run task.
    Run,
}

/// Where an appeal stands.
#[uniffi::remote(Enum)]
pub enum AppealStatus {
    /// Waits for somebody to look at it.
    Open,
    /// The member was right.
    Granted,
    /// The count stays.
    Refused,
}

/// What a consent is for. Each is asked for by itself.
#[uniffi::remote(Enum)]
pub enum Purpose {
    /// Terms of use and privacy policy: needed to register.
    Terms,
    /// The rules that rewards follow.
    Rules,
    /// Exact location.
    Location,
    /// Health: steps, heart rate, body profile.
    Health,
    /// Contacts.
    Contacts,
}

/// One of the five things a member can own.
#[uniffi::remote(Enum)]
pub enum Asset {
    /// 嗨值, contribution points: the share key of the airdrop.
    HiValue,
    /// 嗨贝, the capped token handed out by the daily airdrop.
    HiShell,
    /// 挑战金, frozen until steps, referrals or merchants unfreeze it.
    Challenge,
    /// 购物金, spends in the mall like money.
    Shopping,
    /// 现金, cash in CNY.
    Cash,
}

/// Where in an asset a member's amount stands.
#[uniffi::remote(Enum)]
pub enum Bucket {
    /// Hi-Value of a member who isn't active yet.
    Inactive,
    /// Hi-Value that counts as a share key.
    Active,
    /// Challenge fund that waits to be unfrozen.
    Frozen,
    /// Free to use.
    Available,
    /// Set aside for something under way.
    Held,
    /// Owed, as a positive figure; the next credit repays it.
    Debt,
}

/// A partner's tier.
#[uniffi::remote(Enum)]
pub enum PartnerTier {
    /// Junior partner.
    Junior,
    /// Middle partner.
    Middle,
    /// Senior partner.
    Senior,
}

/// What a tier can be made to depend on. "Or higher" goes for every tier named here.
#[uniffi::remote(Enum)]
pub enum TierCondition {
    /// Members he referred.
    Direct,
    /// Members below him at any depth.
    Team,
    /// Juniors in the team.
    JuniorsInTeam,
    /// Juniors that he referred.
    DirectJuniors,
    /// Middles in the team.
    MiddlesInTeam,
    /// Middles that he referred.
    DirectMiddles,
}
