//! What can happen in a scenario.

use haigou_contract::StepKind;
use haigou_rules::{JoinsBy, PartnerTier, ProductKind};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::malformed::{Malformed, Part};
use super::overrides::Json;
use super::values::{Figure, Object, OpeningAccount, Region};

macro_rules! events {
    ($($(#[doc = $doc:literal])+ $kind:ident = $tag:literal { $($(#[$meta:meta])* $field:ident: $type:ty,)* })+) => {
        /// What happens. Amounts are as they were written: whether they are amounts of something is for the rules to say.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(super) enum Event {
            $($(#[doc = $doc])+ $kind($kind),)+
        }

        /// What an event's `do` says.
        #[derive(Debug, Clone, Copy, Deserialize)]
        pub(super) enum Kind {
            $(#[serde(rename = $tag)] $kind,)+
        }

        $($(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub(super) struct $kind { $(pub(super) $field: $type,)* })+

        impl Event {
            /// Reads an event of this kind, every field of it.
            pub(super) fn read(kind: Kind, part: &Part<'_>) -> Result<Self, Malformed> {
                match kind {
                    $(Kind::$kind => {
                        #[derive(Deserialize)]
                        #[serde(deny_unknown_fields)]
                        struct Fields {
                            #[serde(rename = "at")]
                            _at: IgnoredAny,
                            #[serde(rename = "do")]
                            _do: IgnoredAny,
                            $($(#[$meta])* $field: $type,)*
                        }
                        let Object(Fields { $($field,)* .. }) = part.read()?;
                        Ok(Self::$kind($kind { $($field),* }))
                    })+
                }
            }
        }
    };
}

events! {
    /// Somebody registers.
    Register = "register" { member: String, sponsor: Option<String>, }
    /// A mall order is placed and paid.
    Buy = "buy" {
        member: String,
        product: Option<String>,
        kind: Option<ProductKind>,
        price: Option<Figure>,
        hi_value: Option<Figure>,
        challenge: Option<Figure>,
        #[serde(default = "one")]
        quantity: i64,
        #[serde(default)]
        pay: Object<Pay>,
        order: Option<String>,
        #[serde(default)]
        receive: bool,
    }
    /// An order is received.
    Receive = "receive" { order: String, }
    /// An order is cancelled before receipt.
    Cancel = "cancel" { order: String, }
    /// An order or a bill is refunded; without an amount, all that remains.
    Refund = "refund" { order: String, amount: Option<Figure>, }
    /// A merchant applies, or is approved.
    Merchant = "merchant" {
        merchant: String,
        owner: String,
        region: Region,
        rebate: Figure,
        #[serde(default)]
        approve: bool,
    }
    /// A bill at a store.
    Bill = "bill" {
        member: String,
        merchant: String,
        amount: Figure,
        order: Option<String>,
        #[serde(default)]
        pay: Object<PayAtStore>,
    }
    /// Steps are verified.
    Steps = "steps" { member: String, kind: StepKind, steps: i64, }
    /// Challenge becomes shopping credit.
    Convert = "convert" { member: String, amount: Figure, }
    /// Hi-Shell goes to another member.
    Transfer = "transfer" { member: String, to: String, amount: Figure, }
    /// Hi-Shell is sold to the platform.
    Sell = "sell" { member: String, amount: Figure, }
    /// Hi-Shell is listed.
    List = "list" { member: String, listing: String, amount: Figure, price: Figure, }
    /// Listings are taken from: up to a limit price, or one listing.
    Take = "take" { member: String, amount: Figure, price: Option<Figure>, listing: Option<String>, }
    /// What is left of a listing is taken back.
    Unlist = "unlist" { listing: String, }
    /// Cash from outside goes into the floor fund.
    Fund = "fund" { amount: Figure, }
    /// Hi-Shell goes from the platform's holding into the reward pool.
    Refill = "refill" { amount: Figure, }
    /// An opening balance.
    Give = "give" { member: String, account: OpeningAccount, amount: Figure, }
    /// An operation centre applies, or is approved.
    Centre = "centre" {
        centre: String,
        owner: String,
        region: Region,
        parent: Option<String>,
        #[serde(default = "by_pack")]
        by: JoinsBy,
        #[serde(default)]
        approve: bool,
    }
    /// A partner is appointed.
    Tier = "tier" { member: String, tier: PartnerTier, }
    /// A new version of the rulebook.
    Rulebook = "rulebook" { #[serde(rename = "override")] changes: Json, }
    /// Time passes.
    Pass = "pass" {}
}

/// What of an order is paid in shopping credit and in Hi-Shell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pay {
    pub(super) shopping: Option<Figure>,
    pub(super) hi_shell: Option<Figure>,
}

/// What of a bill is paid in Hi-Shell.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PayAtStore {
    pub(super) hi_shell: Option<Figure>,
}

/// What is bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted<'e> {
    /// A product of the catalogue.
    Named(&'e str),
    /// One that the scenario makes up.
    MadeUp(MadeUp<'e>),
}

/// A product that the scenario makes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MadeUp<'e> {
    pub(super) kind: ProductKind,
    pub(super) price: &'e Figure,
    pub(super) hi_value: Option<&'e Figure>,
    pub(super) challenge: Option<&'e Figure>,
}

impl Buy {
    /// What is bought; none if the fields don't say it, or say it twice.
    pub(super) fn wanted(&self) -> Option<Wanted<'_>> {
        match (
            &self.product,
            self.kind,
            &self.price,
            &self.hi_value,
            &self.challenge,
        ) {
            (Some(name), None, None, None, None) => Some(Wanted::Named(name)),
            (None, Some(kind), Some(price), hi_value, challenge) => Some(Wanted::MadeUp(MadeUp {
                kind,
                price,
                hi_value: hi_value.as_ref(),
                challenge: challenge.as_ref(),
            })),
            _ => None,
        }
    }
}

impl Event {
    /// What no single field can say by itself: the field that is wrong, and why.
    pub(super) fn flaw(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Buy(buy) if buy.wanted().is_none() => Some((
                "product",
                "write either product, or kind and price (hi_value and challenge if granted)",
            )),
            Self::Take(take) if take.price.is_some() && take.listing.is_some() => {
                Some(("listing", "write at most one of price and listing"))
            }
            _ => None,
        }
    }
}

const fn one() -> i64 {
    1
}

const fn by_pack() -> JoinsBy {
    JoinsBy::Pack
}
