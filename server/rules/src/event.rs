//! What happens, as the rules take it.
//!
//! A journal carries the event that it books, so that whoever has the journal can work every posting out anew: with the
//! rulebook version and the price of that moment, and the [`World`](crate::World) that the events before have made.

pub use haigou_contract::PartnerTier;
use haigou_contract::{Amount, Day};
use haigou_ledger::{MemberNo, Slot};
use serde::{Deserialize, Serialize};

use crate::compact;
use crate::figures::{Price, Share};
use crate::rulebook::JoinsBy;
use crate::steps::{DayTotals, MilestoneKey};

/// The number of an operation centre, from 1.
pub type CentreNo = i64;
/// The number of a listing, from 1.
pub type ListingNo = i64;
/// A county's, city's or province's adcode (GB/T 2260), six digits.
pub type Adcode = u32;

/// The kind of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProductKind {
    /// Goods.
    Goods,
    /// A service card.
    ServiceCard,
    /// A pack that makes its buyer active and VIP.
    StarterPack,
    /// A pack that an operation centre is applied for with.
    CentrePack,
}

/// What happens. Journals hold it encoded: variants are only ever added, at the end, and no variant's fields change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody registers.
    Registration {
        /// The new member, numbered on from the one before.
        member: MemberNo,
        /// Who referred him, if somebody did.
        sponsor: Option<MemberNo>,
    },
    /// A mall order is paid; what is paid from outside stands in no journal.
    Payment(Payment),
    /// A mall order is received.
    Receipt(Receipt),
    /// A bill at a store is confirmed by both sides.
    Bill(Bill),
    /// An order or a bill is refunded, in part or whole.
    Refund(Refund),
    /// A merchant is approved.
    MerchantApproved {
        /// Whose it is.
        owner: MemberNo,
        /// Whether it is the owner's first.
        first: bool,
    },
    /// An operation centre is approved.
    CentreApproved(CentreApproved),
    /// The operator appoints a partner.
    Appointment {
        /// Whom.
        member: MemberNo,
        /// To what.
        tier: PartnerTier,
    },
    /// A day's verified steps have grown.
    Steps(StepsUpdate),
    /// Challenge becomes shopping credit.
    Conversion {
        /// Whose.
        member: MemberNo,
        /// How much challenge.
        #[serde(with = "compact")]
        amount: Amount,
    },
    /// Hi-Shell goes to another member.
    Transfer {
        /// From whom.
        from: MemberNo,
        /// To whom.
        to: MemberNo,
        /// How much Hi-Shell.
        #[serde(with = "compact")]
        amount: Amount,
    },
    /// Hi-Shell is sold to the platform at the day's price.
    Sale {
        /// By whom.
        member: MemberNo,
        /// How much Hi-Shell.
        #[serde(with = "compact")]
        amount: Amount,
    },
    /// Hi-Shell is listed.
    Listing {
        /// The listing.
        listing: ListingNo,
        /// By whom.
        member: MemberNo,
        /// How much Hi-Shell.
        #[serde(with = "compact")]
        amount: Amount,
        /// CNY per Hi-Shell.
        #[serde(with = "compact")]
        price: Price,
    },
    /// Listings are taken from.
    Take {
        /// By whom.
        taker: MemberNo,
        /// In the order in which they are filled.
        fills: Vec<Fill>,
    },
    /// What is left of a listing is taken back.
    Unlisting {
        /// The listing.
        listing: ListingNo,
        /// Whose.
        member: MemberNo,
        /// How much Hi-Shell is left.
        #[serde(with = "compact")]
        amount: Amount,
    },
    /// Cash from outside goes into the floor fund.
    Funding {
        /// How much.
        #[serde(with = "compact")]
        amount: Amount,
    },
    /// Hi-Shell goes from the platform's holding into the reward pool.
    Refill {
        /// How much.
        #[serde(with = "compact")]
        amount: Amount,
    },
    /// An opening balance. The slot is free to use, neither held nor owed.
    Opening {
        /// Whose.
        member: MemberNo,
        /// Of what.
        #[serde(with = "compact")]
        slot: Slot,
        /// How much.
        #[serde(with = "compact")]
        amount: Amount,
    },
    /// A day's price is set, after the day before was closed.
    Priced {
        /// The day.
        #[serde(with = "compact")]
        day: Day,
        /// CNY per Hi-Shell on it.
        #[serde(with = "compact")]
        price: Price,
    },
    /// A new rulebook version is in force: everybody's tier is checked.
    RulebookInForce {
        /// The version.
        version: u32,
    },
    /// An order can't be refunded any more: what was deducted in Hi-Shell becomes the platform's.
    Closing {
        /// What stands in escrow for it.
        #[serde(with = "compact")]
        escrow: Amount,
    },
}

/// The payment of a mall order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// Who buys.
    pub buyer: MemberNo,
    /// What is paid in shopping credit.
    #[serde(with = "compact")]
    pub shopping: Amount,
    /// What is paid in Hi-Shell, in Hi-Shell.
    #[serde(with = "compact")]
    pub hi_shell: Amount,
}

/// A line of a mall order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The product's kind.
    pub kind: ProductKind,
    /// CNY a piece, after discounts, without freight.
    #[serde(with = "compact")]
    pub price: Amount,
    /// Pieces.
    pub quantity: u32,
    /// Hi-Value granted a piece.
    #[serde(with = "compact")]
    pub hi_value: Amount,
    /// Challenge granted a piece.
    #[serde(with = "compact")]
    pub challenge: Amount,
}

/// A mall order is received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Who bought.
    pub buyer: MemberNo,
    /// What.
    pub lines: Vec<OrderLine>,
    /// The CNY that was paid in Hi-Shell, at the price of the day of payment.
    #[serde(with = "compact")]
    pub hi_shell_value: Amount,
}

/// A bill at a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// Who paid.
    pub buyer: MemberNo,
    /// The merchant's owner.
    pub merchant: MemberNo,
    /// Where the merchant is.
    pub region: Adcode,
    /// The bill, in CNY.
    #[serde(with = "compact")]
    pub amount: Amount,
    /// The merchant's rebate rate.
    #[serde(with = "compact")]
    pub rebate: Share,
    /// What the buyer deducts in Hi-Shell, in Hi-Shell.
    #[serde(with = "compact")]
    pub hi_shell: Amount,
}

/// A refund, from one part of the goods total to a larger one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The journal of the order's payment, where money goes back from; none for a bill.
    pub payment: Option<i64>,
    /// The journal of the receipt or bill that is reversed; none before receipt.
    pub journal: Option<i64>,
    /// The goods total, before Hi-Shell, without freight.
    #[serde(with = "compact")]
    pub total: Amount,
    /// Refunded before.
    #[serde(with = "compact")]
    pub before: Amount,
    /// Refunded afterwards.
    #[serde(with = "compact")]
    pub after: Amount,
}

/// An operation centre is approved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CentreApproved {
    /// The centre.
    pub centre: CentreNo,
    /// Whose it is.
    pub owner: MemberNo,
    /// Its region.
    pub region: Adcode,
    /// The centre it was named under.
    pub parent: Option<CentreNo>,
    /// How it joined.
    pub by: JoinsBy,
    /// What the pack cost, if it joined by one.
    #[serde(with = "compact")]
    pub pack_paid: Option<Amount>,
}

/// A day's verified steps have grown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepsUpdate {
    /// Whose.
    pub member: MemberNo,
    /// The day walked.
    #[serde(with = "compact")]
    pub day: Day,
    /// The day's steps now.
    pub totals: DayTotals,
    /// The milestones of the day that were reached before.
    pub reached: Vec<MilestoneKey>,
}

/// What a taker gets of one listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fill {
    /// The listing.
    pub listing: ListingNo,
    /// Who listed.
    pub seller: MemberNo,
    /// How much Hi-Shell.
    #[serde(with = "compact")]
    pub amount: Amount,
    /// CNY per Hi-Shell.
    #[serde(with = "compact")]
    pub price: Price,
}

impl Event {
    /// As it stands in a journal.
    ///
    /// # Errors
    /// None in practice: every event can be encoded.
    pub fn encode(&self) -> Result<Vec<u8>, EventError> {
        postcard::to_allocvec(self).map_err(|_| EventError)
    }

    /// From a journal.
    ///
    /// # Errors
    /// [`EventError`] if the bytes aren't exactly one event.
    pub fn decode(bytes: &[u8]) -> Result<Self, EventError> {
        match postcard::take_from_bytes(bytes) {
            Ok((event, [])) => Ok(event),
            _ => Err(EventError),
        }
    }
}

/// Bytes that aren't an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event can't be read from the journal's bytes")]
pub struct EventError;
