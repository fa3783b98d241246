mod refund;

use std::collections::BTreeMap;
use std::convert::Infallible;

use proptest::prelude::*;

use super::*;
use crate::Posting;

/// Balances in memory; a draft is applied to them.
#[derive(Debug, Default, Clone)]
pub(super) struct Memory {
    pub(super) balances: BTreeMap<Account, i64>,
    active: Vec<MemberNo>,
    pub(super) waiting: BTreeMap<PostingId, (MemberNo, i64)>,
    pub(super) journals: i64,
}

pub(super) type Refused = BookError<Infallible>;

impl Balances for Memory {
    type Error = Infallible;

    fn balance(&mut self, account: Account) -> Result<i64, Infallible> {
        Ok(self.balances.get(&account).copied().unwrap_or(0))
    }

    fn is_active(&mut self, member: MemberNo) -> Result<bool, Infallible> {
        Ok(self.active.contains(&member))
    }

    fn next_waiting(&mut self, after: Option<PostingId>) -> Result<Option<Waiting>, Infallible> {
        let mut waiting = self
            .waiting
            .iter()
            .filter(|(id, _)| after.is_none_or(|after| **id > after));
        Ok(waiting
            .next()
            .map(|(&id, &(member, units))| Waiting { id, member, units }))
    }
}

impl Memory {
    pub(super) fn book(
        &mut self,
        write: impl FnOnce(&mut Draft<&mut Self>) -> Result<(), Refused>,
    ) -> Result<Vec<Posting>, Refused> {
        let header = Header {
            kind: "test".into(),
            cause: String::new(),
            key: String::new(),
            rulebook: 1,
            at_ms: 0,
        };
        let mut draft = Draft::new(&mut *self, header);
        write(&mut draft)?;
        let Some(journal) = draft.finish() else {
            return Ok(Vec::new());
        };
        for &(account, units) in &journal.balances {
            self.balances.insert(account, units);
        }
        for posting in &journal.postings {
            if let Some(Fact::Activated(member)) = posting.fact {
                self.active.push(member);
            }
        }
        self.journals += 1;
        self.queue(&journal.postings);
        Ok(journal.postings)
    }

    fn queue(&mut self, postings: &[Posting]) {
        for (posting, index) in postings.iter().zip(0..) {
            let own = PostingId {
                journal: 0,
                posting: index,
            };
            for entry in &posting.entries {
                let Account::Waiting(member) = entry.account else {
                    continue;
                };
                let place = match posting.fact {
                    Some(Fact::Pays(id) | Fact::Reverses(id)) => id,
                    _ => own,
                };
                let place = place.seen_from(self.journals);
                let (owner, left) = self.waiting.entry(place).or_insert((member, 0));
                assert_eq!(*owner, member);
                *left += entry.units;
                if *left == 0 {
                    self.waiting.remove(&place);
                }
            }
        }
    }

    pub(super) fn at(&self, account: Account) -> i64 {
        self.balances.get(&account).copied().unwrap_or(0)
    }
}

pub(super) fn member(number: i64) -> MemberNo {
    MemberNo::new(number).unwrap()
}

pub(super) const RULE: Rule = Rule::new("test.rule");

#[test]
fn later_postings_see_earlier_ones() {
    let mut books = Memory::default();
    let amy = member(1);
    let postings = books
        .book(|draft| {
            draft.grant(RULE, amy, Asset::Challenge, 6700)?;
            draft.unfreeze(RULE, amy, 6)?;
            let frozen = draft.balance(Account::Member(amy, Slot::ChallengeFrozen))?;
            assert_eq!(frozen, 6694);
            draft.unfreeze(RULE, amy, frozen)?;
            draft.grant(RULE, amy, Asset::HiValue, 0)
        })
        .unwrap();
    assert_eq!(postings.len(), 3, "nothing is posted for nothing");
    assert_eq!(books.at(Account::Member(amy, Slot::ChallengeAvailable)), 6700);
    assert_eq!(books.at(Account::Issuance(Slot::ChallengeAvailable)), -6700);
    assert_eq!(books.at(Account::Issuance(Slot::ChallengeFrozen)), 0);
}

#[test]
fn becoming_active_moves_what_was_inactive_and_later_grants_are_active() {
    let mut books = Memory::default();
    let bob = member(2);
    books
        .book(|draft| draft.grant(RULE, bob, Asset::HiValue, 30_000))
        .unwrap();
    assert_eq!(books.at(Account::Member(bob, Slot::HiValueInactive)), 30_000);
    let postings = books
        .book(|draft| {
            draft.activate(bob)?;
            draft.activate(bob)?;
            draft.grant(RULE, bob, Asset::HiValue, 59_900)
        })
        .unwrap();
    assert_eq!(postings.len(), 2);
    assert_eq!(books.at(Account::Member(bob, Slot::HiValueInactive)), 0);
    assert_eq!(books.at(Account::Issuance(Slot::HiValueActive)), -89_900);
    assert_eq!(books.book(|draft| draft.activate(bob)).unwrap(), Vec::new());
}

#[test]
fn a_reversal_takes_from_the_bucket_then_the_others_then_books_debt_and_a_credit_repays_it_first() {
    let mut books = Memory::default();
    let amy = member(1);
    books
        .book(|draft| {
            draft.grant(RULE, amy, Asset::Challenge, 100)?;
            draft.unfreeze(RULE, amy, 40)
        })
        .unwrap();
    books
        .book(|draft| draft.post(RULE, |lines| lines.take_back(amy, Slot::ChallengeFrozen, 130)))
        .unwrap();
    assert_eq!(books.at(Account::Member(amy, Slot::ChallengeFrozen)), 0);
    assert_eq!(books.at(Account::Member(amy, Slot::ChallengeAvailable)), 0);
    assert_eq!(books.at(Account::Member(amy, Slot::ChallengeDebt)), -30);
    assert_eq!(books.at(Account::Issuance(Slot::ChallengeDebt)), 30);
    books
        .book(|draft| draft.grant(RULE, amy, Asset::Challenge, 50))
        .unwrap();
    assert_eq!(books.at(Account::Member(amy, Slot::ChallengeDebt)), 0);
    assert_eq!(books.at(Account::Member(amy, Slot::ChallengeFrozen)), 20);
}

#[test]
fn what_is_held_is_not_taken_back_and_its_release_repays_the_debt() {
    let mut books = Memory::default();
    let amy = member(1);
    books
        .book(|draft| {
            draft.post(RULE, |lines| {
                lines.add(Account::Issued(ShellSource::Opening), -100)?;
                lines.credit(amy, Slot::HiShellAvailable, 100)
            })?;
            draft.post(RULE, |lines| lines.hold(amy, Asset::HiShell, 80))?;
            draft.post(RULE, |lines| {
                lines.take_back(amy, Slot::HiShellAvailable, 50)?;
                lines.add(Account::RewardPool, 50)
            })
        })
        .unwrap();
    assert_eq!(books.at(Account::Member(amy, Slot::HiShellHeld)), 80);
    assert_eq!(books.at(Account::Member(amy, Slot::HiShellDebt)), -30);
    books
        .book(|draft| draft.post(RULE, |lines| lines.release(amy, Asset::HiShell, 80)))
        .unwrap();
    assert_eq!(books.at(Account::Member(amy, Slot::HiShellDebt)), 0);
    assert_eq!(books.at(Account::Member(amy, Slot::HiShellAvailable)), 50);
}

#[test]
fn a_reward_is_paid_whole_or_waits_and_then_the_next_ones_wait_too() {
    let mut books = Memory::default();
    let (amy, bob) = (member(1), member(2));
    books
        .book(|draft| {
            draft.post(RULE, |lines| {
                lines.add(Account::Issued(ShellSource::RewardPool), -100)?;
                lines.add(Account::RewardPool, 100)
            })?;
            assert_eq!(draft.reward(RULE, amy, 60)?, Rewarded::Paid);
            assert_eq!(draft.reward(RULE, amy, 60)?, Rewarded::Waits);
            assert_eq!(draft.reward(RULE, bob, 1)?, Rewarded::Waits);
            assert_eq!(draft.reward(RULE, bob, 0)?, Rewarded::Nothing);
            Ok(())
        })
        .unwrap();
    assert_eq!(books.at(Account::RewardPool), 40);
    assert_eq!(books.at(Account::Member(amy, Slot::HiShellAvailable)), 60);
    assert_eq!(books.at(Account::Waiting(amy)), 60);
    assert_eq!(books.at(Account::Waiting(bob)), 1);
    assert_eq!(books.at(Account::Promised), -61);
}

#[test]
fn what_may_not_be_is_refused_and_leaves_the_draft_as_it_was() {
    let mut books = Memory::default();
    let amy = member(1);
    let mine = Account::Member(amy, Slot::CashAvailable);
    let outside = Account::Clearing(crate::Provider::Outside);
    let postings = books
        .book(|draft| {
            let too_little = draft.post(RULE, |lines| {
                lines.add(outside, -10)?;
                lines.credit(amy, Slot::CashAvailable, 10)?;
                lines.take(mine, 11)?;
                lines.add(outside, 11)
            });
            let needed = LedgerError::Insufficient {
                account: mine,
                available: 10,
                needed: 11,
            };
            assert_eq!(too_little, Err(needed.into()));
            assert_eq!(draft.balance(mine)?, 0);
            assert_eq!(draft.balance(outside)?, 0);
            let overdrawn = draft.post(RULE, |lines| {
                lines.add(mine, -1)?;
                lines.add(outside, 1)
            });
            let needed = LedgerError::Insufficient {
                account: mine,
                available: 0,
                needed: 1,
            };
            assert_eq!(overdrawn, Err(needed.into()));
            let unbalanced = draft.post(RULE, |lines| lines.credit(amy, Slot::CashAvailable, 1));
            assert!(matches!(
                unbalanced,
                Err(BookError::Refused(LedgerError::Unbalanced { units: 1, .. }))
            ));
            let negative = draft.grant(RULE, amy, Asset::HiValue, -1);
            assert_eq!(negative, Err(LedgerError::NegativeAmount(-1).into()));
            let granted_cash = draft.grant(RULE, amy, Asset::Cash, 1);
            assert_eq!(granted_cash, Err(LedgerError::WrongAccount(mine).into()));
            let debtor_with_means = draft.post(RULE, |lines| {
                lines.add(Account::Member(amy, Slot::CashDebt), -5)?;
                lines.add(mine, 5)
            });
            let beside = LedgerError::DebtBesideCredit {
                member: 1,
                asset: "cash",
            };
            assert_eq!(debtor_with_means, Err(beside.into()));
            Ok(())
        })
        .unwrap();
    assert_eq!(postings, Vec::new());
}

#[test]
fn no_more_than_the_cap_is_ever_issued_and_burning_makes_no_room() {
    let mut books = Memory::default();
    let issue = |draft: &mut Draft<&mut Memory>, source, units| {
        draft.post(RULE, |lines| {
            lines.take(Account::Issued(source), units)?;
            lines.add(Account::Burned, units)
        })
    };
    books
        .book(|draft| issue(draft, ShellSource::Airdrop, SHELL_CAP - 1))
        .unwrap();
    let over = books.book(|draft| issue(draft, ShellSource::Opening, 2));
    assert_eq!(over, Err(LedgerError::CapExceeded { left: 1, asked: 2 }.into()));
    books
        .book(|draft| issue(draft, ShellSource::RewardPool, 1))
        .unwrap();
}

#[test]
fn near_the_edge_of_the_range_it_is_an_error_and_not_a_wrong_balance() {
    let mut books = Memory::default();
    let (amy, bob) = (member(1), member(2));
    books
        .book(|draft| draft.grant(RULE, amy, Asset::HiValue, i64::MAX))
        .unwrap();
    let refused = books.book(|draft| draft.grant(RULE, amy, Asset::HiValue, 1));
    let own = Account::Member(amy, Slot::HiValueInactive);
    assert_eq!(refused, Err(LedgerError::Overflow(own).into()));
    // Another member's own balance has room, the total hasn't: at −2^63 it is still exact, beyond it is refused.
    books
        .book(|draft| draft.grant(RULE, bob, Asset::HiValue, 1))
        .unwrap();
    assert_eq!(books.at(Account::Issuance(Slot::HiValueInactive)), i64::MIN);
    let refused = books.book(|draft| draft.grant(RULE, bob, Asset::HiValue, 1));
    assert_eq!(
        refused,
        Err(LedgerError::Overflow(Account::Issuance(Slot::HiValueInactive)).into())
    );
    assert_eq!(books.at(own), i64::MAX);
}

/// What a member may have and do, for the property below.
#[derive(Debug, Clone)]
enum Step {
    Grant(Asset),
    Activate,
    Unfreeze,
    Reward,
    Fill,
    TakeBack(usize),
    Hold(Asset),
    Release(Asset),
}

fn step() -> impl Strategy<Value = Step> {
    let granted = prop::sample::select(vec![Asset::HiValue, Asset::Challenge, Asset::Shopping]);
    let held = prop::sample::select(vec![Asset::HiShell, Asset::Shopping]);
    prop_oneof![
        granted.prop_map(Step::Grant),
        Just(Step::Activate),
        Just(Step::Unfreeze),
        Just(Step::Reward),
        Just(Step::Fill),
        (0..15_usize).prop_map(Step::TakeBack),
        held.clone().prop_map(Step::Hold),
        held.prop_map(Step::Release),
    ]
}

/// One member as a child would keep the books: a purse per slot, debts as positive figures, no issuance accounts.
#[derive(Debug, Default, Clone)]
struct Naive {
    purse: BTreeMap<Slot, i64>,
    owes: BTreeMap<Asset, i64>,
    active: bool,
    waiting: i64,
}

impl Naive {
    fn has(&mut self, slot: Slot) -> &mut i64 {
        self.purse.entry(slot).or_default()
    }

    fn receive(&mut self, slot: Slot, units: i64) {
        for _ in 0..units {
            let owed = self.owes.entry(slot.asset()).or_default();
            if *owed > 0 {
                *owed -= 1
            } else {
                *self.has(slot) += 1
            }
        }
    }

    fn give_back(&mut self, slot: Slot, units: i64) {
        for _ in 0..units {
            let others = takeable(slot.asset()).collect::<Vec<_>>();
            let from = std::iter::once(slot)
                .chain(others)
                .find(|&slot| *self.has(slot) > 0);
            match from {
                Some(slot) => *self.has(slot) -= 1,
                None => *self.owes.entry(slot.asset()).or_default() += 1,
            }
        }
    }

    /// Does the step if it is possible; says whether it was.
    fn does(&mut self, step: &Step, units: i64, pool: &mut i64, anybody_waits: bool) -> bool {
        match *step {
            Step::Grant(Asset::HiValue) if self.active => self.receive(Slot::HiValueActive, units),
            Step::Grant(Asset::HiValue) => self.receive(Slot::HiValueInactive, units),
            Step::Grant(Asset::Challenge) => self.receive(Slot::ChallengeFrozen, units),
            Step::Grant(_) => self.receive(Slot::ShoppingAvailable, units),
            Step::Activate => {
                let inactive = std::mem::take(self.has(Slot::HiValueInactive));
                *self.has(Slot::HiValueActive) += inactive;
                self.active = true;
            }
            Step::Unfreeze => {
                if *self.has(Slot::ChallengeFrozen) < units {
                    return false;
                }
                *self.has(Slot::ChallengeFrozen) -= units;
                *self.has(Slot::ChallengeAvailable) += units;
            }
            Step::Fill => *pool += units,
            Step::Reward if anybody_waits || *pool < units => self.waiting += units,
            Step::Reward => {
                *pool -= units;
                self.receive(Slot::HiShellAvailable, units);
            }
            Step::TakeBack(index) => {
                let slot = Slot::ALL[index];
                if slot.is_debt() {
                    return false;
                }
                if slot.asset() == Asset::HiShell {
                    *pool += units;
                }
                self.give_back(slot, units);
            }
            Step::Hold(asset) => {
                if *self.has(Slot::free(asset)) < units {
                    return false;
                }
                *self.has(Slot::free(asset)) -= units;
                *self.has(Slot::held(asset).unwrap()) += units;
            }
            Step::Release(asset) => {
                if *self.has(Slot::held(asset).unwrap()) < units {
                    return false;
                }
                *self.has(Slot::held(asset).unwrap()) -= units;
                self.receive(Slot::free(asset), units);
            }
        }
        true
    }
}

fn take_step(draft: &mut Draft<&mut Memory>, who: MemberNo, step: &Step, units: i64) -> Result<(), Refused> {
    match *step {
        Step::Grant(asset) => draft.grant(RULE, who, asset, units),
        Step::Activate => draft.activate(who),
        Step::Unfreeze => draft.unfreeze(RULE, who, units),
        Step::Reward => draft.reward(RULE, who, units).map(|_| ()),
        Step::Fill => draft.post(RULE, |lines| {
            lines.take(Account::Issued(ShellSource::RewardPool), units)?;
            lines.add(Account::RewardPool, units)
        }),
        Step::TakeBack(index) => draft.post(RULE, |lines| {
            let slot = Slot::ALL[index];
            lines.take_back(who, slot, units)?;
            match slot.asset() {
                Asset::HiShell => lines.add(Account::RewardPool, units),
                Asset::Cash => lines.add(Account::Clearing(crate::Provider::Bank), units),
                _ => Ok(()),
            }
        }),
        Step::Hold(asset) => draft.post(RULE, |lines| lines.hold(who, asset, units)),
        Step::Release(asset) => draft.post(RULE, |lines| lines.release(who, asset, units)),
    }
}

proptest! {
    /// Journals of one to four random steps over three members end where the naive books end; every posting sums to
    /// zero, nobody has what he owes, and minus each issuance account is what its bucket holds over all.
    #[test]
    fn drafts_agree_with_naive_books(
        journals in prop::collection::vec(prop::collection::vec((0..3_i64, step(), 0..40_i64), 1..5), 1..40),
    ) {
        let mut books = Memory::default();
        let mut naive = vec![Naive::default(); 3];
        let mut pool = 0;
        let mut queue = Vec::new();
        for journal in journals {
            let postings = books.book(|draft| {
                for (index, step, units) in &journal {
                    let anybody_waits = naive.iter().any(|who| who.waiting > 0);
                    let who = naive.get_mut(usize::try_from(*index).unwrap()).unwrap();
                    let done = take_step(draft, member(index + 1), step, *units);
                    let waited = who.waiting;
                    assert_eq!(done.is_ok(), who.does(step, *units, &mut pool, anybody_waits), "{step:?}: {done:?}");
                    if who.waiting > waited {
                        queue.push((usize::try_from(*index).unwrap(), who.waiting - waited));
                    }
                    while let Some((first, units)) = queue.first().copied().filter(|(_, units)| *units <= pool) {
                        queue.remove(0);
                        pool -= units;
                        naive[first].waiting -= units;
                        naive[first].receive(Slot::HiShellAvailable, units);
                    }
                }
                Ok(())
            }).unwrap();
            for posting in &postings {
                prop_assert_eq!(check_sums(&posting.reason, &posting.entries), Ok(()));
                prop_assert!(posting.entries.iter().all(|entry| entry.units != 0));
                prop_assert!(!posting.entries.is_empty() || posting.fact.is_some());
            }
        }
        prop_assert_eq!(books.at(Account::RewardPool), pool);
        for (number, who) in (1_i64..).zip(&mut naive) {
            for slot in Slot::ALL {
                let owed = who.owes.get(&slot.asset()).copied().unwrap_or(0);
                let expected = if slot.is_debt() { -owed } else { *who.has(slot) };
                prop_assert_eq!(books.at(Account::Member(member(number), slot)), expected, "{}", slot);
            }
            prop_assert_eq!(books.at(Account::Waiting(member(number))), who.waiting);
            for (&asset, &owed) in &who.owes.clone() {
                prop_assert!(owed == 0 || takeable(asset).all(|slot| *who.has(slot) == 0));
            }
        }
        for slot in Slot::ALL.into_iter().filter(|slot| slot.is_issued()) {
            let held: i64 = (1..=3).map(|number| books.at(Account::Member(member(number), slot))).sum();
            prop_assert_eq!(books.at(Account::Issuance(slot)), -held);
        }
    }
}
