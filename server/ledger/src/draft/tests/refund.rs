//! Waiting rewards and refunds: in any number of parts as in one.

use std::collections::BTreeMap;

use super::*;
use crate::Provider;
use proptest::prelude::*;

const POOL: Account = Account::RewardPool;

/// Lets the reward pool rise from the platform's holding, or by its allocation.
fn fill(books: &mut Memory, units: i64) -> Vec<Posting> {
    books
        .book(|draft| {
            draft.post(RULE, |lines| {
                lines.add(Account::Issued(ShellSource::RewardPool), -units)?;
                lines.add(POOL, units)
            })
        })
        .unwrap()
}

fn reward(books: &mut Memory, to: i64, units: i64) -> Vec<Posting> {
    books
        .book(|draft| draft.reward(RULE, member(to), units).map(|_| ()))
        .unwrap()
}

fn shells(books: &Memory, of: i64) -> i64 {
    books.at(Account::Member(member(of), Slot::HiShellAvailable))
        + books.at(Account::Member(member(of), Slot::HiShellDebt))
}

const fn id(journal: i64, posting: u32) -> PostingId {
    PostingId { journal, posting }
}

#[test]
fn when_the_pool_rises_the_oldest_are_paid_whole_and_in_order() {
    let mut books = Memory::default();
    for (to, units) in [(1, 60), (2, 50), (3, 1)] {
        reward(&mut books, to, units);
    }
    let postings = fill(&mut books, 100);
    // The second finds too little, and the third doesn't pass it.
    assert_eq!(postings.len(), 2);
    assert_eq!(postings[1].fact, Some(Fact::Pays(id(1, 0))));
    assert_eq!(postings[1].reason.rule, Rule::WAITING_PAID);
    assert_eq!([1, 2, 3].map(|of| shells(&books, of)), [60, 0, 0]);
    assert_eq!(books.at(POOL), 40);
    let postings = fill(&mut books, 20);
    let paid: Vec<_> = postings
        .iter()
        .filter_map(|posting| posting.fact.clone())
        .collect();
    assert_eq!(paid, [Fact::Pays(id(2, 0)), Fact::Pays(id(3, 0))]);
    assert_eq!([1, 2, 3].map(|of| shells(&books, of)), [60, 50, 1]);
    assert_eq!((books.at(POOL), books.at(Account::Promised)), (9, 0));
}

#[test]
fn what_a_journal_promises_itself_is_paid_when_the_pool_rises_in_it() {
    let mut books = Memory::default();
    let postings = books
        .book(|draft| {
            draft.reward(RULE, member(1), 5)?;
            draft.reward(RULE, member(2), 6)?;
            draft.post(RULE, |lines| {
                lines.add(Account::Issued(ShellSource::RewardPool), -10)?;
                lines.add(POOL, 10)
            })?;
            // The one that still waits is older than this.
            assert_eq!(draft.reward(RULE, member(3), 1)?, Rewarded::Waits);
            Ok(())
        })
        .unwrap();
    assert_eq!(postings[3].fact, Some(Fact::Pays(id(0, 0))));
    assert_eq!([1, 2, 3].map(|of| shells(&books, of)), [5, 0, 0]);
    assert_eq!(
        books.waiting.keys().copied().collect::<Vec<_>>(),
        [id(1, 1), id(1, 4)]
    );
}

#[test]
fn when_the_oldest_shrinks_it_may_be_paid_and_those_behind_it() {
    let mut books = Memory::default();
    fill(&mut books, 40);
    let promised = reward(&mut books, 1, 60);
    reward(&mut books, 2, 10);
    let third = Share::new(1, 3).unwrap();
    let postings = books
        .book(|draft| draft.reverse(&promised[0], id(2, 0), Share::NONE, third))
        .unwrap();
    // 20 of 60 are cancelled; the pool has the other 40, and then nothing for the next.
    assert_eq!(postings.len(), 2);
    assert_eq!((shells(&books, 1), shells(&books, 2), books.at(POOL)), (40, 0, 0));
    // What was paid comes back, and pays the next.
    let whole = Share::new(3, 3).unwrap();
    books
        .book(|draft| draft.reverse(&promised[0], id(2, 0), third, whole))
        .unwrap();
    assert_eq!(
        (shells(&books, 1), shells(&books, 2), books.at(POOL)),
        (0, 10, 30)
    );
    assert_eq!(books.at(Account::Promised), 0);
}

#[test]
fn a_fee_is_given_back_and_repays_the_debt_that_it_made() {
    let mut books = Memory::default();
    let merchant = member(1);
    let outside = Account::Clearing(Provider::Outside);
    books
        .book(|draft| {
            draft.post(RULE, |lines| {
                lines.add(outside, -30)?;
                lines.credit(merchant, Slot::CashAvailable, 30)
            })
        })
        .unwrap();
    let charged = books
        .book(|draft| {
            draft.post(RULE, |lines| {
                lines.take_back(merchant, Slot::CashAvailable, 100)?;
                lines.add(Account::Fees, 100)
            })
        })
        .unwrap();
    let half = Share::new(50, 100).unwrap();
    books
        .book(|draft| draft.reverse(&charged[0], id(2, 0), Share::NONE, half))
        .unwrap();
    assert_eq!(books.at(Account::Member(merchant, Slot::CashDebt)), -20);
    assert_eq!(books.at(Account::Fees), 50);
    let whole = Share::new(100, 100).unwrap();
    books
        .book(|draft| draft.reverse(&charged[0], id(2, 0), half, whole))
        .unwrap();
    assert_eq!(books.at(Account::Member(merchant, Slot::CashDebt)), 0);
    assert_eq!(books.at(Account::Member(merchant, Slot::CashAvailable)), 30);
}

#[test]
fn burns_activation_unfreezing_and_payments_between_members_are_not_undone() {
    let mut books = Memory::default();
    let (amy, bob) = (member(1), member(2));
    let postings = books
        .book(|draft| {
            draft.activate(amy)?;
            draft.post(RULE, |lines| {
                lines.add(Account::Issued(ShellSource::Opening), -100)?;
                lines.credit(amy, Slot::HiShellAvailable, 100)
            })?;
            draft.post(RULE, |lines| {
                lines.take(Account::Member(amy, Slot::HiShellAvailable), 10)?;
                lines.add(Account::Burned, 10)
            })?;
            draft.post(RULE, |lines| {
                lines.take(Account::Member(amy, Slot::HiShellAvailable), 10)?;
                lines.credit(bob, Slot::HiShellAvailable, 10)
            })?;
            draft.grant(RULE, amy, Asset::Challenge, 100)?;
            draft.unfreeze(RULE, amy, 40)
        })
        .unwrap();
    let whole = Share::new(1, 1).unwrap();
    let reversed = books
        .book(|draft| {
            for (posting, index) in postings.iter().zip(0..) {
                draft.reverse(posting, id(1, index), Share::NONE, whole)?;
            }
            Ok(())
        })
        .unwrap();
    // Only the grant is, and it is taken from both buckets.
    let of: Vec<_> = reversed
        .iter()
        .filter_map(|posting| posting.fact.clone())
        .collect();
    assert_eq!(of, [Fact::Reverses(id(1, 4))]);
    assert_eq!(books.at(Account::Member(amy, Slot::ChallengeAvailable)), 0);
    assert_eq!(books.at(Account::Issuance(Slot::ChallengeFrozen)), 0);
}

#[test]
fn a_share_is_between_nothing_and_the_whole_and_never_less_than_before() {
    assert_eq!(Share::new(-1, 2), None);
    assert_eq!(Share::new(3, 2), None);
    assert_eq!(Share::new(0, 0), None);
    let huge = Share::new(i64::MAX, i64::MAX).unwrap();
    assert_eq!(huge.of(i64::MAX), i64::MAX);
    let mut books = Memory::default();
    let granted = books
        .book(|draft| draft.grant(RULE, member(1), Asset::HiValue, 100))
        .unwrap();
    let back = books.book(|draft| {
        let half = Share::new(1, 2).unwrap();
        draft.reverse(&granted[0], id(1, 0), half, Share::NONE)
    });
    assert_eq!(back, Err(LedgerError::NegativeAmount(-50).into()));
}

/// What a purchase gives, and what others do around it.
#[derive(Debug, Clone)]
enum Gain {
    Value(i64, i64),
    Fund(i64, i64),
    Shells(i64, i64),
    Fee(i64, i64),
}

fn gain() -> impl Strategy<Value = Gain> {
    let (to, units) = (1..4_i64, 0..1_000_i64);
    prop_oneof![
        2 => (to.clone(), units.clone()).prop_map(|(to, units)| Gain::Value(to, units)),
        1 => (to.clone(), units.clone()).prop_map(|(to, units)| Gain::Fund(to, units)),
        4 => (to.clone(), units.clone()).prop_map(|(to, units)| Gain::Shells(to, units)),
        1 => (to, units).prop_map(|(to, units)| Gain::Fee(to, units)),
    ]
}

fn give(draft: &mut Draft<&mut Memory>, gain: &Gain) -> Result<(), Refused> {
    match *gain {
        Gain::Value(to, units) => draft.grant(RULE, member(to), Asset::HiValue, units),
        Gain::Fund(to, units) => draft.grant(RULE, member(to), Asset::Challenge, units),
        Gain::Shells(to, units) => draft.reward(RULE, member(to), units).map(|_| ()),
        Gain::Fee(to, units) => draft.post(RULE, |lines| {
            lines.take_back(member(to), Slot::CashAvailable, units)?;
            lines.add(Account::Fees, units)
        }),
    }
}

/// What must hold after every journal.
fn holds(books: &Memory, postings: &[Posting]) {
    for posting in postings {
        check_sums(&posting.reason, &posting.entries).unwrap();
    }
    for (account, &units) in &books.balances {
        assert!(account.may_stand_at(units), "{account} at {units}");
    }
    for number in 1..4 {
        for asset in Asset::ALL {
            let at = |slot| books.at(Account::Member(member(number), slot));
            assert!(at(Slot::debt(asset)) == 0 || takeable(asset).all(|slot| at(slot) == 0));
        }
    }
    let promised: i64 = books.waiting.values().map(|(_, units)| units).sum();
    assert_eq!(books.at(Account::Promised), -promised);
    // Whoever waits finds too little.
    if let Some((_, (_, units))) = books.waiting.first_key_value() {
        assert!(books.at(POOL) < *units);
    }
}

/// Everything that counts: where each stands, and who waits for what.
fn end(books: &Memory) -> (BTreeMap<Account, i64>, BTreeMap<PostingId, (MemberNo, i64)>) {
    let mut balances = books.balances.clone();
    balances.retain(|_, units| *units != 0);
    (balances, books.waiting.clone())
}

proptest! {
    #[test]
    fn refunds_in_any_parts_end_where_one_refund_ends(
        pool in 0..3_000_i64,
        before in prop::collection::vec(gain(), 0..4),
        purchase in prop::collection::vec(gain(), 1..8),
        behind in prop::collection::vec(gain(), 0..4),
        active in any::<bool>(),
        total in 1..10_000_i64,
        parts in prop::collection::vec(0..=1_000_i64, 0..6),
    ) {
        let mut books = Memory::default();
        fill(&mut books, pool);
        for gain in &before {
            let postings = books.book(|draft| give(draft, gain)).unwrap();
            holds(&books, &postings);
        }
        let bought = books
            .book(|draft| purchase.iter().try_for_each(|gain| give(draft, gain)))
            .unwrap();
        let seq = books.journals;
        holds(&books, &bought);
        for gain in &behind {
            books.book(|draft| give(draft, gain)).unwrap();
        }
        if active {
            books.book(|draft| draft.activate(member(1))).unwrap();
        }
        let whole = Share::new(total, total).unwrap();
        let refund = |books: &mut Memory, before, now| {
            let postings = books.book(|draft| {
                for (posting, index) in bought.iter().zip(0..) {
                    draft.reverse(posting, id(seq, index), before, now)?;
                }
                Ok(())
            });
            holds(books, &postings.unwrap());
        };
        let mut at_once = books.clone();
        refund(&mut at_once, Share::NONE, whole);
        let mut cuts: Vec<i64> = parts.iter().map(|part| part * total / 1_000).collect();
        cuts.sort_unstable();
        let mut in_parts = books;
        let mut reached = Share::NONE;
        for cut in cuts {
            let now = Share::new(cut, total).unwrap();
            refund(&mut in_parts, reached, now);
            reached = now;
        }
        refund(&mut in_parts, reached, whole);
        prop_assert_eq!(end(&in_parts), end(&at_once));
    }
}
