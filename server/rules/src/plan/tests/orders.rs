//! Registrations, mall orders and refunds.

use haigou_contract::Amount;
use haigou_ledger::{Account, Slot};

use super::Life;
use super::kit::{Refused, cny, goods, no, order_line, shells};
use crate::event::{Event, Payment, ProductKind, Receipt};
use crate::{PlanError, Preset, rule};

#[test]
fn a_registration_gives_both_what_the_rulebook_says() {
    let mut life = Life::of(Preset::Sport, |_| {});
    life.register(None);
    life.register(Some(1));
    assert_eq!(
        life.given(2),
        [
            "register.member 2 hi_value.active 100.00",
            "register.member 2 challenge.frozen 100.00",
            "register.direct 1 hi_value.active 50.00",
            "register.direct 1 challenge.frozen 50.00",
            "register.unfreeze 1 challenge.frozen -10.00",
            "register.unfreeze 1 challenge.available 10.00",
        ]
    );
    let twice = Event::Registration {
        member: no(2),
        sponsor: None,
    };
    assert_eq!(
        life.book(&twice),
        Err(Refused::Plan(PlanError::OutOfOrder(no(2))))
    );
    let own = Event::Registration {
        member: no(3),
        sponsor: Some(no(3)),
    };
    assert_eq!(life.book(&own), Err(Refused::Plan(PlanError::OutOfOrder(no(3)))));
}

#[test]
fn a_pack_activates_first_and_grants_without_rewards() {
    let mut life = Life::of(Preset::Classic, |_| {});
    life.line(2);
    life.vip(1);
    let journal = life.does(&Event::Receipt(Receipt {
        buyer: no(2),
        lines: vec![order_line(ProductKind::StarterPack, "399.00", "599.00")],
        hi_shell_value: Amount::ZERO,
    }));
    assert_eq!(
        life.given(journal),
        [
            "activate 2 hi_value.inactive -300.00",
            "activate 2 hi_value.active 300.00",
            "mall.product 2 hi_value.active 599.00",
        ]
    );
    let centre_pack = Event::Receipt(Receipt {
        buyer: no(2),
        lines: vec![order_line(ProductKind::CentrePack, "9800.00", "1.00")],
        hi_shell_value: Amount::ZERO,
    });
    let journal = life.does(&centre_pack);
    assert_eq!(life.given(journal), [""; 0]);
}

#[test]
fn an_order_rewards_two_sponsors_by_granted_or_amount() {
    let mut life = Life::of(Preset::Sport, |_| {});
    life.line(3);
    let journal = life.does(&Event::Receipt(goods(3, "300.00", "150.00")));
    assert_eq!(
        life.given(journal),
        [
            "mall.product 3 hi_value.active 150.00",
            "mall.direct 2 hi_value.active 30.00",
            "mall.direct 2 hi_shell.available 1.20000000",
            "mall.direct 2 challenge.frozen 15.00",
            "mall.indirect 1 hi_value.active 15.00",
            "mall.indirect 1 hi_shell.available 0.60000000",
            "mall.indirect 1 challenge.frozen 6.00",
        ]
    );
    let mut life = Life::of(Preset::Classic, |_| {});
    life.line(2);
    life.vip(1);
    let journal = life.does(&Event::Receipt(goods(2, "300.00", "150.00")));
    assert_eq!(life.given(journal)[1], "mall.direct 1 hi_value.active 30.00");
}

#[test]
fn what_was_paid_in_shells_is_spread_over_all_lines_and_earns_nothing() {
    let mut life = Life::of(Preset::Sport, |_| {});
    life.line(2);
    let line = |kind, price| order_line(kind, price, "0");
    let journal = life.does(&Event::Receipt(Receipt {
        buyer: no(2),
        lines: vec![
            line(ProductKind::Goods, "1.00"),
            line(ProductKind::StarterPack, "1.00"),
            line(ProductKind::ServiceCard, "1.00"),
        ],
        hi_shell_value: cny("1.00"),
    }));
    // 0.33, 0.33 and, the rest, 0.34 were paid in shells: 0.67 + 0.66 count.
    assert_eq!(
        life.given(journal),
        [
            "mall.direct 1 hi_value.active 0.13",
            "mall.direct 1 hi_shell.available 0.00532000",
            "mall.direct 1 challenge.frozen 0.06",
        ]
    );
}

#[test]
fn figures_that_no_account_can_hold_are_refused() {
    let mut life = Life::of(Preset::Sport, |_| {});
    life.line(2);
    let mut order = goods(2, "1.00", "1.00");
    order.lines[0].quantity = 2;
    order.lines[0].hi_value = Amount::from_units(i64::MAX);
    assert_eq!(
        life.book(&Event::Receipt(order.clone())),
        Err(Refused::Plan(PlanError::TooLarge(rule::MALL_PRODUCT)))
    );
    order.lines[0].hi_value = Amount::from_units(i64::MAX / 2);
    assert!(matches!(
        life.book(&Event::Receipt(order.clone())),
        Err(Refused::Ledger(_))
    ));
    order.lines[0].hi_value = Amount::ZERO;
    order.lines[0].price = Amount::from_units(i64::MAX / 2);
    assert_eq!(
        life.book(&Event::Receipt(order)),
        Err(Refused::Plan(PlanError::TooLarge(rule::MALL_DIRECT)))
    );
}

#[test]
fn shells_paid_wait_in_escrow() {
    let mut life = Life::of(Preset::Sport, |rules| rules.market.deduct_mall = true);
    life.register(None);
    life.give(1, Slot::HiShellAvailable, "10");
    life.give(1, Slot::ShoppingAvailable, "5.00");
    life.does(&Event::Payment(Payment {
        buyer: no(1),
        shopping: cny("3.00"),
        hi_shell: shells("4"),
    }));
    assert_eq!(life.has(1, Slot::ShoppingAvailable), "2.00");
    assert_eq!(life.has(1, Slot::HiShellAvailable), "6.00000000");
    assert_eq!(life.stands.units[&Account::Escrow], shells("4").units());
    life.does(&Event::Closing { escrow: shells("4") });
    assert_eq!(life.stands.units[&Account::Holding], shells("4").units());
}
