//! What a forecast tells.

use super::model::DayState;
use crate::explain::grouped;
use crate::said::Said;

macro_rules! metrics {
    ($($(#[$doc:meta])+ $metric:ident = $name:literal, $unit:ident($decimals:literal), $zh:literal, $en:literal, $figure:expr;)+) => {
        /// A figure that a forecast follows day by day.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Metric { $($(#[$doc])+ $metric,)+ }

        impl Metric {
            /// All, in the order in which they are told.
            pub const ALL: [Self; Self::COUNT] = [$(Self::$metric),+];
            /// How many there are.
            pub const COUNT: usize = [$(Self::$metric),+].len();

            /// Its name for machines.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$metric => $name,)+ }
            }

            /// Its unit.
            #[must_use]
            pub const fn unit(self) -> Unit {
                match self { $(Self::$metric => Unit::$unit,)+ }
            }

            /// The decimals it is written with.
            const fn decimals(self) -> usize {
                match self { $(Self::$metric => $decimals,)+ }
            }

            /// What it is.
            #[must_use]
            pub fn meaning(self) -> Said {
                match self { $(Self::$metric => Said::new($zh, $en),)+ }
            }

            /// Its figure on a day of a course; none where it isn't defined.
            pub(super) fn figure(self, day: &DayState, worth: f64, back: Option<f64>) -> Option<f64> {
                let figure: fn(&DayState, f64, Option<f64>) -> Option<f64> = match self { $(Self::$metric => $figure,)+ };
                figure(day, worth, back)
            }
        }
    };
}

metrics! {
    /// Registered members.
    Members = "members", People(0), "注册会员", "registered members", |day, _, _| Some(day.members);
    /// Active Hi-Value.
    HiValue = "hi_value_active", HiValue(2), "生效嗨值（会员与商家）", "active Hi-Value, members and merchants", |day, _, _| Some(day.network());
    /// Hi-Shell issued.
    Issued = "hi_shell_issued", Shells(2), "累计发行嗨贝（含奖励池）", "Hi-Shell issued, reward pool included", |day, _, _| Some(day.issued);
    /// Hi-Shell burned.
    Burned = "hi_shell_burned", Shells(2), "累计销毁嗨贝", "Hi-Shell burned", |day, _, _| Some(day.burned);
    /// What is left in the reward pool.
    RewardPool = "reward_pool", Shells(2), "奖励池余额", "left in the reward pool", |day, _, _| Some(day.reward_pool);
    /// Waiting rewards.
    Waiting = "waiting_rewards", Shells(2), "待发奖励", "rewards waiting for the pool", |day, _, _| Some(day.waiting);
    /// Challenge owed to members.
    Challenge = "challenge_liability", Cny(2), "挑战金负债（冻结与可用）", "challenge owed, frozen and available", |day, _, _| Some(day.frozen + day.available);
    /// Payout over revenue.
    PayoutToRevenue = "payout_to_revenue", Part(4), "累计支出 ÷ 收入", "payout ÷ revenue since launch", |day, _, _| (day.revenue > 0.0).then(|| day.payout / day.revenue);
    /// Members who have got back what they paid.
    PaidBack = "paid_back", Part(4), "已收回付出的会员占比", "members who have got back what they paid", |_, _, back| back;
    /// What one Hi-Value has got by the airdrop.
    AirdropWorth = "airdrop_worth", Cny(4), "首日 1 嗨值累计所得空投", "airdrop on one Hi-Value held since the first day", |_, worth, _| Some(worth);
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Members.
    People,
    /// Hi-Value.
    HiValue,
    /// Hi-Shell.
    Shells,
    /// CNY, or challenge, which stands for as much.
    Cny,
    /// A part of a whole.
    Part,
}

impl Unit {
    /// The unit in words.
    #[must_use]
    pub fn words(self) -> Said {
        match self {
            Self::People => Said::new("人", "members"),
            Self::HiValue => Said::new("嗨值", "Hi-Value"),
            Self::Shells => Said::new("嗨贝", "Hi-Shell"),
            Self::Cny => Said::new("元", "CNY"),
            Self::Part => Said::new("比例", "part of 1"),
        }
    }
}

impl Metric {
    /// Its place in [`Metric::ALL`].
    #[must_use]
    pub(super) const fn index(self) -> usize {
        self as usize
    }

    /// A figure of it as a decimal, for machines.
    #[must_use]
    pub fn decimal(self, figure: f64) -> String {
        format!("{figure:.*}", self.decimals())
    }

    /// A figure of it for people: grouped, parts as percentages.
    #[must_use]
    pub fn shown(self, figure: f64) -> String {
        match self.unit() {
            Unit::Part => format!("{:.1} %", figure * 100.0),
            Unit::People | Unit::HiValue | Unit::Shells => grouped(&format!("{figure:.0}")),
            Unit::Cny => grouped(&self.decimal(figure)),
        }
    }
}
