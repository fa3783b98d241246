//! A little life: members, balances and journals in memory, one event after the other.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::convert::Infallible;
use std::ops::Bound;

use haigou_contract::{Amount, Asset};
use haigou_ledger::{
    Account, Balances, BookError, Draft, Fact, Header, LedgerError, MemberNo, Posting, PostingId, Slot,
    Waiting,
};

use crate::event::*;
use crate::{JoinsBy, MemoryWorld, NoSuchJournal, PlanError, Preset, Price, Rulebook, World, plan};

/// Where accounts stand.
#[derive(Debug, Default, Clone)]
pub(crate) struct Stands {
    pub(crate) units: HashMap<Account, i64>,
    active: HashSet<MemberNo>,
    pub(crate) waiting: BTreeMap<PostingId, Waiting>,
}

impl Stands {
    /// Keeps the queue of those who wait for the reward pool.
    fn queue(&mut self, journal: i64, postings: &[Posting]) {
        for (index, posting) in (0_u32..).zip(postings) {
            for entry in &posting.entries {
                let Account::Waiting(member) = entry.account else {
                    continue;
                };
                let id = match posting.fact {
                    Some(Fact::Pays(id) | Fact::Reverses(id)) => id,
                    _ => PostingId {
                        journal,
                        posting: index,
                    },
                };
                let waiting = self.waiting.entry(id).or_insert(Waiting { id, member, units: 0 });
                waiting.units += entry.units;
            }
        }
        self.waiting.retain(|_, waiting| waiting.units != 0);
    }
}

impl Balances for Stands {
    type Error = Infallible;

    fn balance(&mut self, account: Account) -> Result<i64, Infallible> {
        Ok(self.units.get(&account).copied().unwrap_or(0))
    }

    fn is_active(&mut self, member: MemberNo) -> Result<bool, Infallible> {
        Ok(self.active.contains(&member))
    }

    fn next_waiting(&mut self, after: Option<PostingId>) -> Result<Option<Waiting>, Infallible> {
        let mut later = self
            .waiting
            .range((after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded));
        Ok(later.next().map(|(_, waiting)| *waiting))
    }
}

/// What went wrong with an event.
#[derive(Debug, PartialEq)]
pub(crate) enum Refused {
    Plan(PlanError<NoSuchJournal>),
    Ledger(LedgerError),
}

pub(crate) struct Life {
    pub(crate) rulebook: Rulebook,
    pub(crate) price: Price,
    pub(crate) world: MemoryWorld,
    pub(crate) stands: Stands,
    pub(crate) journals: Vec<Vec<Posting>>,
}

pub(crate) fn no(number: i64) -> MemberNo {
    MemberNo::new(number).unwrap()
}

pub(crate) fn cny(text: &str) -> Amount {
    Amount::parse(text, 2).unwrap()
}

pub(crate) fn shells(text: &str) -> Amount {
    Amount::parse(text, 8).unwrap()
}

impl Life {
    /// Nobody yet, under a preset with some keys changed, at a price of 2.50.
    pub(crate) fn of(preset: Preset, change: impl FnOnce(&mut Rulebook)) -> Self {
        let mut rulebook = preset.rulebook().unwrap();
        change(&mut rulebook);
        let mut stands = Stands::default();
        let pool = shells("25900").units();
        stands.units.insert(Account::RewardPool, pool);
        stands
            .units
            .insert(Account::Issued(haigou_ledger::ShellSource::RewardPool), -pool);
        Self {
            rulebook,
            price: Price::parse("2.5").unwrap(),
            world: MemoryWorld::default(),
            stands,
            journals: Vec::new(),
        }
    }

    /// Books an event; answers the journal's number.
    pub(crate) fn book(&mut self, event: &Event) -> Result<i64, Refused> {
        let before = self.stands.clone();
        let plan = plan(event, &self.rulebook, self.price, &mut self.world).map_err(Refused::Plan)?;
        let header = Header {
            kind: "test".into(),
            cause: String::new(),
            key: String::new(),
            rulebook: 1,
            at_ms: 0,
        };
        let mut draft = Draft::new(&mut self.stands, header);
        plan.book(&mut draft).map_err(|error| match error {
            BookError::Refused(refused) => Refused::Ledger(refused),
            BookError::Balances(never) => match never {},
        })?;
        let journal = draft.finish().unwrap();
        let Some(Fact::Event(bytes)) = &journal.postings[0].fact else {
            panic!("no event first")
        };
        assert_eq!(&Event::decode(bytes).unwrap(), event);
        for posting in &journal.postings {
            if let Some(Fact::Activated(member)) = posting.fact {
                self.stands.active.insert(member);
            }
        }
        self.stands.units.extend(journal.balances.iter().copied());
        self.check(&before);
        let seq = i64::try_from(self.journals.len()).unwrap() + 1;
        self.stands.queue(seq, &journal.postings);
        self.world.remember(seq, journal.postings.clone());
        self.journals.push(journal.postings);
        Ok(seq)
    }

    /// What must hold after every event: all of an asset's accounts together are as much as before.
    fn check(&self, before: &Stands) {
        for asset in Asset::ALL {
            let sum = |stands: &Stands| -> i128 {
                let of_asset = stands
                    .units
                    .iter()
                    .filter(|(account, _)| account.asset() == asset);
                of_asset.map(|(_, units)| i128::from(*units)).sum()
            };
            assert_eq!(sum(&self.stands), sum(before), "{asset}");
        }
    }

    /// Books what must be possible.
    pub(crate) fn does(&mut self, event: &Event) -> i64 {
        self.book(event)
            .unwrap_or_else(|refused| panic!("{event:?}: {refused:?}"))
    }

    /// Registers the next member.
    pub(crate) fn register(&mut self, sponsor: Option<i64>) -> i64 {
        let member = i64::from(self.world.society().unwrap().population) + 1;
        self.does(&Event::Registration {
            member: no(member),
            sponsor: sponsor.map(no),
        });
        member
    }

    /// Registers a line: each referred by the one before.
    pub(crate) fn line(&mut self, length: i64) {
        for member in 1..=length {
            self.register((member > 1).then_some(member - 1));
        }
    }

    /// Makes somebody VIP (and active) by a pack without grants.
    pub(crate) fn vip(&mut self, member: i64) {
        self.does(&Event::Receipt(Receipt {
            buyer: no(member),
            lines: vec![order_line(ProductKind::StarterPack, "99.00", "0")],
            hi_shell_value: Amount::ZERO,
        }));
    }

    pub(crate) fn appoint(&mut self, member: i64, tier: PartnerTier) {
        self.does(&Event::Appointment {
            member: no(member),
            tier,
        });
    }

    pub(crate) fn centre(&mut self, centre: CentreNo, owner: i64, region: Adcode, parent: Option<CentreNo>) {
        self.does(&Event::CentreApproved(CentreApproved {
            centre,
            owner: no(owner),
            region,
            parent,
            by: JoinsBy::Application,
            pack_paid: None,
        }));
    }

    pub(crate) fn give(&mut self, member: i64, slot: Slot, amount: &str) {
        self.does(&Event::Opening {
            member: no(member),
            slot,
            amount: slot.asset().parse(amount).unwrap(),
        });
    }

    /// A bill in county 441901 at 10 %.
    pub(crate) fn bill(&mut self, buyer: i64, merchant: i64, amount: &str) -> Result<i64, Refused> {
        self.book(&Event::Bill(bill(buyer, merchant, amount)))
    }

    /// Leaves so much in the reward pool.
    pub(crate) fn pool(&mut self, amount: &str) {
        let units = shells(amount).units();
        let before = self.stands.units.insert(Account::RewardPool, units).unwrap();
        *self.stands.units.entry(Account::Holding).or_default() += before - units;
    }

    /// What somebody has, with all decimals.
    pub(crate) fn has(&self, member: i64, slot: Slot) -> String {
        let units = self
            .stands
            .units
            .get(&Account::Member(no(member), slot))
            .copied()
            .unwrap_or(0);
        slot.asset().show(Amount::from_units(units))
    }

    pub(crate) fn tier(&mut self, member: i64) -> Option<PartnerTier> {
        self.world.person(no(member)).unwrap().tier
    }

    /// The postings of a journal: rule, member, asset and amount of each that gives a member something.
    pub(crate) fn given(&self, journal: i64) -> Vec<String> {
        let postings = &self.journals[usize::try_from(journal).unwrap() - 1];
        let mut given = Vec::new();
        for posting in postings {
            for entry in &posting.entries {
                if let Account::Member(member, slot) = entry.account {
                    let amount = slot.asset().show(Amount::from_units(entry.units));
                    given.push(format!(
                        "{} {} {slot} {amount}",
                        posting.reason.rule.id(),
                        member.number()
                    ));
                }
            }
        }
        given
    }
}

pub(crate) fn bill(buyer: i64, merchant: i64, amount: &str) -> Bill {
    Bill {
        buyer: no(buyer),
        merchant: no(merchant),
        region: 441_901,
        amount: cny(amount),
        rebate: crate::Share::parse("0.10").unwrap(),
        hi_shell: Amount::ZERO,
    }
}

pub(crate) fn order_line(kind: ProductKind, price: &str, hi_value: &str) -> OrderLine {
    OrderLine {
        kind,
        price: cny(price),
        quantity: 1,
        hi_value: cny(hi_value),
        challenge: Amount::ZERO,
    }
}

/// The receipt of goods.
pub(crate) fn goods(buyer: i64, price: &str, hi_value: &str) -> Receipt {
    Receipt {
        buyer: no(buyer),
        lines: vec![order_line(ProductKind::Goods, price, hi_value)],
        hi_shell_value: Amount::ZERO,
    }
}
