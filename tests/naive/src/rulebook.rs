//! A rulebook, as far as its rules are played out here.

use serde::Deserialize;
use serde_json::Value;

use crate::figures::{Exact, figure, figures};

const CLASSIC: &str = include_str!("../../../server/rules/presets/classic.json");
const SPORT: &str = include_str!("../../../server/rules/presets/sport.json");

/// Every rule of one version.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Rulebook {
    #[serde(deserialize_with = "figure")]
    pub(crate) shell_price: Exact,
    pub(crate) active_from: ActiveFrom,
    pub(crate) referral_right: ReferralRight,
    pub(crate) register: Register,
    pub(crate) mall: Mall,
    pub(crate) offline: Offline,
    pub(crate) partners: Partners,
    pub(crate) centre: Centre,
    pub(crate) airdrop: Airdrop,
    pub(crate) challenge: Challenge,
    pub(crate) market: Market,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ActiveFrom {
    StarterPack,
    Registration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReferralRight {
    Vip,
    Everyone,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Register {
    pub(crate) member: Grants,
    pub(crate) direct: Grants,
}

/// A figure per asset; what a rule does not speak of is 0.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Grants {
    #[serde(deserialize_with = "figure", default)]
    pub(crate) hi_value: Exact,
    #[serde(deserialize_with = "figure", default)]
    pub(crate) hi_shell: Exact,
    #[serde(deserialize_with = "figure", default)]
    pub(crate) challenge: Exact,
    #[serde(deserialize_with = "figure", default)]
    pub(crate) unfreeze: Exact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HiValueBase {
    Amount,
    Granted,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Mall {
    pub(crate) hi_value_base: HiValueBase,
    pub(crate) direct: Grants,
    pub(crate) indirect: Grants,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Offset {
    Required,
    Optional,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BillRewards {
    Rebate,
    Mall,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Bounds {
    #[serde(deserialize_with = "figure")]
    pub(crate) min: Exact,
    #[serde(deserialize_with = "figure")]
    pub(crate) max: Exact,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Offline {
    pub(crate) rebate: Bounds,
    #[serde(deserialize_with = "figure")]
    pub(crate) member_multiple: Exact,
    #[serde(deserialize_with = "figure")]
    pub(crate) merchant_multiple: Exact,
    pub(crate) offset: Offset,
    pub(crate) rewards: BillRewards,
    pub(crate) direct: Grants,
    pub(crate) merchant_direct: Grants,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PartnerMode {
    Each,
    Difference,
    Nearest,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Partners {
    pub(crate) mode: PartnerMode,
    pub(crate) max_depth: Option<usize>,
    pub(crate) junior: TierRules,
    pub(crate) middle: TierRules,
    pub(crate) senior: TierRules,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct TierRules {
    pub(crate) when: When,
    #[serde(flatten)]
    pub(crate) rates: TierRates,
}

/// What a tier must have; what it does not name always holds.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(crate) struct When {
    pub(crate) direct: Option<usize>,
    pub(crate) team: Option<usize>,
    pub(crate) juniors_in_team: Option<usize>,
    pub(crate) direct_juniors: Option<usize>,
    pub(crate) middles_in_team: Option<usize>,
    pub(crate) direct_middles: Option<usize>,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct TierRates {
    #[serde(deserialize_with = "figure")]
    pub(crate) hi_value: Exact,
    #[serde(deserialize_with = "figure")]
    pub(crate) hi_shell: Exact,
    #[serde(deserialize_with = "figure")]
    pub(crate) merchant_hi_shell: Exact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    Region,
    Team,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CentreBase {
    Rebate,
    Turnover,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Centre {
    pub(crate) joins_by: Vec<crate::scenario::JoinsBy>,
    #[serde(deserialize_with = "figure")]
    pub(crate) pack_hi_value: Exact,
    pub(crate) scope: Scope,
    pub(crate) base: CentreBase,
    #[serde(deserialize_with = "figure")]
    pub(crate) rate: Exact,
    #[serde(deserialize_with = "figure")]
    pub(crate) parent_rate: Exact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Schedule {
    Halving,
    Yearly,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Airdrop {
    pub(crate) schedule: Schedule,
    #[serde(deserialize_with = "figure", default)]
    pub(crate) first_day: Exact,
    #[serde(deserialize_with = "figures", default)]
    pub(crate) totals: Vec<Exact>,
    #[serde(deserialize_with = "figure")]
    pub(crate) reward_pool: Exact,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Rung {
    pub(crate) steps: i64,
    #[serde(deserialize_with = "figure")]
    pub(crate) rate: Exact,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Task {
    pub(crate) kind: crate::scenario::StepKind,
    pub(crate) steps: i64,
    #[serde(deserialize_with = "figure")]
    pub(crate) unfreeze: Exact,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct ToShopping {
    pub(crate) enabled: bool,
    #[serde(deserialize_with = "figure")]
    pub(crate) fee: Exact,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Challenge {
    pub(crate) ladder: Vec<Rung>,
    pub(crate) tasks: Vec<Task>,
    #[serde(deserialize_with = "figure")]
    pub(crate) merchant_approved: Exact,
    pub(crate) to_shopping: ToShopping,
}

#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Market {
    pub(crate) transfer: bool,
    pub(crate) deduct_mall: bool,
    pub(crate) deduct_store: bool,
    pub(crate) sell_to_platform: bool,
    pub(crate) listings: bool,
    #[serde(deserialize_with = "figure")]
    pub(crate) fee: Exact,
}

/// The preset of this name, with what overrides it.
pub(crate) fn preset(name: &str, changes: &Value) -> Value {
    let text = match name {
        "classic" => CLASSIC,
        "sport" => SPORT,
        other => panic!("there is no preset `{other}`"),
    };
    let mut rulebook = serde_json::from_str(text).expect("presets are JSON");
    merge(&mut rulebook, changes);
    rulebook
}

/// Objects merge key by key, lists and values replace.
pub(crate) fn merge(base: &mut Value, changes: &Value) {
    match (base, changes) {
        (Value::Object(base), Value::Object(changes)) => {
            for (key, change) in changes {
                merge(base.entry(key.clone()).or_insert(Value::Null), change);
            }
        }
        (base, change) => *base = change.clone(),
    }
}

/// A rulebook from its JSON.
pub(crate) fn typed(rulebook: &Value) -> Rulebook {
    Rulebook::deserialize(rulebook).expect("a rulebook of a scenario is well-formed")
}
