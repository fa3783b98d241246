//! A member takes from listings.

use std::ops::ControlFlow;

use haigou_contract::{Amount, Asset, ErrorCode};
use haigou_ledger::MemberNo;
use haigou_rules::{Event, Fill, Price, worth};
use haigou_store::{Command, CommandError, StoreError, Tx};

use super::listing::{Listing, take_from};
use super::needs;
use crate::airdrop::trades;
use crate::amounts::positive;
use crate::web::{Refusal, refused};
use crate::world::{book_unnamed, known};

/// Takes Hi-Shell from listings for cash: the cheapest first, the older first at the same price, his own passed over.
/// What finds no listing is left. Answers how much he got.
///
/// Refused are `unknown_member`, `unknown_listing`, `switched_off`, `bad_amount` (also for a fill below 0.01),
/// `wrong_state` (the listing is sold out or taken back), `self_dealing`, `insufficient` and `unfilled`, the first that
/// applies.
#[derive(Debug, Clone)]
pub struct TakeListings {
    /// Who takes.
    pub member: MemberNo,
    /// How much.
    pub amount: String,
    /// Which.
    pub of: Offers,
}

/// Which listings are taken from.
#[derive(Debug, Clone)]
pub enum Offers {
    /// All.
    Any,
    /// Those that cost at most so much, in CNY per Hi-Shell.
    UpTo(String),
    /// The one of this name.
    One(String),
}

impl Command for TakeListings {
    type Answer = Amount;
    type Refusal = Refusal;
    const NAME: &'static str = "market.take";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Amount, CommandError<Refusal>> {
        let taker = self.member;
        known(tx, taker)?;
        let one = match &self.of {
            Offers::One(name) => Some(Listing::named(tx, name)?),
            Offers::Any | Offers::UpTo(_) => None,
        };
        needs(tx, now_ms, |market| market.listings)?;
        let amount = positive(Asset::HiShell, &self.amount)?;
        let fills = match one {
            Some(one) => from_one(&one, taker, amount)?,
            None => from_the_cheapest(tx, taker, amount, self.of.limit()?)?,
        };
        let mut cash = Vec::with_capacity(fills.len());
        for fill in &fills {
            match worth(fill.amount, fill.price) {
                Some(worth) if worth.is_positive() => cash.push(worth),
                _ => return refused(ErrorCode::BadAmount),
            }
        }
        if fills.is_empty() {
            return refused(ErrorCode::Unfilled);
        }
        let event = Event::Take {
            taker,
            fills: fills.clone(),
        };
        book_unnamed(tx, now_ms, "take", "k", &event)?;
        for fill in &fills {
            take_from(tx, fill.listing, fill.amount);
        }
        let (cash, shells) = (sum(cash)?, sum(fills.iter().map(|fill| fill.amount))?);
        trades::add(tx, now_ms, cash, shells);
        Ok(shells)
    }
}

impl Offers {
    /// The most that is paid per Hi-Shell, if there is a limit.
    fn limit(&self) -> Result<Option<Price>, CommandError<Refusal>> {
        match self {
            Self::UpTo(text) => match Price::parse(text) {
                Ok(limit) => Ok(Some(limit)),
                Err(_) => refused(Refusal::new(ErrorCode::BadAmount).at("price")),
            },
            Self::Any | Self::One(_) => Ok(None),
        }
    }
}

fn from_one(one: &Listing, taker: MemberNo, amount: Amount) -> Result<Vec<Fill>, CommandError<Refusal>> {
    if one.remaining.is_zero() {
        return refused(ErrorCode::WrongState);
    }
    if one.seller == taker {
        return refused(ErrorCode::SelfDealing);
    }
    Ok(vec![fill(one, amount)])
}

fn from_the_cheapest(
    tx: &mut Tx<'_>,
    taker: MemberNo,
    amount: Amount,
    limit: Option<Price>,
) -> Result<Vec<Fill>, StoreError> {
    let mut left = amount;
    let mut fills = Vec::new();
    Listing::open(tx, &mut |listing| {
        if left.is_zero() || limit.is_some_and(|limit| listing.price > limit) {
            return ControlFlow::Break(());
        }
        if listing.seller != taker {
            let fill = fill(&listing, left);
            left = left.checked_sub(fill.amount).unwrap_or_default();
            fills.push(fill);
        }
        ControlFlow::Continue(())
    })?;
    Ok(fills)
}

fn fill(listing: &Listing, wanted: Amount) -> Fill {
    Fill {
        listing: listing.id,
        seller: listing.seller,
        amount: wanted.min(listing.remaining),
        price: listing.price,
    }
}

fn sum(amounts: impl IntoIterator<Item = Amount>) -> Result<Amount, CommandError<Refusal>> {
    let sum = amounts
        .into_iter()
        .try_fold(Amount::ZERO, |sum, amount| sum.checked_add(amount));
    sum.map_or_else(|| refused(ErrorCode::BadAmount), Ok)
}
