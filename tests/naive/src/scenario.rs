//! A scenario as it is written down.

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A rulebook, events in order, and what must hold at the end.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its idea.
    pub name: String,
    /// A preset.
    pub rulebook: String,
    /// What overrides the preset.
    #[serde(default = "nothing", rename = "override")]
    pub changes: Value,
    /// The first drop day; else the day of the first event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launch: Option<NaiveDate>,
    /// What happens.
    pub events: Vec<Event>,
    /// What must hold, in the shape of the state.
    #[serde(default = "nothing")]
    pub expect: Value,
}

fn nothing() -> Value {
    Value::Object(serde_json::Map::new())
}

/// Something that happens at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: DateTime<FixedOffset>,
    /// What.
    #[serde(flatten)]
    pub act: Act,
}

impl Scenario {
    /// The scenario as a file has it: what is left out is not there.
    #[must_use]
    pub fn written(&self) -> Value {
        let mut written = serde_json::to_value(self).expect("a scenario is JSON");
        for event in written["events"].as_array_mut().into_iter().flatten() {
            let fields = event.as_object_mut().expect("an event has fields");
            fields.retain(|_, value| !value.is_null());
        }
        written
    }
}

impl Event {
    /// The day in Shanghai on which it happens.
    #[must_use]
    pub fn day(&self) -> NaiveDate {
        (self.at.naive_utc() + TimeDelta::hours(8)).date()
    }
}

/// A kind of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "their names say it")]
pub enum StepKind {
    Walk,
    Run,
    Passive,
}

/// A partner's tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "their names say it")]
pub enum Tier {
    Junior,
    Middle,
    Senior,
}

/// How a centre joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "their names say it")]
pub enum JoinsBy {
    #[default]
    Pack,
    Senior,
    Application,
}

/// A kind of product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "their names say it")]
pub enum ProductKind {
    Goods,
    ServiceCard,
    StarterPack,
    CentrePack,
}

/// What is not paid from outside.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "their names say it")]
pub struct Pay {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shopping: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hi_shell: Option<String>,
}

/// What members and the operator do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "lowercase")]
#[expect(missing_docs, reason = "the table of scenarios names each")]
pub enum Act {
    Register {
        member: String,
        sponsor: Option<String>,
    },
    Buy {
        member: String,
        product: Option<String>,
        kind: Option<ProductKind>,
        price: Option<String>,
        hi_value: Option<String>,
        challenge: Option<String>,
        quantity: Option<i64>,
        pay: Option<Pay>,
        order: Option<String>,
        #[serde(default)]
        receive: bool,
    },
    Receive {
        order: String,
    },
    Cancel {
        order: String,
    },
    Refund {
        order: String,
        amount: Option<String>,
    },
    Merchant {
        merchant: String,
        owner: String,
        region: String,
        rebate: String,
        #[serde(default)]
        approve: bool,
    },
    Bill {
        member: String,
        merchant: String,
        amount: String,
        order: Option<String>,
        pay: Option<Pay>,
    },
    Steps {
        member: String,
        kind: StepKind,
        steps: i64,
    },
    Convert {
        member: String,
        amount: String,
    },
    Transfer {
        member: String,
        to: String,
        amount: String,
    },
    Sell {
        member: String,
        amount: String,
    },
    List {
        member: String,
        listing: String,
        amount: String,
        price: String,
    },
    Take {
        member: String,
        amount: String,
        price: Option<String>,
        listing: Option<String>,
    },
    Unlist {
        listing: String,
    },
    Fund {
        amount: String,
    },
    Refill {
        amount: String,
    },
    Give {
        member: String,
        account: String,
        amount: String,
    },
    Centre {
        centre: String,
        owner: String,
        region: String,
        parent: Option<String>,
        #[serde(default)]
        by: JoinsBy,
        #[serde(default)]
        approve: bool,
    },
    Tier {
        member: String,
        tier: Tier,
    },
    Rulebook {
        #[serde(rename = "override")]
        changes: Value,
    },
    Pass,
}

/// Why an event is refused. In the order in which they count where several apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "their names say it")]
pub enum Code {
    UnknownMember,
    UnknownSponsor,
    UnknownProduct,
    UnknownOrder,
    UnknownMerchant,
    UnknownCentre,
    UnknownListing,
    Duplicate,
    SwitchedOff,
    BadAmount,
    WrongState,
    NotApproved,
    NotEligible,
    RegionTaken,
    TierKept,
    SelfDealing,
    CapExceeded,
    Insufficient,
    OverRefund,
    Unfilled,
}
