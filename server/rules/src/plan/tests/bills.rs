//! Bills at stores.

use haigou_contract::Amount;
use haigou_ledger::{Account, LedgerError, Slot};
use proptest::prelude::*;

use super::Life;
use super::kit::{Refused, bill, cny, no, shells};
use crate::event::{Event, PartnerTier};
use crate::rulebook::{BillRewards, CentreBase, Offset, PartnerMode, Scope};
use crate::{PlanError, Preset, Rulebook, Share, rule};

/// 1 sponsored 2, 2 sponsored 3, and so on to 4, the buyer; 5 is the merchant, 6 its sponsor's line.
fn town(change: impl FnOnce(&mut Rulebook)) -> Life {
    let mut life = Life::of(Preset::Classic, change);
    life.line(4);
    life.register(None);
    for member in [1, 2, 3] {
        life.vip(member);
    }
    life
}

#[test]
fn the_bill_of_the_rules_to_the_digit() {
    let mut life = town(|_| {});
    life.give(5, Slot::HiShellAvailable, "100");
    let journal = life.bill(4, 5, "1000.00").unwrap();
    assert_eq!(life.has(5, Slot::HiShellAvailable), "60.00000000");
    assert_eq!(life.stands.units[&Account::Burned], shells("40").units());
    assert_eq!(
        life.given(journal),
        [
            "bill.burn 5 hi_shell.available -40.00000000",
            "bill.member 4 hi_value.inactive 1000.00",
            "bill.merchant 5 hi_value.inactive 200.00",
            "bill.direct 3 hi_value.active 200.00",
            "bill.direct 3 hi_shell.available 2.00000000",
        ]
    );
}

#[test]
fn every_posting_stands_in_its_order() {
    let mut life = Life::of(Preset::Classic, |_| {});
    // The merchant's line is 1, 2; the buyer's 3, 4, 5, 6.
    life.line(2);
    life.register(None);
    for sponsor in [3, 4, 5] {
        life.register(Some(sponsor));
    }
    life.register(Some(2));
    for member in 1..=5 {
        life.vip(member);
    }
    life.appoint(1, PartnerTier::Senior);
    life.appoint(2, PartnerTier::Junior);
    life.appoint(3, PartnerTier::Senior);
    life.appoint(4, PartnerTier::Middle);
    life.appoint(5, PartnerTier::Junior);
    life.register(None);
    life.register(None);
    life.centre(1, 9, 440_000, None);
    life.centre(2, 8, 441_900, Some(1));
    life.give(7, Slot::HiShellAvailable, "100");
    let journal = life.bill(6, 7, "1000.00").unwrap();
    assert_eq!(
        life.given(journal),
        [
            "bill.burn 7 hi_shell.available -40.00000000",
            "bill.member 6 hi_value.inactive 1000.00",
            "bill.merchant 7 hi_value.inactive 200.00",
            "bill.direct 5 hi_value.active 200.00",
            "bill.direct 5 hi_shell.available 2.00000000",
            "bill.merchant_direct 2 hi_shell.available 2.00000000",
            "bill.partner 5 hi_value.active 100.00",
            "bill.partner 5 hi_shell.available 0.80000000",
            "bill.partner 4 hi_value.active 150.00",
            "bill.partner 4 hi_shell.available 1.20000000",
            "bill.partner 3 hi_value.active 200.00",
            "bill.partner 3 hi_shell.available 1.60000000",
            "bill.merchant_partner 2 hi_shell.available 0.80000000",
            "bill.merchant_partner 1 hi_shell.available 1.60000000",
            "bill.centre 8 hi_shell.available 3.20000000",
            "bill.parent_centre 9 hi_shell.available 1.20000000",
        ]
    );
}

#[test]
fn the_offset_is_required_optional_or_off() {
    let mut life = town(|_| {});
    life.give(5, Slot::HiShellAvailable, "39.99999999");
    let refused = life.bill(4, 5, "1000.00").unwrap_err();
    assert!(
        matches!(refused, Refused::Ledger(LedgerError::Insufficient { .. })),
        "{refused:?}"
    );

    let mut life = town(|rules| rules.offline.offset = Offset::Optional);
    life.give(5, Slot::HiShellAvailable, "10.00000001");
    life.give(5, Slot::CashAvailable, "20.00");
    let journal = life.bill(4, 5, "1000.00").unwrap();
    assert_eq!(
        life.given(journal)[..3],
        [
            "bill.burn 5 hi_shell.available -10.00000001",
            "bill.owed 5 cash.available -20.00",
            "bill.owed 5 cash.debt -55.00",
        ]
    );
    assert_eq!(life.stands.units[&Account::Fees], cny("75.00").units());

    let mut life = town(|rules| rules.offline.offset = Offset::Off);
    let journal = life.bill(4, 5, "1000.00").unwrap();
    assert_eq!(life.given(journal)[0], "bill.member 4 hi_value.inactive 1000.00");
}

#[test]
fn an_offset_that_could_be_burned_whole_owes_no_cash() {
    let mut life = town(|rules| rules.offline.offset = Offset::Optional);
    life.price = crate::Price::parse("3").unwrap();
    // floor8(0.10 ÷ 3) = 0.03333333 is worth 0.09, and that is all that is asked for.
    life.give(5, Slot::HiShellAvailable, "0.03333333");
    let journal = life.bill(4, 5, "1.00").unwrap();
    assert_eq!(
        life.given(journal)[0],
        "bill.burn 5 hi_shell.available -0.03333333"
    );
    assert!(!life.stands.units.contains_key(&Account::Fees));
}

#[test]
fn bills_can_be_rewarded_as_mall_orders() {
    let mut life = town(|rules| {
        rules.offline.rewards = BillRewards::Mall;
        rules.offline.offset = Offset::Off;
        rules.mall.indirect.hi_shell = Share::parse("0.01").unwrap();
    });
    life.appoint(2, PartnerTier::Junior);
    let journal = life.bill(4, 5, "1000.00").unwrap();
    assert_eq!(
        life.given(journal),
        [
            "bill.member 4 hi_value.inactive 1000.00",
            "bill.merchant 5 hi_value.inactive 200.00",
            "bill.direct 3 hi_value.active 200.00",
            "bill.indirect 2 hi_shell.available 4.00000000",
            "bill.partner 2 hi_value.active 100.00",
            "bill.partner 2 hi_shell.available 8.00000000",
        ]
    );
}

#[test]
fn without_the_right_a_sponsor_gets_nothing_and_nobody_instead() {
    let mut life = Life::of(Preset::Classic, |rules| rules.offline.offset = Offset::Off);
    life.line(3);
    life.register(None);
    life.vip(1);
    let journal = life.bill(3, 4, "1000.00").unwrap();
    assert_eq!(life.given(journal).len(), 2);
}

#[test]
fn the_difference_is_paid_per_asset_and_never_negative() {
    let mut life = town(|rules| {
        rules.offline.offset = Offset::Off;
        rules.partners.mode = PartnerMode::Difference;
        rules.partners.middle.hi_value = Share::parse("0.30").unwrap();
        rules.offline.direct.hi_value = Share::parse("0").unwrap();
        rules.offline.direct.hi_shell = Share::parse("0").unwrap();
    });
    life.appoint(1, PartnerTier::Senior);
    life.appoint(2, PartnerTier::Middle);
    life.appoint(3, PartnerTier::Junior);
    let journal = life.bill(4, 5, "1000.00").unwrap();
    // Senior: 20 % less the middle's 30 % of Hi-Value is nothing; 4 % less 3 % of Hi-Shell.
    assert_eq!(
        life.given(journal)[2..],
        [
            "bill.partner 3 hi_value.active 100.00",
            "bill.partner 3 hi_shell.available 0.80000000",
            "bill.partner 2 hi_value.active 200.00",
            "bill.partner 2 hi_shell.available 0.40000000",
            "bill.partner 1 hi_shell.available 0.40000000",
        ]
    );
}

#[test]
fn the_nearest_who_may_be_paid_is_paid_within_the_depth() {
    let change = |depth| {
        move |rules: &mut Rulebook| {
            rules.offline.offset = Offset::Off;
            rules.partners.mode = PartnerMode::Nearest;
            rules.partners.max_depth = depth;
            rules.partners.junior.hi_shell = Share::parse("0").unwrap();
            rules.offline.direct.hi_value = Share::parse("0").unwrap();
            rules.offline.direct.hi_shell = Share::parse("0").unwrap();
        }
    };
    for (depth, paid) in [(None, 1), (Some(2), 1), (Some(1), 0)] {
        let mut life = town(change(depth));
        life.appoint(1, PartnerTier::Junior);
        life.appoint(2, PartnerTier::Junior);
        let journal = life.bill(4, 5, "1000.00").unwrap();
        let given = life.given(journal);
        assert_eq!(given.len(), 2 + paid, "{depth:?}: {given:?}");
        assert!(paid == 0 || given[2] == "bill.partner 2 hi_value.active 100.00");
    }
}

#[test]
fn partners_without_the_right_are_passed_over_as_if_they_were_none() {
    let mut life = Life::of(Preset::Sport, |rules| {
        rules.offline.rewards = BillRewards::Rebate;
        rules.partners.mode = PartnerMode::Nearest;
    });
    life.line(3);
    life.register(None);
    life.appoint(1, PartnerTier::Junior);
    life.appoint(2, PartnerTier::Senior);
    life.rulebook.referral_right = crate::ReferralRight::Vip;
    life.rulebook.active_from = crate::ActiveFrom::StarterPack;
    life.vip(1);
    let journal = life.bill(3, 4, "1000.00").unwrap();
    let given = life.given(journal);
    assert_eq!(
        given[2..],
        [
            "bill.partner 1 hi_value.active 100.00",
            "bill.partner 1 hi_shell.available 0.08000000"
        ]
    );
}

#[test]
fn a_centre_is_found_by_county_city_province_or_by_team() {
    for (region, found) in [
        (441_901, true),
        (441_900, true),
        (440_000, true),
        (441_902, false),
        (442_000, false),
    ] {
        let mut life = town(|rules| rules.offline.offset = Offset::Off);
        life.centre(1, 1, region, None);
        let journal = life.bill(4, 5, "1000.00").unwrap();
        let paid = life
            .given(journal)
            .contains(&"bill.centre 1 hi_shell.available 3.20000000".to_owned());
        assert_eq!(paid, found, "{region}");
    }
    let mut life = town(|rules| {
        rules.offline.offset = Offset::Off;
        rules.centre.scope = Scope::Team;
        rules.centre.base = CentreBase::Turnover;
    });
    life.register(Some(4));
    life.centre(1, 2, 110_000, None);
    life.centre(2, 6, 120_000, None);
    let journal = life.bill(5, 6, "1000.00").unwrap();
    assert_eq!(
        life.given(journal).last().unwrap(),
        "bill.centre 2 hi_shell.available 32.00000000"
    );
    life.centre(3, 3, 130_000, None);
    let journal = life.bill(5, 6, "1000.00").unwrap();
    assert_eq!(
        life.given(journal).last().unwrap(),
        "bill.centre 3 hi_shell.available 32.00000000"
    );
}

#[test]
fn what_no_bill_can_be_is_refused() {
    let mut life = town(|_| {});
    assert_eq!(
        life.bill(4, 4, "1.00"),
        Err(Refused::Plan(PlanError::SelfDealing))
    );
    for amount in ["0", "-1.00"] {
        let refused = Err(Refused::Plan(PlanError::BadAmount(rule::BILL_MEMBER)));
        assert_eq!(life.bill(4, 5, amount), refused);
    }
    let mut deducting = bill(4, 5, "1000.00");
    deducting.hi_shell = shells("1");
    assert_eq!(
        life.book(&Event::Bill(deducting.clone())),
        Err(Refused::Plan(PlanError::SwitchedOff("deduct_store")))
    );
    life.rulebook.market.deduct_store = true;
    life.give(4, Slot::HiShellAvailable, "50");
    deducting.hi_shell = shells("40");
    let journal = life.does(&Event::Bill(deducting));
    assert_eq!(
        life.given(journal)[..3],
        [
            "bill.deduct 4 hi_shell.available -40.00000000",
            "bill.deduct 5 hi_shell.available 40.00000000",
            "bill.burn 5 hi_shell.available -40.00000000",
        ]
    );
}

proptest! {
    #[test]
    fn every_bill_balances_or_is_refused(
        amount in prop_oneof![1..=i64::MAX, 1_i64..10_000_000],
        price in prop_oneof![1..=i64::MAX, 1_i64..1_000_000],
        rebate in 0_u32..=100,
        offset in 0_usize..3,
        mall: bool,
    ) {
        let mut life = town(|rules| {
            rules.offline.offset = [Offset::Required, Offset::Optional, Offset::Off][offset];
            rules.offline.rewards = if mall { BillRewards::Mall } else { BillRewards::Rebate };
        });
        life.give(5, Slot::HiShellAvailable, "1000");
        life.price = crate::Price::from_units(price).unwrap();
        let mut event = bill(4, 5, "1");
        event.amount = Amount::from_units(amount);
        event.rebate = Share::parse(&Amount::from_units(i64::from(rebate)).show(2)).unwrap();
        let before = life.stands.clone();
        match life.book(&Event::Bill(event)) {
            Ok(_) => prop_assert!(life.stands.units.iter().all(|(account, units)| account.may_stand_at(*units))),
            Err(_) => prop_assert_eq!(life.stands.units, before.units),
        }
    }
}

#[test]
fn a_plan_is_the_same_each_time() {
    let mut life = town(|_| {});
    life.appoint(1, PartnerTier::Middle);
    let event = Event::Bill(bill(4, 5, "123.45"));
    let first = crate::plan(&event, &life.rulebook, life.price, &mut life.world);
    let second = crate::plan(&event, &life.rulebook, life.price, &mut life.world);
    assert_eq!(first, second);
    assert!(first.is_ok());
    assert_eq!(no(1).number(), 1);
}
