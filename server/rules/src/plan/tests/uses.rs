//! Conversion, Hi-Shell's uses, steps, merchants, and what the operator moves.

use haigou_contract::{Day, Milestone};
use haigou_ledger::{Account, LedgerError, Slot};

use super::Life;
use super::kit::{Refused, cny, no, shells};
use crate::event::{Event, Fill, StepsUpdate};
use crate::{DayTotals, PlanError, Preset, Price, rule};

fn market() -> Life {
    let mut life = Life::of(Preset::Sport, |rules| {
        rules.market.listings = true;
        rules.market.sell_to_platform = true;
        rules.market.fee = crate::Share::parse("0.05").unwrap();
    });
    life.register(None);
    life.register(None);
    life.give(1, Slot::HiShellAvailable, "100");
    life
}

#[test]
fn challenge_becomes_shopping_credit_less_the_fee() {
    let mut life = market();
    life.give(1, Slot::ChallengeAvailable, "10.01");
    let convert = |amount| Event::Conversion {
        member: no(1),
        amount: cny(amount),
    };
    life.does(&convert("10.01"));
    assert_eq!(life.has(1, Slot::ShoppingAvailable), "9.50");
    assert_eq!(life.has(1, Slot::ChallengeAvailable), "0.00");
    assert!(matches!(
        life.book(&convert("0.01")),
        Err(Refused::Ledger(LedgerError::Insufficient { .. }))
    ));
    life.rulebook.challenge.to_shopping.enabled = false;
    assert_eq!(
        life.book(&convert("1")),
        Err(Refused::Plan(PlanError::SwitchedOff("to_shopping")))
    );
}

#[test]
fn shells_are_sent_and_sold() {
    let mut life = market();
    let send = |to, amount| Event::Transfer {
        from: no(1),
        to: no(to),
        amount: shells(amount),
    };
    life.does(&send(2, "1.5"));
    assert_eq!(life.has(2, Slot::HiShellAvailable), "1.50000000");
    assert_eq!(
        life.book(&send(1, "1")),
        Err(Refused::Plan(PlanError::SelfDealing))
    );
    assert_eq!(
        life.book(&send(2, "0")),
        Err(Refused::Plan(PlanError::BadAmount(rule::TRANSFER)))
    );
    let sell = |amount| Event::Sale {
        member: no(1),
        amount: shells(amount),
    };
    assert_eq!(
        life.book(&sell("0.00399999")),
        Err(Refused::Plan(PlanError::BadAmount(rule::SALE)))
    );
    assert!(matches!(
        life.book(&sell("1")),
        Err(Refused::Ledger(LedgerError::Insufficient { .. }))
    ));
    life.does(&Event::Funding { amount: cny("2.50") });
    life.does(&sell("1"));
    assert_eq!(life.has(1, Slot::CashAvailable), "2.50");
    assert_eq!(life.stands.units[&Account::Holding], shells("1").units());
    life.does(&Event::Refill { amount: shells("1") });
    assert_eq!(life.stands.units[&Account::RewardPool], shells("25901").units());
}

#[test]
fn a_listing_is_taken_for_cash_less_the_fee() {
    let mut life = market();
    let price = Price::parse("3.3333").unwrap();
    life.does(&Event::Listing {
        listing: 1,
        member: no(1),
        amount: shells("10"),
        price,
    });
    assert_eq!(life.has(1, Slot::HiShellHeld), "10.00000000");
    life.give(2, Slot::CashAvailable, "10.00");
    let fill = |amount| Event::Take {
        taker: no(2),
        fills: vec![Fill {
            listing: 1,
            seller: no(1),
            amount: shells(amount),
            price,
        }],
    };
    // 3 · 3.3333 = 9.99, of which 5 % are 0.49.
    let journal = life.does(&fill("3"));
    assert_eq!(
        life.given(journal),
        [
            "market.trade 2 cash.available -9.99",
            "market.trade 1 cash.available 9.50",
            "market.trade 1 hi_shell.held -3.00000000",
            "market.trade 2 hi_shell.available 3.00000000",
        ]
    );
    assert_eq!(life.stands.units[&Account::Fees], cny("0.49").units());
    assert_eq!(
        life.book(&fill("0.00000001")),
        Err(Refused::Plan(PlanError::BadAmount(rule::TRADE)))
    );
    assert!(matches!(
        life.book(&fill("1")),
        Err(Refused::Ledger(LedgerError::Insufficient { .. }))
    ));
    life.rulebook.market.listings = false;
    life.does(&Event::Unlisting {
        listing: 1,
        member: no(1),
        amount: shells("7"),
    });
    assert_eq!(life.has(1, Slot::HiShellAvailable), "97.00000000");
}

#[test]
fn steps_unfreeze_as_the_rules_example_says() {
    let mut life = Life::of(Preset::Sport, |rules| {
        rules.register.member.challenge = crate::Cents::parse("67").unwrap();
    });
    life.register(None);
    let update = |walk, reached| {
        Event::Steps(StepsUpdate {
            member: no(1),
            day: Day::from_number(20_454),
            totals: DayTotals {
                walk,
                ..DayTotals::default()
            },
            reached,
        })
    };
    let journal = life.does(&update(6_000, Vec::new()));
    let amounts: Vec<_> = life
        .given(journal)
        .into_iter()
        .filter(|given| given.contains("available"))
        .collect();
    assert_eq!(
        amounts,
        [
            "steps.ladder 1 challenge.available 0.06",
            "steps.ladder 1 challenge.available 0.20",
            "steps.walk 1 challenge.available 0.60",
        ]
    );
    let reached = vec![
        (Milestone::Ladder, 3_000),
        (Milestone::Ladder, 6_000),
        (Milestone::Walk, 6_000),
    ];
    let journal = life.does(&update(9_999, reached));
    assert_eq!(life.given(journal), [""; 0]);
}

#[test]
fn the_first_approved_merchant_unfreezes_for_the_sponsor() {
    let mut life = Life::of(Preset::Sport, |_| {});
    life.line(2);
    let approve = |first| Event::MerchantApproved { owner: no(2), first };
    let journal = life.does(&approve(true));
    assert_eq!(
        life.given(journal),
        [
            "merchant.approved 1 challenge.frozen -20.00",
            "merchant.approved 1 challenge.available 20.00",
        ]
    );
    let journal = life.does(&approve(false));
    assert_eq!(life.given(journal), [""; 0]);
}

#[test]
fn opening_balances_count_as_issued_and_repay_debts() {
    let mut life = market();
    assert!(matches!(
        life.book(&Event::Opening {
            member: no(1),
            slot: Slot::CashDebt,
            amount: cny("1"),
        }),
        Err(Refused::Plan(PlanError::BadAmount(_)))
    ));
    let refused = life.book(&Event::Opening {
        member: no(1),
        slot: Slot::HiShellAvailable,
        amount: shells("390000"),
    });
    assert!(
        matches!(refused, Err(Refused::Ledger(LedgerError::CapExceeded { .. }))),
        "{refused:?}"
    );
}
