use super::*;
use crate::{Store, Tx};
use haigou_contract::{Amount, Asset, Day};
use haigou_ledger::{Account, Draft, MemberNo, Provider, Reason, Rewarded, Rule, ShellSource, Slot};
use haigou_test_postgres::{cases, database};
use proptest::prelude::*;
use std::collections::BTreeMap;

pub(super) type Drafted<'d, 'b, 't, 'c> = &'d mut Draft<&'b mut Books<'t, 'c>>;

pub(super) const RULE: Rule = Rule::new("test.rule");

pub(super) fn member(number: i64) -> MemberNo {
    MemberNo::new(number).unwrap()
}

pub(super) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A database of its own, with its folder.
pub(super) fn store() -> (Store, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&database(folder.path(), "ledger")).unwrap();
    (store, folder)
}

/// One command at a moment.
pub(super) fn at<T>(
    store: &Store,
    at_ms: i64,
    work: impl FnOnce(&mut Books<'_, '_>) -> Result<T, LedgerFailure>,
) -> Result<T, LedgerFailure> {
    store.write_blocking(|tx: &mut Tx<'_>| work(&mut Books::open(tx, at_ms)?))
}

fn book(
    store: &Store,
    key: &str,
    write: impl FnOnce(Drafted<'_, '_, '_, '_>) -> Result<(), LedgerFailure>,
) -> Result<Option<i64>, LedgerFailure> {
    at(store, 0, |books| books.book("test", "event", key, write))
}

fn grant_active(draft: Drafted<'_, '_, '_, '_>, who: MemberNo, units: i64) -> Result<(), LedgerFailure> {
    draft.activate(who)?;
    draft.grant(RULE, who, Asset::HiValue, units)
}

pub(super) fn has(store: &Store, who: MemberNo, slot: Slot) -> String {
    let holdings = store.read_blocking(|reader| holdings(reader, who)).unwrap();
    slot.asset().show(holdings.of(slot))
}

fn report(store: &Store) -> AuditReport {
    store.read_blocking(|reader| audit(reader)).unwrap()
}

fn drop_of(text: &str) -> i64 {
    Asset::HiShell.parse(text).unwrap().units()
}

#[test]
fn a_share_is_settled_when_it_is_first_touched_and_seen_before() {
    let (store, _folder) = store();
    let (amy, bob) = (member(1), member(2));
    book(&store, "a", |draft| grant_active(draft, amy, 100_000)).unwrap();
    book(&store, "b", |draft| grant_active(draft, bob, 9_900_000)).unwrap();
    let first = day("2026-01-01");
    at(&store, 1, |books| books.close_day(first, drop_of("498"))).unwrap();
    assert_eq!(has(&store, amy, Slot::HiShellAvailable), "4.98000000");
    let pool = |store: &Store| store.read_blocking(|reader| supply(reader)).unwrap().airdrop_pool;
    assert_eq!(
        pool(&store),
        Amount::from_units(drop_of("498")),
        "nothing is booked yet"
    );
    // More Hi-Value: the day before is settled on what he had then, the next one counts the new.
    at(&store, 2, |books| {
        books.book("test", "", "c", |draft| {
            draft.grant(RULE, amy, Asset::HiValue, 100_000)
        })
    })
    .unwrap();
    assert_eq!(pool(&store), Amount::from_units(drop_of("493.02")));
    at(&store, 3, |books| books.close_day(first.next(), drop_of("498"))).unwrap();
    at(&store, 4, |books| Ok(books.settle(amy)?)).unwrap();
    let second = i128::from(drop_of("498")) * 200_000 / 10_100_000;
    let both = i128::from(drop_of("4.98")) + second;
    assert_eq!(
        has(&store, amy, Slot::HiShellAvailable),
        Asset::HiShell.show(Amount::from_units(both.try_into().unwrap()))
    );
    let journals = report(&store).journals;
    at(&store, 5, |books| Ok(books.settle(amy)?)).unwrap();
    assert_eq!(
        report(&store).journals,
        journals,
        "a second settling finds nothing to book"
    );
    assert_eq!(report(&store).findings, Vec::new());
}

#[test]
fn who_becomes_active_later_has_no_share_of_the_days_before() {
    let (store, _folder) = store();
    let (amy, bob) = (member(1), member(2));
    book(&store, "a", |draft| grant_active(draft, amy, 100)).unwrap();
    book(&store, "b", |draft| draft.grant(RULE, bob, Asset::HiValue, 300)).unwrap();
    let first = day("2026-01-01");
    at(&store, 1, |books| books.close_day(first, drop_of("498"))).unwrap();
    at(&store, 2, |books| {
        books.book("test", "", "c", |draft| draft.activate(bob))
    })
    .unwrap();
    assert_eq!(has(&store, bob, Slot::HiShellAvailable), "0.00000000");
    at(&store, 3, |books| books.close_day(first.next(), drop_of("498"))).unwrap();
    assert_eq!(has(&store, bob, Slot::HiShellAvailable), "373.50000000");
    let days = store
        .read_blocking(|reader| airdrop_days(reader, bob, None, 10))
        .unwrap();
    let shown: Vec<_> = days
        .iter()
        .map(|d| (d.day.day, d.own, d.day.network, d.day.share))
        .collect();
    assert_eq!(
        shown,
        [(first.next(), 300, 400, drop_of("373.5")), (first, 0, 100, 0)]
    );
    assert!(report(&store).ok);
}

#[test]
fn without_active_members_a_drop_is_forfeited_and_the_schedule_goes_on() {
    let (store, _folder) = store();
    let first = day("2026-01-01");
    let closed = at(&store, 1, |books| books.close_day(first, drop_of("498"))).unwrap();
    assert_eq!(closed.issued(), 0);
    let whole = store.read_blocking(|reader| supply(reader)).unwrap();
    assert_eq!(whole.hi_shell_issued, Amount::ZERO);
    let negative = at(&store, 2, |books| books.close_day(first.next(), -1));
    assert_eq!(negative, Err(LedgerError::NegativeAmount(-1).into()));
    let twice = at(&store, 2, |books| books.close_day(first, 1));
    let expected = LedgerError::DayOutOfOrder {
        day: first,
        expected: first.next(),
    };
    assert_eq!(twice, Err(expected.into()));
    assert_eq!(
        at(&store, 2, |books| Ok(books.newest_day()))
            .unwrap()
            .map(|day| day.day),
        Some(first)
    );
    assert!(report(&store).ok);
}

#[test]
fn drops_end_at_the_cap() {
    let (store, _folder) = store();
    at(&store, 0, |books| books.allocate_reward_pool(drop_of("389990"))).unwrap();
    book(&store, "a", |draft| grant_active(draft, member(1), 1)).unwrap();
    let first = day("2026-01-01");
    let over = at(&store, 1, |books| books.close_day(first, drop_of("10.00000001")));
    let expected = LedgerError::CapExceeded {
        left: drop_of("10"),
        asked: drop_of("10.00000001"),
    };
    assert_eq!(over, Err(expected.into()));
    at(&store, 1, |books| books.close_day(first, drop_of("10"))).unwrap();
    at(&store, 2, |books| books.close_day(first.next(), 0)).unwrap();
    let whole = store.read_blocking(|reader| supply(reader)).unwrap();
    assert_eq!(Asset::HiShell.show(whole.hi_shell_issued), "390000.00000000");
    assert_eq!(Asset::HiShell.show(whole.hi_shell_airdropped), "10.00000000");
    assert_eq!(Asset::HiShell.show(whole.circulating()), "10.00000000");
    assert!(report(&store).ok);
}

#[test]
fn a_key_is_booked_once_and_time_never_goes_back() {
    let (store, _folder) = store();
    let write = |draft: Drafted<'_, '_, '_, '_>| draft.grant(RULE, member(1), Asset::Challenge, 5);
    let seq = at(&store, 10, |books| books.book("test", "", "same", write)).unwrap();
    assert_eq!(seq, Some(1));
    let again = at(&store, 11, |books| books.book("test", "", "same", write));
    assert_eq!(again, Err(LedgerError::Duplicate("same".to_owned()).into()));
    let earlier = at(&store, 9, |books| books.book("test", "", "other", write));
    assert_eq!(
        earlier,
        Err(LedgerError::TimeGoesBack {
            newest_ms: 10,
            at_ms: 9
        }
        .into())
    );
    let nothing = at(&store, 12, |books| {
        books.book("test", "", "empty", |_| Ok::<_, LedgerFailure>(()))
    });
    assert_eq!(nothing, Ok(None));
    assert_eq!(
        store
            .read_blocking(|reader| journal_of_key(reader, "same"))
            .unwrap(),
        Some(1)
    );
    assert_eq!(has(&store, member(1), Slot::ChallengeFrozen), "0.05");
}

#[test]
fn a_statement_has_every_line_once_newest_first_on_pages_of_any_size() {
    let (store, _folder) = store();
    let amy = member(1);
    book(&store, "a", |draft| {
        grant_active(draft, amy, 100)?;
        draft.grant(
            Reason::new(RULE).with("challenge", 5_u32),
            amy,
            Asset::Challenge,
            5,
        )?;
        draft.unfreeze(RULE, amy, 2)
    })
    .unwrap();
    at(&store, 1, |books| {
        books.close_day(day("2026-01-01"), drop_of("3"))
    })
    .unwrap();
    at(&store, 1, |books| {
        books.close_day(day("2026-01-02"), drop_of("2"))
    })
    .unwrap();
    at(&store, 2, |books| {
        books.book("test", "gift", "b", |draft| {
            draft.grant(RULE, member(2), Asset::HiValue, 1)?;
            draft.grant(RULE, amy, Asset::HiValue, 7)
        })
    })
    .unwrap();
    let page = |asset, before, limit| {
        store
            .read_blocking(|reader| statement(reader, amy, asset, before, limit))
            .unwrap()
    };
    let all = page(None, None, 100);
    let shown: Vec<_> = all
        .iter()
        .map(|l| (l.slot.to_string(), l.slot.asset().show(l.amount)))
        .collect();
    let expected = [
        ("hi_value.active", "0.07"),
        ("hi_shell.available", "2.00000000"),
        ("hi_shell.available", "3.00000000"),
        ("challenge.available", "0.02"),
        ("challenge.frozen", "-0.02"),
        ("challenge.frozen", "0.05"),
        ("hi_value.active", "1.00"),
    ];
    assert_eq!(
        shown,
        expected.map(|(slot, amount)| (slot.to_owned(), amount.to_owned()))
    );
    assert_eq!(
        all[5].reason.figures,
        Reason::new(RULE).with("challenge", 5_u32).figures
    );
    let figures: Vec<_> = all[2]
        .reason
        .figures
        .iter()
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    assert_eq!(
        figures,
        ["day 2026-01-01", "drop 3.00000000", "network 1.00", "own 1.00"]
    );
    for limit in 1..5 {
        let mut paged = Vec::new();
        let mut before = None;
        loop {
            let lines = page(None, before, limit);
            let Some(last) = lines.last() else { break };
            before = Some(last.cursor.to_string().parse().unwrap());
            paged.extend(lines);
        }
        assert_eq!(paged, all, "pages of {limit}");
    }
    let shells = page(Some(Asset::HiShell), None, 1);
    assert_eq!(shells, all[1..2]);
    assert_eq!(page(Some(Asset::HiShell), Some(shells[0].cursor), 5), all[2..3]);
    assert_eq!(page(Some(Asset::Cash), None, 5), []);
}

#[test]
fn a_share_repays_a_debt_of_hi_shell_first_and_the_statement_says_so_day_by_day() {
    let (store, _folder) = store();
    let amy = member(1);
    book(&store, "a", |draft| {
        grant_active(draft, amy, 100)?;
        draft.post(RULE, |lines| {
            lines.take_back(amy, Slot::HiShellAvailable, drop_of("4"))?;
            lines.add(Account::Holding, drop_of("4"))
        })
    })
    .unwrap();
    assert_eq!(has(&store, amy, Slot::HiShellDebt), "4.00000000");
    for date in ["2026-01-01", "2026-01-02"] {
        at(&store, 1, |books| books.close_day(day(date), drop_of("3"))).unwrap();
    }
    let seen = [
        has(&store, amy, Slot::HiShellDebt),
        has(&store, amy, Slot::HiShellAvailable),
    ];
    at(&store, 2, |books| Ok(books.settle(amy)?)).unwrap();
    let booked = [
        has(&store, amy, Slot::HiShellDebt),
        has(&store, amy, Slot::HiShellAvailable),
    ];
    assert_eq!(booked, ["0.00000000", "2.00000000"]);
    assert_eq!(seen, booked);
    let lines = store
        .read_blocking(|reader| statement(reader, amy, Some(Asset::HiShell), None, 3))
        .unwrap();
    let shown: Vec<_> = lines
        .iter()
        .map(|l| (l.slot, Asset::HiShell.show(l.amount)))
        .collect();
    let expected = [
        (Slot::HiShellAvailable, "2.00000000"),
        (Slot::HiShellDebt, "-1.00000000"),
        (Slot::HiShellDebt, "-3.00000000"),
    ];
    assert_eq!(shown, expected.map(|(slot, amount)| (slot, amount.to_owned())));
    assert!(report(&store).ok);
}

#[test]
fn rewards_wait_in_their_order() {
    let (store, _folder) = store();
    at(&store, 0, |books| books.allocate_reward_pool(100)).unwrap();
    let (amy, bob) = (member(1), member(2));
    book(&store, "a", |draft| {
        assert_eq!(draft.reward(RULE, amy, 90)?, Rewarded::Paid);
        assert_eq!(draft.reward(RULE, bob, 11)?, Rewarded::Waits);
        assert_eq!(draft.reward(RULE, amy, 1)?, Rewarded::Waits);
        Ok(())
    })
    .unwrap();
    let queue = store.read_blocking(|reader| waiting(reader, None, 10)).unwrap();
    let shown: Vec<_> = queue.iter().map(|reward| (reward.member, reward.units)).collect();
    assert_eq!(shown, [(bob, 11), (amy, 1)]);
    let rest = store
        .read_blocking(|reader| waiting(reader, Some(queue[0].id), 10))
        .unwrap();
    assert_eq!(rest, queue[1..]);
    let holdings = store.read_blocking(|reader| holdings(reader, bob)).unwrap();
    assert_eq!(holdings.waiting, Amount::from_units(11));
    assert_eq!(
        store.read_blocking(|reader| supply(reader)).unwrap().waiting,
        Amount::from_units(12)
    );
    assert!(report(&store).ok);
}

#[test]
fn journals_name_the_rulebook_in_force() {
    let (store, _folder) = store();
    let version = |now| {
        let key = format!("at {now}");
        let seq = at(&store, now, |books| {
            books.book("test", "", key, |draft| {
                draft.grant(RULE, member(1), Asset::Challenge, 1)
            })
        });
        let journal = store
            .read_blocking(|reader| journal(reader, seq.unwrap().unwrap()))
            .unwrap()
            .unwrap();
        journal.header.rulebook
    };
    assert_eq!(version(0), 0);
    assert_eq!(at(&store, 5, |books| books.start_rulebook(5, "{}")).unwrap(), 1);
    assert_eq!(at(&store, 6, |books| books.start_rulebook(10, "{ }")).unwrap(), 2);
    assert_eq!(version(9), 1);
    assert_eq!(version(10), 2);
    let text = |now| {
        store
            .read_blocking(|reader| rulebook_in_force(reader, now))
            .unwrap()
            .map(|r| r.text)
    };
    assert_eq!(
        [text(4), text(9), text(10)],
        [None, Some("{}".to_owned()), Some("{ }".to_owned())]
    );
    assert!(report(&store).ok);
}

#[derive(Debug, Clone)]
enum Event {
    Grant(i64, i64),
    Activate(i64),
    TakeBack(i64, i64),
    Close(i64),
    Settle(i64),
    Cash(i64, i64),
}

fn event() -> impl Strategy<Value = Event> {
    let who = 1..5_i64;
    let units = 0..1000_i64;
    prop_oneof![
        (who.clone(), units.clone()).prop_map(|(who, units)| Event::Grant(who, units)),
        who.clone().prop_map(Event::Activate),
        (who.clone(), units.clone()).prop_map(|(who, units)| Event::TakeBack(who, units)),
        (0..498_0000_0000_i64).prop_map(Event::Close),
        who.clone().prop_map(Event::Settle),
        (who, units).prop_map(|(who, units)| Event::Cash(who, units)),
    ]
}

/// The airdrop without laziness: everybody's share is paid on the day, from whole-network sums.
#[derive(Default)]
struct Naive {
    hi_value: BTreeMap<i64, i64>,
    active: BTreeMap<i64, bool>,
    shells: BTreeMap<i64, i64>,
}

impl Naive {
    fn key_of(&self, who: i64) -> i64 {
        let is_active = self.active.get(&who).copied().unwrap_or(false);
        if is_active {
            self.hi_value.get(&who).copied().unwrap_or(0).max(0)
        } else {
            0
        }
    }

    fn happens(&mut self, event: &Event) {
        match *event {
            // A negative figure is a debt.
            Event::Grant(who, units) => *self.hi_value.entry(who).or_default() += units,
            Event::TakeBack(who, units) => *self.hi_value.entry(who).or_default() -= units,
            Event::Activate(who) => {
                self.active.insert(who, true);
            }
            Event::Close(drop) => {
                let network: i64 = (1..5).map(|who| self.key_of(who)).sum();
                for who in 1..5 {
                    let product = i128::from(self.key_of(who)) * i128::from(drop);
                    let share = if network == 0 {
                        0
                    } else {
                        product / i128::from(network)
                    };
                    *self.shells.entry(who).or_default() += i64::try_from(share).unwrap();
                }
            }
            Event::Settle(_) | Event::Cash(..) => {}
        }
    }
}

fn happens(store: &Store, number: i64, event: &Event) -> Result<(), LedgerFailure> {
    let key = format!("event {number}");
    at(store, number, |books| {
        match *event {
            Event::Close(drop) => {
                let next = books
                    .newest_day()
                    .map_or(day("2026-01-01"), |newest| newest.day.next());
                books.close_day(next, drop)?;
                return Ok(());
            }
            Event::Settle(who) => return Ok(books.settle(member(who))?),
            _ => {}
        }
        books.book("test", "", key, |draft| match *event {
            Event::Grant(who, units) => draft.grant(RULE, member(who), Asset::HiValue, units),
            Event::Activate(who) => draft.activate(member(who)),
            Event::TakeBack(who, units) => draft.post(RULE, |lines| {
                lines.take_back(member(who), Slot::HiValueActive, units)
            }),
            Event::Cash(who, units) => draft.post(RULE, |lines| {
                lines.take(Account::Clearing(Provider::Outside), units)?;
                lines.credit(member(who), Slot::CashAvailable, units)
            }),
            Event::Close(_) | Event::Settle(_) => Ok(()),
        })?;
        Ok(())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(48)))]

    /// Lazy settlement gives everybody, to the last digit, what paying each day would have given, whenever and in
    /// whatever order members are touched; statements add up to what members have; and the audit of the tables finds
    /// nothing, in passes of any size.
    #[test]
    fn lazy_is_the_same_as_daily(events in prop::collection::vec(event(), 1..40), pass in 1..6_i64) {
        let (store, _folder) = store();
        let mut naive = Naive::default();
        for (number, event) in (0_i64..).zip(&events) {
            happens(&store, number, event).unwrap();
            naive.happens(event);
        }
        for who in 1..5 {
            let holdings = store.read_blocking(|reader| holdings(reader, member(who))).unwrap();
            let shells = naive.shells.get(&who).copied().unwrap_or(0);
            prop_assert_eq!(holdings.of(Slot::HiShellAvailable), Amount::from_units(shells));
            let days = store.read_blocking(|reader| airdrop_days(reader, member(who), None, 100)).unwrap();
            prop_assert_eq!(days.iter().map(|day| day.day.share).sum::<i64>(), shells);
            let hi_value = naive.hi_value.get(&who).copied().unwrap_or(0);
            prop_assert_eq!(holdings.of(Slot::HiValueDebt), Amount::from_units((-hi_value).max(0)));
            prop_assert_eq!(holdings.of(Slot::HiValueActive), Amount::from_units(naive.key_of(who)));
        }
        for who in (1..5).map(member) {
            at(&store, i64::MAX, |books| Ok(books.settle(who)?)).unwrap();
            let mut sums = BTreeMap::<Slot, i64>::new();
            for line in store.read_blocking(|reader| statement(reader, who, None, None, u32::MAX)).unwrap() {
                *sums.entry(line.slot).or_default() += line.amount.units();
            }
            for (slot, amount) in store.read_blocking(|reader| holdings(reader, who)).unwrap().iter() {
                prop_assert_eq!(sums.get(&slot).copied().unwrap_or(0), amount.units(), "{}", slot);
            }
        }
        let whole = store.read_blocking(|reader| supply(reader)).unwrap();
        let network: i64 = (1..5).map(|who| naive.key_of(who)).sum();
        prop_assert_eq!(whole.hi_value_active, Amount::from_units(network));
        let all = store.read_blocking(|reader| audit(reader)).unwrap();
        prop_assert_eq!(&all.findings, &[]);
        let sliced = store.read_blocking(|reader| super::audit::audit_in_passes(reader, pass, |_, _| Ok(()))).unwrap();
        prop_assert_eq!(sliced, all);
    }
}

#[test]
fn an_opening_balance_of_hi_shell_counts_as_issued() {
    let (store, _folder) = store();
    book(&store, "a", |draft| {
        draft.post(RULE, |lines| {
            lines.take(Account::Issued(ShellSource::Opening), drop_of("100"))?;
            lines.credit(member(1), Slot::HiShellAvailable, drop_of("100"))
        })?;
        draft.post(RULE, |lines| {
            lines.take(Account::Member(member(1), Slot::HiShellAvailable), drop_of("40"))?;
            lines.add(Account::Burned, drop_of("40"))
        })
    })
    .unwrap();
    let whole = store.read_blocking(|reader| supply(reader)).unwrap();
    assert_eq!(Asset::HiShell.show(whole.hi_shell_issued), "100.00000000");
    assert_eq!(Asset::HiShell.show(whole.hi_shell_airdropped), "0.00000000");
    assert_eq!(Asset::HiShell.show(whole.circulating()), "60.00000000");
    assert!(report(&store).ok);
}
