//! Orders of the mall, and refunds of orders and bills.

use std::ops::Range;

use crate::books::{Account, Asset, Bucket};
use crate::figures::{Exact, Units, exact, floor, parse, positive, whole};
use crate::people::MemberId;
use crate::rulebook::{ActiveFrom, HiValueBase};
use crate::scenario::{Act, Code, ProductKind};
use crate::world::{Done, World, amount, refuse_if};

/// What is sold.
#[derive(Debug, Clone)]
pub(crate) struct Product {
    pub(crate) kind: ProductKind,
    price: Units,
    hi_value: Exact,
    challenge: Exact,
}

/// An order of the mall, or a bill: both are refunded alike.
#[derive(Debug, Clone)]
pub(crate) struct Order {
    name: Option<String>,
    pub(crate) buyer: MemberId,
    /// Nothing is a bill.
    pub(crate) product: Option<(Product, i64)>,
    /// Cash, before anything is deducted.
    pub(crate) total: Units,
    shopping: Units,
    shells: Units,
    shells_worth: Units,
    pub(crate) received: bool,
    pub(crate) refunded: Units,
    /// What of `shopping` and `shells` went back.
    returned: (Units, Units),
    postings: Range<usize>,
}

impl Order {
    pub(crate) fn bill(name: Option<&str>, buyer: MemberId, total: Units, postings: Range<usize>) -> Self {
        Self {
            name: name.map(str::to_owned),
            buyer,
            product: None,
            total,
            shopping: 0,
            shells: 0,
            shells_worth: 0,
            received: true,
            refunded: 0,
            returned: (0, 0),
            postings,
        }
    }

    /// The part of a figure that all refunds so far come to: one floor.
    fn refunded_of(&self, units: Units) -> Units {
        floor(&(whole(units) * whole(self.refunded) / whole(self.total)), 0)
    }
}

impl World {
    pub(crate) fn order(&self, name: &str) -> Result<usize, Code> {
        self.orders
            .iter()
            .position(|order| order.name.as_deref() == Some(name))
            .ok_or(Code::UnknownOrder)
    }

    /// An order's name must be new.
    pub(crate) fn new_order_name(&self, name: Option<&str>) -> Done {
        refuse_if(name.is_some_and(|name| self.order(name).is_ok()), Code::Duplicate)
    }

    /// All shells that orders were paid with and that did not go back.
    pub(crate) fn deducted(&self) -> Units {
        self.orders
            .iter()
            .map(|order| order.shells - order.returned.1)
            .sum()
    }

    pub(crate) fn buy(&mut self, act: &Act) -> Result<usize, Code> {
        let Act::Buy {
            member,
            product,
            kind,
            price,
            hi_value,
            challenge,
            quantity,
            pay,
            order,
            ..
        } = act
        else {
            panic!("{act:?} buys nothing");
        };
        let buyer = self.member(member)?;
        let listed = product
            .as_deref()
            .map(|name| catalogue(name).ok_or(Code::UnknownProduct))
            .transpose()?;
        self.new_order_name(order.as_deref())?;
        let pay = pay.clone().unwrap_or_default();
        refuse_if(
            pay.hi_shell.is_some() && !self.rules.market.deduct_mall,
            Code::SwitchedOff,
        )?;
        let product = match listed {
            Some(product) => product,
            None => Product {
                kind: kind.expect("a product has a name or a kind"),
                price: amount(price.as_deref().expect("a kind has a price"), Asset::Cash)?,
                hi_value: grant(hi_value.as_deref())?,
                challenge: grant(challenge.as_deref())?,
            },
        };
        let quantity = quantity.unwrap_or(1);
        refuse_if(quantity <= 0, Code::BadAmount)?;
        let total = product.price * Units::from(quantity);
        let paid = |text: Option<&str>, asset| text.map_or(Ok(0), |text| amount(text, asset));
        let shopping = paid(pay.shopping.as_deref(), Asset::Shopping)?;
        let shells = paid(pay.hi_shell.as_deref(), Asset::HiShell)?;
        let shells_worth = self.worth(shells);
        refuse_if(shopping + shells_worth > total, Code::BadAmount)?;
        self.has(buyer, Asset::Shopping, shopping)?;
        self.has(buyer, Asset::HiShell, shells)?;
        let purse = |asset| Account::Member(buyer, asset, Bucket::Available);
        self.books.move_units(
            purse(Asset::Shopping),
            Account::Issuance(Asset::Shopping),
            shopping,
        );
        self.books
            .move_units(purse(Asset::HiShell), Account::Escrow, shells);
        let bill = Order::bill(order.as_deref(), buyer, total, 0..0);
        let product = Some((product, quantity));
        self.orders.push(Order {
            product,
            shopping,
            shells,
            shells_worth,
            received: false,
            ..bill
        });
        Ok(self.orders.len() - 1)
    }

    pub(crate) fn receive(&mut self, index: usize) -> Done {
        let order = self.orders[index].clone();
        refuse_if(order.received || order.refunded == order.total, Code::WrongState)?;
        let (product, quantity) = order.product.expect("a bill is received from the start");
        let (buyer, first) = (order.buyer, self.books.postings.len());
        let pack = matches!(product.kind, ProductKind::StarterPack | ProductKind::CentrePack);
        let counts = matches!(product.kind, ProductKind::Goods | ProductKind::ServiceCard);
        if pack && self.rules.active_from == ActiveFrom::StarterPack {
            self.activate(buyer);
        }
        let granted = &product.hi_value * whole(quantity.into());
        if product.kind == ProductKind::CentrePack {
            self.packs.push(index);
        } else {
            self.grant_hi_value(buyer, &granted);
            self.grant_challenge(buyer, &(&product.challenge * whole(quantity.into())));
        }
        let spent = exact(order.total - order.shells_worth, Asset::Cash.decimals());
        if counts && spent > Exact::default() {
            let base = match self.rules.mall.hi_value_base {
                HiValueBase::Amount => spent.clone(),
                HiValueBase::Granted => granted,
            };
            self.reward_purchase(buyer, &base, &spent);
        }
        self.orders[index].postings = first..self.books.postings.len();
        self.orders[index].received = true;
        self.reverse_postings(index);
        self.check_tiers_from(buyer);
        Ok(())
    }

    /// What a purchase of `spent` brings sponsors and partners; hi_value of `base`.
    pub(crate) fn reward_purchase(&mut self, buyer: MemberId, base: &Exact, spent: &Exact) {
        let price = self.price.clone();
        for (level, rates) in [
            (1, self.rules.mall.direct.clone()),
            (2, self.rules.mall.indirect.clone()),
        ] {
            if let Some(sponsor) = self.sponsor_with_right(buyer, level) {
                self.grant_hi_value(sponsor, &(&rates.hi_value * base));
                self.reward(sponsor, &(&rates.hi_shell * spent / &price));
                self.grant_challenge(sponsor, &(&rates.challenge * spent));
            }
        }
        for (partner, rates) in self.partners_up(buyer) {
            self.grant_hi_value(partner, &(&rates.hi_value * base));
            self.reward(partner, &(&rates.hi_shell * spent / &price));
        }
    }

    pub(crate) fn cancel(&mut self, index: usize) -> Done {
        refuse_if(self.orders[index].received, Code::WrongState)?;
        self.refund(index, None)
    }

    pub(crate) fn refund(&mut self, index: usize, text: Option<&str>) -> Done {
        let left = self.orders[index].total - self.orders[index].refunded;
        let units = text.map_or(Ok(left), |text| amount(text, Asset::Cash))?;
        refuse_if(left == 0, Code::WrongState)?;
        refuse_if(units > left, Code::OverRefund)?;
        self.orders[index].refunded += units;
        self.reverse_postings(index);
        self.pay_back(index);
        Ok(())
    }

    /// Before the receipt there are none; then they stand reversed as far as the order is refunded.
    fn reverse_postings(&mut self, index: usize) {
        let order = self.orders[index].clone();
        for posting in order.postings.clone() {
            let total = order.refunded_of(self.books.postings[posting].units);
            self.books.reverse(posting, total);
        }
    }

    /// Money goes back by component.
    fn pay_back(&mut self, index: usize) {
        let order = self.orders[index].clone();
        let now = (order.refunded_of(order.shopping), order.refunded_of(order.shells));
        let (shopping, shells) = (now.0 - order.returned.0, now.1 - order.returned.1);
        let source = Account::Issuance(Asset::Shopping);
        self.books
            .credit(source, order.buyer, Asset::Shopping, Bucket::Available, shopping);
        self.books.credit(
            Account::Escrow,
            order.buyer,
            Asset::HiShell,
            Bucket::Available,
            shells,
        );
        self.orders[index].returned = now;
    }
}

/// What a product grants: nothing, or an amount.
fn grant(text: Option<&str>) -> Result<Exact, Code> {
    let Some(text) = text else {
        return Ok(Exact::default());
    };
    let zero = parse(text).is_some_and(|figure| figure == Exact::default());
    let decimals = Asset::HiValue.decimals();
    match positive(text, decimals) {
        Some(units) => Ok(exact(units, decimals)),
        None if zero => Ok(Exact::default()),
        None => Err(Code::BadAmount),
    }
}

fn catalogue(name: &str) -> Option<Product> {
    use ProductKind::{CentrePack, Goods, ServiceCard, StarterPack};
    let (kind, price, hi_value, challenge) = match name {
        "starter-99" => (StarterPack, 99, 99, 0),
        "starter-399" => (StarterPack, 399, 599, 0),
        "starter-999" => (StarterPack, 999, 1999, 0),
        "centre-9800" => (CentrePack, 9800, 0, 0),
        "card-199" => (ServiceCard, 199, 200, 200),
        "card-599" => (ServiceCard, 599, 700, 700),
        "rice-50" => (Goods, 50, 50, 0),
        "shoes-300" => (Goods, 300, 150, 0),
        _ => return None,
    };
    Some(Product {
        kind,
        price: price * 100,
        hi_value: whole(hi_value),
        challenge: whole(challenge),
    })
}
