//! An event of a scenario as the command that everybody uses for it.

use haigou_contract::{Amount, Asset, ErrorCode, Language};
use haigou_rules::{OrderLine, Rulebook};
use haigou_store::{Command, CommandError, StoreError, Tx};

use super::cast::Cast;
use super::event::{self, Buy, Event, MadeUp, Wanted};
use super::values::Figure;
use crate::airdrop::StartRulebook;
use crate::centres::{ApplyForCentre, ApproveCentre, Centre};
use crate::mall::{CancelOrder, PlaceOrder, ReceiveOrder, Refund, product};
use crate::market::{ListShells, Offers, SellShells, TakeListings, TransferShells, Unlist};
use crate::members::{PhoneNumber, Register};
use crate::partners::AppointPartner;
use crate::sport::VerifySteps;
use crate::stores::{ApplyForMerchant, ApproveMerchant, Merchant, PayBill};
use crate::treasury::{FundFloor, GiveOpening, RefillPool};
use crate::wallet::Convert;
use crate::web::{Refusal, refused};

type Happened = Result<(), CommandError<Refusal>>;

/// Does what an event says. A refused one is to be undone as a whole.
pub(super) fn happen(
    tx: &mut Tx<'_>,
    now_ms: i64,
    event: &Event,
    cast: &mut Cast,
    rulebook: &mut Rulebook,
) -> Happened {
    let mut run = Run { tx, now_ms };
    match event {
        Event::Register(register) => run.register(register, cast),
        Event::Buy(buy) => run.buy(buy, cast),
        Event::Merchant(merchant) => run.merchant(merchant, cast),
        Event::Centre(centre) => run.centre(centre, cast),
        Event::Receive(event::Receive { order }) => run.it(ReceiveOrder { order: order.clone() }),
        Event::Cancel(event::Cancel { order }) => run.it(CancelOrder { order: order.clone() }),
        Event::Refund(event::Refund { order, amount }) => run.it(Refund {
            order: order.clone(),
            amount: amount.as_ref().map(Figure::to_string),
        }),
        Event::Bill(bill) => run.it(PayBill {
            buyer: cast.member(&bill.member)?,
            merchant: bill.merchant.clone(),
            amount: bill.amount.to_string(),
            order: bill.order.clone(),
            hi_shell: bill.pay.0.hi_shell.as_ref().map(Figure::to_string),
        }),
        Event::Steps(event::Steps { member, kind, steps }) => run.it(VerifySteps {
            member: cast.member(member)?,
            kind: *kind,
            steps: *steps,
        }),
        Event::Convert(event::Convert { member, amount }) => run.it(Convert {
            member: cast.member(member)?,
            amount: amount.to_string(),
        }),
        Event::Transfer(event::Transfer { member, to, amount }) => run.it(TransferShells {
            from: cast.member(member)?,
            to: cast.member(to)?,
            amount: amount.to_string(),
        }),
        Event::Sell(event::Sell { member, amount }) => run.it(SellShells {
            member: cast.member(member)?,
            amount: amount.to_string(),
        }),
        Event::List(list) => run.it(ListShells {
            listing: Some(list.listing.clone()),
            member: cast.member(&list.member)?,
            amount: list.amount.to_string(),
            price: list.price.to_string(),
        }),
        Event::Take(take) => run.it(TakeListings {
            member: cast.member(&take.member)?,
            amount: take.amount.to_string(),
            of: match (&take.listing, &take.price) {
                (Some(listing), _) => Offers::One(listing.clone()),
                (None, Some(price)) => Offers::UpTo(price.to_string()),
                (None, None) => Offers::Any,
            },
        }),
        Event::Unlist(event::Unlist { listing }) => run.it(Unlist {
            listing: listing.clone(),
        }),
        Event::Fund(event::Fund { amount }) => run.it(FundFloor {
            amount: amount.to_string(),
        }),
        Event::Refill(event::Refill { amount }) => run.it(RefillPool {
            amount: amount.to_string(),
        }),
        Event::Give(event::Give {
            member,
            account,
            amount,
        }) => run.it(GiveOpening {
            member: cast.member(member)?,
            slot: account.0,
            amount: amount.to_string(),
        }),
        Event::Tier(event::Tier { member, tier }) => run.it(AppointPartner {
            member: cast.member(member)?,
            tier: *tier,
        }),
        Event::Rulebook(event::Rulebook { changes }) => {
            let next = changes
                .applied_to(rulebook)
                .map_err(|error| StoreError::Bug(error.to_string()))?;
            run.it(StartRulebook {
                rulebook: next.clone(),
            })?;
            *rulebook = next;
            Ok(())
        }
        Event::Pass(event::Pass {}) => Ok(()),
    }
}

/// Runs commands at one moment.
struct Run<'r, 't> {
    tx: &'r mut Tx<'t>,
    now_ms: i64,
}

impl Run<'_, '_> {
    fn it<C: Command<Refusal = Refusal>>(&mut self, command: C) -> Happened {
        command.run(self.tx, self.now_ms)?;
        Ok(())
    }

    fn register(&mut self, event: &event::Register, cast: &mut Cast) -> Happened {
        let sponsor = match &event.sponsor {
            Some(sponsor) => Some(cast.find(sponsor, ErrorCode::UnknownSponsor)?),
            None => None,
        };
        if cast.member(&event.member).is_ok() {
            return refused(ErrorCode::Duplicate);
        }
        let register = Register {
            phone: made_up_number(cast.all().len())?,
            sponsor,
            language: Language::default(),
        };
        let member = register.run(self.tx, self.now_ms)?;
        cast.enter(&event.member, member);
        Ok(())
    }

    fn buy(&mut self, buy: &Buy, cast: &Cast) -> Happened {
        let buyer = cast.member(&buy.member)?;
        let piece = match buy.wanted() {
            Some(Wanted::Named(name)) => match product(self.tx, name)? {
                Some(piece) => piece,
                None => return refused(ErrorCode::UnknownProduct),
            },
            Some(Wanted::MadeUp(made_up)) => made_up_piece(&made_up),
            None => return Err(StoreError::Bug("nothing is bought".to_owned()).into()),
        };
        // A quantity that can't be is none, which the command refuses in its turn.
        let quantity = u32::try_from(buy.quantity).unwrap_or(0);
        self.it(PlaceOrder {
            order: buy.order.clone(),
            buyer,
            lines: vec![OrderLine { quantity, ..piece }],
            shopping: buy.pay.0.shopping.as_ref().map(Figure::to_string),
            hi_shell: buy.pay.0.hi_shell.as_ref().map(Figure::to_string),
            receive: buy.receive,
        })
    }

    fn merchant(&mut self, event: &event::Merchant, cast: &Cast) -> Happened {
        if event.approve && Merchant::by_name(self.tx, &event.merchant)?.is_some() {
            return self.it(ApproveMerchant {
                merchant: event.merchant.clone(),
            });
        }
        self.it(ApplyForMerchant {
            name: event.merchant.clone(),
            owner: cast.member(&event.owner)?,
            region: event.region.0,
            rebate: event.rebate.to_string(),
            approve: event.approve,
        })
    }

    fn centre(&mut self, event: &event::Centre, cast: &Cast) -> Happened {
        if event.approve && Centre::by_name(self.tx, &event.centre)?.is_some() {
            return self.it(ApproveCentre {
                centre: event.centre.clone(),
            });
        }
        self.it(ApplyForCentre {
            name: event.centre.clone(),
            owner: cast.member(&event.owner)?,
            region: event.region.0,
            parent: event.parent.clone(),
            by: event.by,
            approve: event.approve,
        })
    }
}

/// A piece of a product that the scenario makes up. An amount that can't be is below zero, which the command refuses in
/// its turn.
fn made_up_piece(made_up: &MadeUp<'_>) -> OrderLine {
    let amount = |asset: Asset, figure: &Figure| asset.parse(figure.text()).unwrap_or(Amount::from_units(-1));
    let grant = |asset, figure: Option<&Figure>| figure.map_or(Amount::ZERO, |figure| amount(asset, figure));
    OrderLine {
        kind: made_up.kind,
        price: amount(Asset::Cash, made_up.price),
        quantity: 1,
        hi_value: grant(Asset::HiValue, made_up.hi_value),
        challenge: grant(Asset::Challenge, made_up.challenge),
    }
}

/// A phone number that nobody has: 999 is no country's.
fn made_up_number(index: usize) -> Result<PhoneNumber, StoreError> {
    PhoneNumber::parse(&format!("+999{index:010}"))
        .ok_or_else(|| StoreError::Bug(format!("there is no phone number for member {index}")))
}
