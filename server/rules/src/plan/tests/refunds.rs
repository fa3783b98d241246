//! Refunds of orders and bills.

use haigou_contract::Amount;
use haigou_ledger::{Account, Slot};
use proptest::prelude::*;

use super::Life;
use super::kit::{Refused, cny, goods, no, shells};
use crate::event::{Event, PartnerTier, Payment, Refund};
use crate::rulebook::Offset;
use crate::{PlanError, Preset};

fn refund(journal: i64, total: &str, before: &str, after: &str) -> Event {
    Event::Refund(Refund {
        payment: None,
        journal: Some(journal),
        total: cny(total),
        before: cny(before),
        after: cny(after),
    })
}

/// A bill of 1,000.00 whose merchant (4) has 10 shells and 20.00 cash; 3 buys, 2 and 1 are above.
fn billed() -> (Life, i64) {
    let mut life = Life::of(Preset::Classic, |rules| rules.offline.offset = Offset::Optional);
    life.line(3);
    life.register(None);
    life.vip(1);
    life.vip(2);
    life.appoint(1, PartnerTier::Senior);
    life.give(4, Slot::HiShellAvailable, "10");
    life.give(4, Slot::CashAvailable, "20.00");
    let journal = life.bill(3, 4, "1000.00").unwrap();
    (life, journal)
}

#[test]
fn a_whole_refund_of_a_bill_leaves_nothing_but_the_burn() {
    let (mut life, journal) = billed();
    life.does(&refund(journal, "1000.00", "0", "1000.00"));
    assert_eq!(life.has(3, Slot::HiValueInactive), "300.00");
    assert_eq!(life.has(4, Slot::HiValueInactive), "300.00");
    assert_eq!(life.has(4, Slot::HiShellAvailable), "0.00000000");
    assert_eq!(life.has(4, Slot::CashAvailable), "20.00");
    assert_eq!(life.has(4, Slot::CashDebt), "0.00");
    for member in [1, 2] {
        assert_eq!(life.has(member, Slot::HiShellAvailable), "0.00000000");
    }
    assert_eq!(life.stands.units[&Account::Fees], 0);
    assert_eq!(life.stands.units[&Account::RewardPool], shells("25900").units());
    assert_eq!(life.stands.units[&Account::Burned], shells("10").units());
}

#[test]
fn what_was_spent_is_owed_and_the_next_credit_repays_it() {
    let (mut life, journal) = billed();
    life.rulebook.market.transfer = true;
    let all = life.has(2, Slot::HiShellAvailable);
    assert_eq!(all, "2.00000000");
    life.does(&Event::Transfer {
        from: no(2),
        to: no(1),
        amount: shells(&all),
    });
    life.does(&refund(journal, "1000.00", "0", "500.00"));
    assert_eq!(life.has(2, Slot::HiShellDebt), "-1.00000000");
    life.bill(3, 4, "1000.00").unwrap();
    assert_eq!(life.has(2, Slot::HiShellDebt), "0.00000000");
    assert_eq!(life.has(2, Slot::HiShellAvailable), "1.00000000");
}

#[test]
fn rewards_that_wait_are_cancelled_and_the_pool_pays_the_next() {
    let mut life = Life::of(Preset::Classic, |rules| rules.offline.offset = Offset::Off);
    life.line(3);
    life.register(None);
    life.vip(1);
    life.vip(2);
    life.pool("3");
    let bills: Vec<_> = (0..3).map(|_| life.bill(3, 4, "1000.00").unwrap()).collect();
    // The first is paid 2; the second finds 1, the third finds the second waiting.
    assert_eq!(life.has(2, Slot::HiShellAvailable), "2.00000000");
    assert_eq!(life.stands.waiting.len(), 2);
    // Half of the second is cancelled: the rest of it is paid at once.
    life.does(&refund(bills[1], "1000.00", "0", "500.00"));
    assert_eq!(life.has(2, Slot::HiShellAvailable), "3.00000000");
    // The first goes back to the pool, and pays the third.
    life.does(&refund(bills[0], "1000.00", "0", "1000.00"));
    assert_eq!(life.has(2, Slot::HiShellAvailable), "3.00000000");
    assert!(life.stands.waiting.is_empty());
    life.pool("0");
    life.bill(3, 4, "1000.00").unwrap();
    assert_eq!(life.stands.waiting.len(), 1);
    life.does(&Event::Refill {
        amount: shells("1.99999999"),
    });
    assert_eq!(life.stands.waiting.len(), 1);
    life.does(&Event::Refill {
        amount: shells("0.00000001"),
    });
    assert_eq!(life.has(2, Slot::HiShellAvailable), "5.00000000");
}

#[test]
fn money_goes_back_by_component() {
    let mut life = Life::of(Preset::Sport, |rules| rules.market.deduct_mall = true);
    life.register(None);
    life.give(1, Slot::HiShellAvailable, "1");
    life.give(1, Slot::ShoppingAvailable, "1.00");
    let payment = life.does(&Event::Payment(Payment {
        buyer: no(1),
        shopping: cny("1.00"),
        hi_shell: shells("1"),
    }));
    let back = |before: &str, after: &str| {
        Event::Refund(Refund {
            payment: Some(payment),
            journal: None,
            total: cny("9.00"),
            before: cny(before),
            after: cny(after),
        })
    };
    life.does(&back("0", "3.00"));
    assert_eq!(life.has(1, Slot::ShoppingAvailable), "0.33");
    assert_eq!(life.has(1, Slot::HiShellAvailable), "0.33333333");
    life.does(&back("3.00", "9.00"));
    assert_eq!(life.has(1, Slot::ShoppingAvailable), "1.00");
    assert_eq!(life.has(1, Slot::HiShellAvailable), "1.00000000");
    assert_eq!(life.stands.units[&Account::Escrow], 0);
}

#[test]
fn what_no_refund_can_be_is_refused() {
    let (mut life, journal) = billed();
    for (journal, total, before, after) in [
        (journal, "10.00", "0", "10.01"),
        (journal, "10.00", "5.00", "5.00"),
        (journal, "10.00", "5.00", "4.00"),
        (journal, "0", "0", "0"),
        (journal, "10.00", "-1.00", "1.00"),
        (1, "10.00", "0", "10.00"),
    ] {
        let refused = life.book(&refund(journal, total, before, after));
        assert_eq!(refused, Err(Refused::Plan(PlanError::NotRefundable)));
    }
}

proptest! {
    #[test]
    fn in_any_parts_a_refund_ends_where_one_ends(
        mut cuts in prop::collection::btree_set(1_i64..99_999, 0..6),
        bill: bool,
        end in 1_i64..=100_000,
        pool in 0_i64..800_000_000,
    ) {
        cuts.retain(|cut| *cut < end);
        let life = || {
            let (mut life, mut journal) = billed();
            if !bill {
                journal = life.does(&Event::Receipt(goods(3, "1000.00", "777.77")));
            }
            life.pool(&Amount::from_units(pool).show(8));
            life.bill(3, 4, "1000.00").unwrap();
            (life, journal)
        };
        let (mut once, journal) = life();
        let part = |before: i64, after: i64| Event::Refund(Refund {
            payment: None,
            journal: Some(journal),
            total: cny("1000.00"),
            before: Amount::from_units(before),
            after: Amount::from_units(after),
        });
        once.does(&part(0, end));
        let (mut parts, _) = life();
        let mut before = 0;
        for after in cuts.into_iter().chain([end]) {
            parts.does(&part(before, after));
            before = after;
        }
        let stands = |life: &Life| {
            let mut units: Vec<_> = life.stands.units.iter().filter(|(_, units)| **units != 0).map(|(a, u)| (*a, *u)).collect();
            units.sort_unstable();
            units
        };
        prop_assert_eq!(stands(&once), stands(&parts));
    }
}
