//! The audit of lives that it must find nothing in, and of the same lives with something changed.

use haigou_contract::{Amount, Day};
use haigou_ledger::{
    Account, Entry, Fact, Figure, Finding, Header, Posting, Rule, ShellSource, Slot, text_hash,
};
use proptest::prelude::*;

use super::Rerun;
use crate::event::*;
use crate::plan::tests::kit::{Life, bill, cny, goods, no, order_line, shells};
use crate::rulebook::{Offset, PartnerMode, Scope};
use crate::{Preset, Price, Rulebook, World as _};

fn header(at_ms: i64) -> Header {
    Header {
        kind: "test".into(),
        cause: String::new(),
        key: String::new(),
        rulebook: 1,
        at_ms,
    }
}

fn text(rulebook: &Rulebook) -> String {
    serde_json::to_string(rulebook).unwrap()
}

fn laid_down(text: &str) -> Posting {
    Posting {
        reason: Rule::RULEBOOK.into(),
        entries: Vec::new(),
        fact: Some(Fact::Rulebook {
            version: 1,
            starts_at_ms: 0,
            text_hash: text_hash(text),
        }),
    }
}

fn allocated(units: i64) -> Posting {
    let entry = |account, units| Entry { account, units };
    Posting {
        reason: Rule::POOL_ALLOCATION.into(),
        entries: vec![
            entry(Account::Issued(ShellSource::RewardPool), -units),
            entry(Account::RewardPool, units),
        ],
        fact: None,
    }
}

/// An audit that has taken the launch and the first day's price.
fn launched(rulebook: &Rulebook, pool: i64) -> Rerun {
    let text = text(rulebook);
    let mut rerun = Rerun::default();
    rerun.text(1, &text);
    taken(&mut rerun, -1, &[laid_down(&text)], &[]);
    taken(&mut rerun, 0, &[allocated(pool)], &[]);
    rerun
}

fn taken(rerun: &mut Rerun, seq: i64, postings: &[Posting], journals: &[Vec<Posting>]) {
    let earlier = |journal: i64| {
        let place = usize::try_from(journal)
            .ok()
            .and_then(|journal| journal.checked_sub(1));
        Ok::<_, ()>(place.and_then(|place| journals.get(place)).cloned())
    };
    rerun.journal(seq, &header(0), postings, earlier).unwrap();
}

/// What an audit of these journals finds.
fn findings(life: &Life, journals: &[Vec<Posting>]) -> Vec<Finding> {
    let mut rerun = launched(&life.rulebook, shells("25900").units());
    for (postings, seq) in journals.iter().zip(1..) {
        taken(&mut rerun, seq, postings, journals);
    }
    rerun.into_findings()
}

/// A life in which everything happens that the audit works out anew.
pub(crate) fn eventful() -> Life {
    let mut life = Life::of(Preset::Sport, |rules| {
        rules.offline.offset = Offset::Optional;
        rules.shell_price = Price::parse("2.5").unwrap();
        rules.centre.scope = Scope::Region;
        rules.market.deduct_mall = true;
        rules.market.listings = true;
        rules.market.sell_to_platform = true;
        rules.partners.junior.when.direct = Some(1);
        rules.partners.junior.when.team = Some(2);
    });
    life.line(4);
    life.register(None);
    life.centre(1, 1, 440_000, None);
    life.centre(2, 5, 441_901, Some(1));
    life.give(5, Slot::HiShellAvailable, "3");
    life.give(4, Slot::HiShellAvailable, "9");
    life.give(4, Slot::CashAvailable, "50");
    let bill = life.bill(4, 5, "123.45").unwrap();
    life.give(5, Slot::HiShellAvailable, "1");
    let payment = life.does(&Event::Payment(Payment {
        buyer: no(4),
        shopping: Amount::ZERO,
        hi_shell: shells("1"),
    }));
    let receipt = life.does(&Event::Receipt(goods(4, "30.00", "7.77")));
    life.does(&Event::Refund(Refund {
        payment: Some(payment),
        journal: Some(receipt),
        total: cny("30.00"),
        before: cny("0"),
        after: cny("10.01"),
    }));
    life.does(&Event::Refund(Refund {
        payment: None,
        journal: Some(bill),
        total: cny("123.45"),
        before: cny("0"),
        after: cny("123.45"),
    }));
    life.does(&Event::Steps(StepsUpdate {
        member: no(2),
        day: Day::from_number(20_000),
        totals: crate::DayTotals {
            walk: 9_000,
            ..crate::DayTotals::default()
        },
        reached: Vec::new(),
    }));
    life.does(&Event::Conversion {
        member: no(2),
        amount: cny("0.50"),
    });
    let price = Price::parse("3.1").unwrap();
    life.does(&Event::Listing {
        listing: 1,
        member: no(5),
        amount: shells("0.5"),
        price,
    });
    life.does(&Event::Take {
        taker: no(4),
        fills: vec![Fill {
            listing: 1,
            seller: no(5),
            amount: shells("0.25"),
            price,
        }],
    });
    life.does(&Event::Funding { amount: cny("100") });
    life.does(&Event::Sale {
        member: no(4),
        amount: shells("0.5"),
    });
    life.does(&Event::Refill {
        amount: shells("0.25"),
    });
    life.appoint(1, PartnerTier::Senior);
    life
}

/// Another, in which the rebate is what is shared out.
pub(crate) fn rebated() -> Life {
    let mut life = Life::of(Preset::Classic, |rules| {
        rules.offline.offset = Offset::Optional;
        rules.shell_price = Price::parse("2.5").unwrap();
        rules.market.deduct_store = true;
        rules.market.transfer = true;
        rules.partners.mode = PartnerMode::Difference;
        rules.challenge.merchant_approved = crate::Cents::parse("5").unwrap();
        rules.challenge.ladder = Preset::Sport.rulebook().unwrap().challenge.ladder;
        rules.challenge.tasks = Preset::Sport.rulebook().unwrap().challenge.tasks;
        rules.register.direct.unfreeze = crate::Cents::parse("1").unwrap();
        rules.mall.indirect.hi_shell = crate::Share::parse("0.01").unwrap();
    });
    life.line(4);
    for member in 1..=4 {
        life.vip(member);
    }
    life.appoint(1, PartnerTier::Senior);
    life.appoint(2, PartnerTier::Junior);
    life.register(Some(2));
    life.give(1, Slot::ChallengeFrozen, "50");
    life.does(&Event::MerchantApproved {
        owner: no(2),
        first: true,
    });
    life.register(Some(1));
    life.does(&Event::CentreApproved(CentreApproved {
        centre: 1,
        owner: no(3),
        region: 440_000,
        parent: None,
        by: crate::JoinsBy::Pack,
        pack_paid: Some(cny("9800")),
    }));
    life.give(4, Slot::HiShellAvailable, "3");
    let mut event = bill(4, 5, "1000.00");
    event.hi_shell = shells("2");
    life.does(&Event::Bill(event));
    life.does(&Event::Transfer {
        from: no(4),
        to: no(5),
        amount: shells("1"),
    });
    life.does(&Event::Receipt(goods(4, "30.00", "7.77")));
    life.does(&Event::Steps(StepsUpdate {
        member: no(1),
        day: Day::from_number(20_000),
        totals: crate::DayTotals {
            run: 9_000,
            ..crate::DayTotals::default()
        },
        reached: Vec::new(),
    }));
    life
}

#[test]
fn what_the_rules_have_booked_is_found_right() {
    for life in [eventful(), rebated()] {
        assert_eq!(findings(&life, &life.journals), []);
    }
}

#[test]
fn any_posting_that_is_another_is_found_in_its_journal() {
    let life = eventful();
    let mut changes = 0;
    for (place, postings) in life.journals.iter().enumerate() {
        for index in 0..postings.len() {
            let mut changed = Vec::new();
            let mut change = |make: &dyn Fn(&mut Vec<Posting>)| {
                let mut postings = postings.clone();
                make(&mut postings);
                changed.push(postings);
            };
            change(&|postings| drop(postings.remove(index)));
            change(&|postings| postings[index].reason.rule = Rule::new("mall.else"));
            change(&|postings| {
                postings[index]
                    .reason
                    .figures
                    .push(("one".into(), Figure::from(1_i64)))
            });
            if let [first, second, ..] = postings[index].entries[..] {
                // As much more on both sides: it still balances.
                change(&|postings| {
                    postings[index].entries[0].units = first.units + first.units.signum();
                    postings[index].entries[1].units = second.units + second.units.signum();
                });
            }
            if index + 1 < postings.len() {
                change(&|postings| postings.swap(index, index + 1));
            }
            for postings in changed {
                changes += 1;
                let mut journals = life.journals.clone();
                journals[place] = postings;
                let found = findings(&life, &journals);
                let first = found
                    .first()
                    .map(|finding| finding.row.clone())
                    .unwrap_or_default();
                let row = format!("{}", place + 1);
                assert!(first.split(',').next() == Some(row.as_str()), "{row}: {found:?}");
            }
        }
    }
    assert!(changes > 300, "{changes}");
}

#[test]
fn the_first_place_that_differs_is_named_with_what_was_expected() {
    let life = eventful();
    let mut journals = life.journals.clone();
    let place = journals
        .iter()
        .position(|postings| {
            postings
                .iter()
                .any(|posting| posting.reason.rule.id() == "bill.centre")
        })
        .unwrap();
    let index = journals[place]
        .iter()
        .position(|posting| posting.reason.rule.id() == "bill.centre")
        .unwrap();
    for entry in &mut journals[place][index].entries {
        entry.units *= 2;
    }
    let found = findings(&life, &journals);
    let expected = Finding {
        table: "journal".to_owned(),
        row: format!("{}, posting {index}", place + 1),
        column: "entries".to_owned(),
        expected: "reward pool -0.49380000, member 5 hi_shell.available 0.49380000".to_owned(),
        found: "reward pool -0.98760000, member 5 hi_shell.available 0.98760000".to_owned(),
    };
    assert_eq!(found.first(), Some(&expected));
}

#[test]
fn rows_of_people_and_centres_are_compared_column_by_column() {
    let mut life = eventful();
    let found = |make: &mut dyn FnMut(&mut Rerun, &mut Life)| {
        let mut life = eventful();
        let mut rerun = launched(&life.rulebook, shells("25900").units());
        for (postings, seq) in life.journals.iter().zip(1..) {
            taken(&mut rerun, seq, postings, &life.journals);
        }
        make(&mut rerun, &mut life);
        rerun.finish();
        rerun
            .into_findings()
            .into_iter()
            .map(|found| format!("{} {}", found.table, found.column))
            .collect::<Vec<_>>()
    };
    let centres: Vec<_> = life
        .world
        .centres()
        .iter()
        .map(|(number, centre)| (*number, *centre))
        .collect();
    let all = |rerun: &mut Rerun, change: &dyn Fn(i64, &mut crate::Person)| {
        for (person, number) in eventful().world.people().iter().zip(1..) {
            let mut person = *person;
            change(number, &mut person);
            rerun.person_row(number, &person);
        }
        for (place, (number, centre)) in (1..).zip(&centres) {
            rerun.centre_row(*number, place, *centre);
        }
        rerun.trades_row(Day::at(0), cny("0.77"), shells("0.25"));
    };
    assert_eq!(found(&mut |rerun, _| all(rerun, &|_, _| {})), [""; 0]);
    assert_eq!(
        found(&mut |rerun, _| all(rerun, &|_, person| person.partner = crate::Nearest::default())),
        [""; 0]
    );
    assert_eq!(
        found(&mut |rerun, _| all(rerun, &|number, person| person.vip ^= number == 3)),
        ["person vip"]
    );
    assert_eq!(
        found(&mut |rerun, _| all(rerun, &|number, person| if number == 2 {
            person.tier = None
        })),
        ["person tier"]
    );
    let missing = found(&mut |rerun, life| {
        let person = life.world.person(no(1)).unwrap();
        rerun.person_row(1, &person);
        rerun.person_row(6, &person);
        rerun.centre_row(1, 2, centres[1].1);
        rerun.trades_row(Day::at(0), cny("0.78"), shells("0.24"));
        rerun.trades_row(Day::at(0), cny("0.77"), shells("0.25"));
    });
    assert_eq!(
        missing,
        [
            "person member",
            "approved_centre place",
            "approved_centre owner",
            "approved_centre region",
            "approved_centre parent",
            "trade_day cash",
            "trade_day shells",
            "trade_day day",
            "person rows",
            "approved_centre rows",
        ]
    );
    life.register(None);
}

#[test]
fn nobody_is_sold_what_is_not_listed() {
    let mut life = Life::of(Preset::Sport, |rules| {
        rules.shell_price = Price::parse("2.5").unwrap();
        rules.market.listings = true;
    });
    life.line(3);
    let price = |text| Price::parse(text).unwrap();
    let list = |listing, member, at| Event::Listing {
        listing,
        member: no(member),
        amount: shells("1"),
        price: price(at),
    };
    let fill = |listing, seller, amount, at| Fill {
        listing,
        seller: no(seller),
        amount: shells(amount),
        price: price(at),
    };
    for member in [1, 2] {
        life.give(member, Slot::HiShellAvailable, "9");
    }
    life.give(3, Slot::CashAvailable, "99");
    for event in [list(1, 1, "3"), list(2, 2, "2"), list(3, 1, "2"), list(4, 2, "2")] {
        life.does(&event);
    }
    for (listing, member) in [(5, 1), (6, 2)] {
        life.does(&Event::Listing {
            listing,
            member: no(member),
            amount: shells("6"),
            price: price("9"),
        });
    }
    // What the market never fills so: the rules book it all the same.
    let mut found = |fills: Vec<Fill>| {
        let journal = life.does(&Event::Take { taker: no(3), fills });
        let found = findings(&life, &life.journals);
        let _ = life.journals.pop();
        found
            .into_iter()
            .map(|found| (found.row == journal.to_string(), found.column))
            .collect::<Vec<_>>()
    };
    assert_eq!(found(vec![fill(2, 2, "1", "2"), fill(3, 1, "0.5", "2")]), []);
    let of = |column: &str| vec![(true, column.to_owned())];
    assert_eq!(
        found(vec![fill(2, 2, "0.5", "2"), fill(3, 1, "0.5", "2")]),
        of("fills")
    );
    assert_eq!(
        found(vec![fill(1, 1, "1", "3"), fill(2, 2, "0.5", "2")]),
        of("fills")
    );
    assert_eq!(found(vec![fill(4, 2, "1.5", "2")]), of("listing"));
    assert_eq!(found(vec![fill(4, 2, "0.1", "1")]), of("listing"));
    assert_eq!(found(vec![fill(9, 2, "0.1", "2")]), of("listing"));
}

#[test]
fn drops_and_prices_follow_the_schedule_and_the_trades() {
    let rulebook = Preset::Classic.rulebook().unwrap();
    let first = Day::from_number(20_454);
    let priced = |day: Day, units: i64| Posting {
        reason: crate::rule::EVENT.into(),
        entries: Vec::new(),
        fact: Some(Fact::Event(
            Event::Priced {
                day,
                price: Price::from_units(units).unwrap(),
            }
            .encode()
            .unwrap(),
        )),
    };
    let closed = |day: Day, drop: &str| Posting {
        reason: Rule::AIRDROP_DROP.into(),
        entries: Vec::new(),
        fact: Some(Fact::DayClosed {
            day,
            drop: shells(drop).units(),
            network: 0,
        }),
    };
    let found = |journals: &[Posting]| {
        let mut rerun = launched(&rulebook, 0);
        for (posting, seq) in journals.iter().zip(1..) {
            let header = header(first.next().end_ms());
            rerun
                .journal(seq, &header, std::slice::from_ref(posting), |_| Ok::<_, ()>(None))
                .unwrap();
        }
        rerun
            .into_findings()
            .into_iter()
            .map(|found| format!("{} {}", found.row, found.column))
            .collect::<Vec<_>>()
    };
    let right = [
        priced(first, 10_000),
        closed(first, "498"),
        priced(first.next(), 10_000),
    ];
    assert_eq!(found(&right), [""; 0]);
    assert_eq!(found(&[priced(first, 10_001)]), ["1 price"]);
    assert_eq!(
        found(&[priced(first, 10_000), closed(first, "498.00000001")]),
        ["2 drop"]
    );
    assert_eq!(
        found(&[right[0].clone(), right[1].clone(), priced(first.next(), 9_999)]),
        ["3 price"]
    );
    assert_eq!(
        found(&[right[0].clone(), priced(first.next(), 10_000)]),
        ["2 day"]
    );
    let far = first.next().next().next();
    assert_eq!(found(&[right[0].clone(), closed(far, "498")]), ["2 day"]);
}

#[derive(Debug, Clone)]
enum Turn {
    Join(usize),
    Bill(usize, usize, i64),
    Order(usize, i64),
    Pack(usize),
    Refund(usize, i64),
    Appoint(usize),
    Give(usize, i64),
    Refill(i64),
}

fn turn() -> impl Strategy<Value = Turn> {
    let who = 0_usize..1_000;
    let units = 1_i64..1_000_000;
    prop_oneof![
        3 => who.clone().prop_map(Turn::Join),
        4 => (who.clone(), who.clone(), units.clone()).prop_map(|(buyer, store, amount)| Turn::Bill(buyer, store, amount)),
        2 => (who.clone(), units.clone()).prop_map(|(buyer, price)| Turn::Order(buyer, price)),
        1 => who.clone().prop_map(Turn::Pack),
        3 => (who.clone(), units.clone()).prop_map(|(which, part)| Turn::Refund(which, part)),
        1 => who.clone().prop_map(Turn::Appoint),
        1 => (who, units.clone()).prop_map(|(to, amount)| Turn::Give(to, amount)),
        1 => units.prop_map(Turn::Refill),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_happens_the_audit_agrees(turns in prop::collection::vec(turn(), 1..60), classic: bool) {
        let preset = if classic { Preset::Classic } else { Preset::Sport };
        let mut life = Life::of(preset, |rules| {
            rules.offline.offset = Offset::Optional;
            rules.shell_price = Price::parse("2.5").unwrap();
            rules.partners.junior.when.direct = Some(2);
            rules.partners.junior.when.team = None;
        });
        // The pool is soon empty.
        life.line(2);
        let mut bought: Vec<(i64, i64, i64)> = Vec::new();
        for turn in turns {
            let population = life.world.people().len();
            let member = |who: usize| i64::try_from(who % population).unwrap() + 1;
            let _ = match turn {
                Turn::Join(sponsor) => Ok(life.register(Some(member(sponsor)))),
                Turn::Bill(buyer, store, amount) => {
                    let mut event = bill(member(buyer), member(store), "1");
                    event.amount = Amount::from_units(amount * 1_000);
                    let journal = life.book(&Event::Bill(event));
                    bought.extend(journal.as_ref().ok().map(|journal| (*journal, amount * 1_000, 0)));
                    journal
                }
                Turn::Order(buyer, price) => {
                    let mut receipt = goods(member(buyer), "1", "7.77");
                    receipt.lines[0].price = Amount::from_units(price);
                    let journal = life.does(&Event::Receipt(receipt));
                    bought.push((journal, price, 0));
                    Ok(journal)
                }
                Turn::Pack(buyer) => {
                    let lines = vec![order_line(ProductKind::StarterPack, "399.00", "599.00")];
                    Ok(life.does(&Event::Receipt(Receipt { buyer: no(member(buyer)), lines, hi_shell_value: Amount::ZERO })))
                }
                Turn::Refund(which, part) => match bought.len() {
                    0 => Ok(0),
                    count => {
                        let (journal, total, before) = &mut bought[which % count];
                        let after = (*before + part).min(*total);
                        let amount = Amount::from_units;
                        let refund = Refund { payment: None, journal: Some(*journal), total: amount(*total), before: amount(*before), after: amount(after) };
                        *before = after;
                        life.book(&Event::Refund(refund))
                    }
                },
                Turn::Appoint(who) => life.book(&Event::Appointment { member: no(member(who)), tier: PartnerTier::Middle }),
                Turn::Give(to, amount) => Ok(life.does(&Event::Opening { member: no(member(to)), slot: Slot::HiShellAvailable, amount: Amount::from_units(amount) })),
                Turn::Refill(amount) => life.book(&Event::Refill { amount: Amount::from_units(amount) }),
            };
        }
        prop_assert_eq!(findings(&life, &life.journals), []);
    }
}
