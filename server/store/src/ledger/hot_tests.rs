//! What the writer knows by heart never differs from the tables: batches end where single commands end.

use super::tests::{RULE, day, member, store};
use super::*;
use crate::{Store, Tx};
use haigou_contract::{Asset, Day};
use haigou_ledger::{Account, PostingId, Share, ShellSource, Slot};
use haigou_test_postgres::cases;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Deed {
    Activate(i64),
    Grant(i64, i64),
    Reward(i64, i64),
    Fill(i64),
    Reverse(i64, u32),
    CloseDay,
    Settle(i64),
    /// Somebody reads the ledger's tables in the midst of it.
    Look(i64),
    /// What fails in it is undone, and the command goes on.
    Within(Vec<Deed>, bool),
}

fn deed() -> impl Strategy<Value = Deed> {
    let (who, units) = (1..5_i64, 0..50_i64);
    let deed = prop_oneof![
        1 => who.clone().prop_map(Deed::Activate),
        3 => (who.clone(), units.clone()).prop_map(|(who, units)| Deed::Grant(who, units)),
        3 => (who.clone(), units.clone()).prop_map(|(who, units)| Deed::Reward(who, units)),
        1 => units.prop_map(Deed::Fill),
        2 => (1..12_i64, 0..3_u32).prop_map(|(journal, posting)| Deed::Reverse(journal, posting)),
        1 => Just(Deed::CloseDay),
        1 => who.clone().prop_map(Deed::Settle),
        1 => who.prop_map(Deed::Look),
    ];
    deed.prop_recursive(2, 8, 4, |deed| {
        (prop::collection::vec(deed, 0..4), any::<bool>())
            .prop_map(|(deeds, refused)| Deed::Within(deeds, refused))
    })
}

const FIRST: &str = "2026-01-01";

/// Does the deeds; what was looked at is noted.
fn run(tx: &mut Tx<'_>, at_ms: i64, deeds: &[Deed], seen: &mut Vec<String>) -> Result<(), LedgerFailure> {
    for (deed, index) in deeds.iter().zip(0..) {
        let depth = seen.len();
        match deed {
            Deed::Look(who) => {
                seen.push(format!("{:?} {:?}", holdings(tx, member(*who))?, head(tx)?));
                continue;
            }
            Deed::Within(deeds, refused) => {
                let _undone = tx.savepoint(|tx| {
                    run(tx, at_ms, deeds, seen)?;
                    if *refused { Err(refusal()) } else { Ok(()) }
                });
                continue;
            }
            _ => {}
        }
        let mut books = Books::open(tx, at_ms)?;
        let key = format!("{at_ms}, {depth}, {index}");
        match *deed {
            Deed::CloseDay => {
                let next = books.newest_day().map_or(day(FIRST), |closed| closed.day.next());
                books.close_day(next, 498)?;
                continue;
            }
            Deed::Settle(who) => {
                books.settle(member(who))?;
                continue;
            }
            Deed::Reverse(seq, posting) => {
                let Some(journal) = books.journal(seq)? else {
                    continue;
                };
                let Some(reversed) = journal.postings.get(usize::try_from(posting).unwrap_or(0)) else {
                    continue;
                };
                let whole = Share::new(1, 1).unwrap();
                let id = PostingId {
                    journal: seq,
                    posting,
                };
                // Again and again, if it comes so: the rules would forbid that, the ledger books it.
                books.book("test", "refund", key, |draft| {
                    draft.reverse(reversed, id, Share::NONE, whole)
                })?;
                continue;
            }
            _ => {}
        }
        books.book("test", "event", key, |draft| match *deed {
            Deed::Activate(who) => draft.activate(member(who)),
            Deed::Grant(who, units) => draft.grant(RULE, member(who), Asset::HiValue, units),
            Deed::Reward(who, units) => draft.reward(RULE, member(who), units).map(|_| ()),
            Deed::Fill(units) => draft.post(RULE, |lines| {
                lines.take(Account::Issued(ShellSource::RewardPool), units)?;
                lines.add(Account::RewardPool, units)
            }),
            _ => Ok(()),
        })?;
    }
    Ok(())
}

fn refusal() -> LedgerFailure {
    haigou_ledger::LedgerError::NoSuchMember(0).into()
}

/// Every row of every table of the ledger, in words.
fn dump(store: &Store) -> Vec<String> {
    let newest = store.read_blocking(|reader| head(reader)).unwrap().seq;
    let mut all = Vec::new();
    store
        .read_blocking(|reader| {
            for seq in 1..=newest {
                all.push(format!("{:?}", journal(reader, seq)?));
            }
            for who in 1..5 {
                all.push(format!("{:?}", holdings(reader, member(who))?));
                all.push(format!(
                    "{:?}",
                    statement(reader, member(who), None, None, 1_000)?
                ));
                all.push(format!("{:?}", airdrop_days(reader, member(who), None, 100)?));
            }
            all.push(format!("{:?}", waiting(reader, None, 1_000)?));
            all.push(format!("{:?}", supply(reader)?));
            Ok::<_, LedgerFailure>(())
        })
        .unwrap();
    all
}

type Batches = Vec<Vec<(Vec<Deed>, bool)>>;

/// Runs the commands, each batch in one transaction or each command in its own.
fn all(batches: &Batches, together: bool) -> (Vec<String>, Vec<String>) {
    let (store, _folder) = store();
    let mut seen = Vec::new();
    let mut at_ms = 0;
    for batch in batches {
        let mut command = |tx: &mut Tx<'_>, deeds: &[Deed], refused: bool| {
            at_ms += 1;
            let before = seen.len();
            let done = tx.savepoint(|tx| {
                run(tx, at_ms, deeds, &mut seen)?;
                if refused { Err(refusal()) } else { Ok(()) }
            });
            let outcome = format!("{done:?}");
            seen.truncate(if done.is_ok() { seen.len() } else { before });
            seen.push(outcome);
            Ok::<_, StoreError>(())
        };
        if together {
            let mut writer = store.writer().unwrap();
            let done = writer.transact(|tx| {
                batch
                    .iter()
                    .try_for_each(|(deeds, refused)| command(tx, deeds, *refused))?;
                tx.finish()
            });
            done.unwrap();
            writer.memories().tidy();
        } else {
            for (deeds, refused) in batch {
                store.write_blocking(|tx| command(tx, deeds, *refused)).unwrap();
            }
        }
    }
    let report = store.read_blocking(|reader| audit(reader)).unwrap();
    assert_eq!(report.findings, []);
    (dump(&store), seen)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(48)))]

    #[test]
    fn batches_end_where_single_commands_end(
        batches in prop::collection::vec(
            prop::collection::vec((prop::collection::vec(deed(), 1..6), prop::bool::weighted(0.25)), 1..6),
            1..4,
        ),
    ) {
        prop_assert_eq!(all(&batches, true), all(&batches, false));
    }
}

#[test]
fn settling_in_the_midst_of_a_draft_is_undone_with_it() {
    let (store, _folder) = store();
    let amy = member(1);
    let first: Day = day(FIRST);
    store
        .write_blocking(|tx| {
            let mut books = Books::open(tx, 1)?;
            books.book("test", "", "a", |draft| {
                draft.activate(amy)?;
                draft.grant(RULE, amy, Asset::HiValue, 100)
            })?;
            books.close_day(first, 498)?;
            // The refused command settles her; the next one does so again.
            let refused = tx.savepoint(|tx| {
                let mut books = Books::open(tx, 2)?;
                books.book("test", "", "b", |draft| draft.grant(RULE, amy, Asset::HiValue, 1))?;
                Err::<(), _>(refusal())
            });
            assert!(refused.is_err());
            let mut books = Books::open(tx, 3)?;
            let settled = books.book("test", "", "c", |draft| {
                let shells = draft.balance(Account::Member(amy, Slot::HiShellAvailable))?;
                assert_eq!(shells, 498);
                draft.grant(RULE, amy, Asset::HiValue, 1)
            })?;
            assert_eq!(settled, Some(4));
            Ok::<_, LedgerFailure>(())
        })
        .unwrap();
    assert_eq!(store.read_blocking(|reader| audit(reader)).unwrap().findings, []);
}
