//! The rulebook: every figure an operator chooses, typed, with the key names of its JSON.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::figures::{Cents, Multiple, Price, Share, Shells};

macro_rules! keys {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$field_doc:meta])+ $field:ident: $kind:ty,)+ })+) => {
        $($(#[$doc])+
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])+ pub $field: $kind,)+ })+
    };
}

macro_rules! choice {
    ($($(#[$doc:meta])+ $name:ident { $($(#[$variant_doc:meta])+ $variant:ident,)+ })+) => {
        $($(#[$doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])+ $variant,)+ })+
    };
}

keys! {
    /// All rules of one version. Read it with [`Rulebook::from_json`], which also checks it.
    Rulebook {
        /// Its name, shown to members.
        #[schemars(length(min = 1, max = 64))]
        name: String,
        /// CNY per Hi-Shell on the first day, and on the day after a version that changes it starts.
        shell_price: Price,
        /// When a member becomes active.
        active_from: ActiveFrom,
        /// Who may earn by referring.
        referral_right: ReferralRight,
        /// What a registration earns.
        register: Register,
        /// What a received mall order earns.
        mall: Mall,
        /// What a bill at a store earns.
        offline: Offline,
        /// Partner tiers.
        partners: Partners,
        /// Operation centres.
        centre: Centre,
        /// The daily drop.
        airdrop: Airdrop,
        /// What unfreezes challenge.
        challenge: Challenge,
        /// What a review earns.
        review: Review,
        /// The uses of Hi-Shell, each with its switch.
        market: Market,
    }
    /// What a registration earns.
    Register {
        /// The new member's grants.
        member: Welcome,
        /// The direct sponsor's grants.
        direct: Referral,
    }
    /// A new member's grants.
    Welcome {
        /// Hi-Value.
        hi_value: Cents,
        /// Challenge, frozen.
        challenge: Cents,
    }
    /// A direct sponsor's grants for one registration.
    Referral {
        /// Hi-Value.
        hi_value: Cents,
        /// Hi-Shell, from the reward pool.
        hi_shell: Shells,
        /// Challenge, frozen.
        challenge: Cents,
        /// Then so much of his frozen challenge is unfrozen, or what there is.
        unfreeze: Cents,
    }
    /// What a received mall order earns.
    Mall {
        /// What a Hi-Value rate is taken of.
        hi_value_base: HiValueBase,
        /// The buyer's sponsor.
        direct: MallRates,
        /// The sponsor's sponsor.
        indirect: MallRates,
    }
    /// A sponsor's rates of a mall order.
    MallRates {
        /// Hi-Value, of the base.
        hi_value: Share,
        /// Hi-Shell worth so much of the amount.
        hi_shell: Share,
        /// Challenge, of the amount.
        challenge: Share,
    }
    /// What a bill at a store earns.
    Offline {
        /// The bounds of a store's rebate.
        rebate: Bounds,
        /// Hi-Value to the buyer per CNY of rebate.
        member_multiple: Multiple,
        /// Hi-Value to the merchant per CNY of rebate.
        merchant_multiple: Multiple,
        /// Whether the merchant burns the rebate's worth of Hi-Shell.
        offset: Offset,
        /// How sponsors are rewarded.
        rewards: BillRewards,
        /// The buyer's sponsor.
        direct: BillRates,
        /// The merchant's sponsor.
        merchant_direct: MerchantRates,
    }
    /// The bounds of a store's rebate.
    Bounds {
        /// At least.
        min: Share,
        /// At most.
        max: Share,
    }
    /// The rates of the buyer's sponsor.
    BillRates {
        /// Hi-Value, of the buyer's.
        hi_value: Share,
        /// Hi-Shell worth so much of the rebate.
        hi_shell: Share,
    }
    /// The rate of the merchant's sponsor.
    MerchantRates {
        /// Hi-Shell worth so much of the rebate.
        hi_shell: Share,
    }
    /// Partner tiers.
    Partners {
        /// Who on the line is paid.
        mode: PartnerMode,
        /// Levels up that are looked at (1 = the sponsor); none for no limit.
        #[serde(deserialize_with = "Option::deserialize")]
        #[schemars(schema_with = "crate::schema::levels")]
        max_depth: Option<u32>,
        /// Junior partner.
        junior: Tier,
        /// Middle partner.
        middle: Tier,
        /// Senior partner.
        senior: Tier,
    }
    /// A partner tier.
    Tier {
        /// Conditions: all that are named must hold.
        when: Conditions,
        /// Hi-Value.
        hi_value: Share,
        /// Hi-Shell on the buyer's line.
        hi_shell: Share,
        /// Hi-Shell on the merchant's line.
        merchant_hi_shell: Share,
    }
    /// Operation centres.
    Centre {
        /// The ways in.
        #[schemars(extend("uniqueItems" = true))]
        joins_by: Vec<JoinsBy>,
        /// Hi-Value per CNY of the pack.
        pack_hi_value: Multiple,
        /// Which merchants are a centre's.
        scope: Scope,
        /// What its rate is taken of.
        base: CentreBase,
        /// Hi-Shell worth so much of the base.
        rate: Share,
        /// The same for its parent centre.
        parent_rate: Share,
    }
    /// What unfreezes challenge, and what it becomes.
    Challenge {
        /// Rungs of the step ladder, rising.
        #[schemars(length(max = crate::check::LONGEST_LIST))]
        ladder: Vec<Rung>,
        /// Walk and run tasks.
        #[schemars(length(max = crate::check::LONGEST_LIST))]
        tasks: Vec<Task>,
        /// Unfrozen for the sponsor of a merchant that is approved.
        merchant_approved: Cents,
        /// Challenge into shopping credit.
        to_shopping: ToShopping,
    }
    /// A rung of the step ladder.
    Rung {
        /// Steps of every kind in a day that reach it.
        #[schemars(range(min = 1, max = crate::check::MOST_STEPS))]
        steps: u64,
        /// The part of the frozen challenge that it unfreezes.
        rate: Share,
    }
    /// A task of the day.
    Task {
        /// The kind of steps that count.
        kind: TaskKind,
        /// Steps that reach it.
        #[schemars(range(min = 1, max = crate::check::MOST_STEPS))]
        steps: u64,
        /// What it unfreezes, or what there is.
        unfreeze: Cents,
    }
    /// Challenge into shopping credit.
    ToShopping {
        /// Whether it is possible.
        enabled: bool,
        /// The part that is retired.
        fee: Share,
    }
    /// What a review earns.
    Review {
        /// Hi-Value, once per order line.
        hi_value: Cents,
    }
    /// The uses of Hi-Shell.
    Market {
        /// To another member.
        transfer: bool,
        /// In the mall.
        deduct_mall: bool,
        /// In stores.
        deduct_store: bool,
        /// To the platform, for cash.
        sell_to_platform: bool,
        /// Between members, for cash.
        listings: bool,
        /// The part of a listing's cash that the platform keeps.
        fee: Share,
    }
}

/// Conditions of a tier; what is left out need not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("minProperties" = 1))]
pub struct Conditions {
    /// Members he referred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct: Option<u64>,
    /// Members below him at any depth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<u64>,
    /// Juniors or higher in the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub juniors_in_team: Option<u64>,
    /// Juniors or higher that he referred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct_juniors: Option<u64>,
    /// Middles or higher in the team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middles_in_team: Option<u64>,
    /// Middles or higher that he referred.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direct_middles: Option<u64>,
}

/// The daily drop. The schedule's own key (`first_day` or `totals`) must be there; the other's is kept, and unused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("allOf" = crate::schema::schedule_needs_its_key()))]
pub struct Airdrop {
    /// How the drop goes over the years.
    pub schedule: Schedule,
    /// `halving`: the drop of each day of the first year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_day: Option<Shells>,
    /// `yearly`: what is dropped in each year.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = crate::check::LONGEST_LIST))]
    pub totals: Option<Vec<Shells>>,
    /// Issued into the reward pool at launch.
    pub reward_pool: Shells,
}

choice! {
    /// When a member becomes active.
    ActiveFrom {
        /// With the first starter or centre pack.
        StarterPack,
        /// At registration.
        Registration,
    }
    /// Who may earn by referring.
    ReferralRight {
        /// Those who bought a pack.
        Vip,
        /// Everyone.
        Everyone,
    }
    /// What a Hi-Value rate of a mall order is taken of.
    HiValueBase {
        /// The Hi-Value that the order granted.
        Granted,
        /// The order's amount.
        Amount,
    }
    /// Whether the merchant burns the rebate's worth of Hi-Shell.
    Offset {
        /// All of it, or the bill is refused.
        Required,
        /// What he has; the rest in cash.
        Optional,
        /// No.
        Off,
    }
    /// How a bill's sponsors are rewarded.
    BillRewards {
        /// By the rebate.
        Rebate,
        /// As for a mall order.
        Mall,
    }
    /// Who on the line is paid.
    PartnerMode {
        /// Every partner.
        Each,
        /// Every partner, less the highest rate below him.
        Difference,
        /// Only the first.
        Nearest,
    }
    /// A way to become an operation centre.
    JoinsBy {
        /// By the centre pack.
        Pack,
        /// As a senior partner.
        Senior,
        /// By application.
        Application,
    }
    /// Which merchants are a centre's.
    Scope {
        /// Those in its region.
        Region,
        /// Those below its owner.
        Team,
    }
    /// What a centre's rate is taken of.
    CentreBase {
        /// The rebate.
        Rebate,
        /// The bill.
        Turnover,
    }
    /// How the drop goes over the years.
    Schedule {
        /// Half as much each year.
        Halving,
        /// A total for each year.
        Yearly,
    }
    /// The kind of steps a task counts.
    TaskKind {
        /// Steps in walks.
        Walk,
        /// Steps in runs.
        Run,
    }
}
