//! The open books of one command: drafts over the stored balances, days closed, members settled.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use haigou_contract::{Amount, Asset, Day};
use haigou_ledger::{
    Account, AirdropDay, Balances, Draft, Fact, Head, Header, LedgerError, Link, MemberNo, Reason, Rule,
    ShellSource, Slot, Unsealed, members_moved, text_hash,
};

use super::member::{self, Member, OpenDays, Stand};
use super::{LedgerFailure, post, read, rulebook};
use crate::{StoreError, Tx, params};

/// The ledger, open for one command at one moment.
///
/// Whoever's Hi-Shell or Hi-Value is read or moved through it is settled first: his shares of all closed days are
/// booked, in a journal of their own.
pub struct Books<'t, 'c> {
    tx: &'t mut Tx<'c>,
    at_ms: i64,
    rulebook: u32,
    head: Head,
    newest_day: Option<AirdropDay>,
    settled: HashSet<MemberNo>,
    members: HashMap<MemberNo, Member>,
    platform: HashMap<Account, Stand>,
}

impl<'t, 'c> Books<'t, 'c> {
    /// Opens the books at a moment (UTC milliseconds), under the rulebook that is in force then.
    ///
    /// # Errors
    /// The database's.
    pub fn open(tx: &'t mut Tx<'c>, at_ms: i64) -> Result<Self, StoreError> {
        let rulebook = rulebook::version_in_force(tx, at_ms)?;
        let head = read::head(tx)?;
        let newest_day = read::newest_day(tx)?;
        Ok(Self {
            tx,
            at_ms,
            rulebook,
            head,
            newest_day,
            settled: HashSet::new(),
            members: HashMap::new(),
            platform: HashMap::new(),
        })
    }

    /// The version of the rulebook in force; 0 before the first.
    #[must_use]
    pub const fn rulebook(&self) -> u32 {
        self.rulebook
    }

    /// The newest closed day.
    #[must_use]
    pub const fn newest_day(&self) -> Option<AirdropDay> {
        self.newest_day
    }

    /// The transaction, for what isn't the ledger's.
    pub const fn tx(&mut self) -> &mut Tx<'c> {
        self.tx
    }

    /// Books one journal: `write` makes its postings. Answers its number; none if nothing was posted.
    ///
    /// `kind` is the kind of event, `cause` the event's id, and `key` makes the journal unique.
    ///
    /// # Errors
    /// What `write` says; [`LedgerError::Duplicate`] for a key that was used; [`LedgerError::TimeGoesBack`]; the
    /// database's.
    pub fn book<E: From<LedgerFailure>>(
        &mut self,
        kind: &'static str,
        cause: impl Into<String>,
        key: impl Into<String>,
        write: impl FnOnce(&mut Draft<&mut Self>) -> Result<(), E>,
    ) -> Result<Option<i64>, E> {
        let header = self.header(kind, cause.into(), key.into());
        let mut draft = Draft::new(&mut *self, header);
        write(&mut draft)?;
        let unsealed = draft.finish();
        Ok(self.post(unsealed)?)
    }

    fn header(&self, kind: &'static str, cause: String, key: String) -> Header {
        Header {
            kind: Cow::Borrowed(kind),
            cause,
            key,
            rulebook: self.rulebook,
            at_ms: self.at_ms,
        }
    }

    fn post(&mut self, unsealed: Option<Unsealed>) -> Result<Option<i64>, LedgerFailure> {
        let Some(unsealed) = unsealed else { return Ok(None) };
        let newest_day = self.newest_day.map(|day| day.day);
        let mut links = Vec::new();
        for member in members_moved(&unsealed.postings) {
            let before = self.member(member)?.newest_by_asset(member);
            links.push(Link { member, before });
        }
        self.head = post::post(self.tx, &unsealed, self.head, newest_day, &links)?;
        self.forget(&unsealed);
        Ok(Some(self.head.seq))
    }

    /// Forgets what a journal changed: it is read again if it is needed again.
    fn forget(&mut self, journal: &Unsealed) {
        for (account, _) in &journal.balances {
            self.platform.remove(account);
            if let Some(member) = account.owner() {
                self.members.remove(&member);
            }
        }
        for posting in &journal.postings {
            if let Some(Fact::Activated(member) | Fact::Settled { member, .. }) = &posting.fact {
                self.members.remove(member);
            }
        }
    }

    /// The member as the tables have him.
    fn member(&mut self, member: MemberNo) -> Result<&Member, StoreError> {
        match self.members.entry(member) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => Ok(unknown.insert(member::member(self.tx, member)?)),
        }
    }

    /// Issues the reward pool's allocation (smallest units of Hi-Shell), once, at launch.
    ///
    /// # Errors
    /// As for [`Books::book`].
    pub fn allocate_reward_pool(&mut self, units: i64) -> Result<Option<i64>, LedgerFailure> {
        self.book("launch", "reward_pool", "launch:reward_pool", |draft| {
            draft.post(Rule::POOL_ALLOCATION, |lines| {
                lines.take(Account::Issued(ShellSource::RewardPool), units)?;
                lines.add(Account::RewardPool, units)
            })
        })
    }

    /// Lays down the next version of the rulebook, in force from `starts_at_ms` on. Answers the version.
    ///
    /// # Errors
    /// As for [`Books::book`].
    pub fn start_rulebook(&mut self, starts_at_ms: i64, text: &str) -> Result<u32, LedgerFailure> {
        let version = rulebook::newest_version(self.tx)?.saturating_add(1);
        let reason = Reason::new(Rule::RULEBOOK).with("version", version);
        let fact = Fact::Rulebook {
            version,
            starts_at_ms,
            text_hash: text_hash(text),
        };
        let name = format!("rulebook:{version}");
        self.book("rulebook", name.clone(), name, |draft| {
            draft.establish(reason, fact, |_| Ok(()))
        })?;
        self.tx.execute(
            "INSERT INTO rulebook (version, starts_at_ms, text, journal) VALUES ($1, $2, $3, $4)",
            params![version, starts_at_ms, text, self.head.seq],
        )?;
        self.rulebook = rulebook::version_in_force(self.tx, self.at_ms)?;
        Ok(version)
    }

    /// Closes a day: `drop` (smallest units of Hi-Shell) is issued into the airdrop pool, or forfeited if nobody has
    /// active Hi-Value. One row and one journal, whatever the number of members.
    ///
    /// # Errors
    /// [`LedgerError::DayOutOfOrder`]; [`LedgerError::CapExceeded`]; [`LedgerError::NegativeAmount`]; else as for [`Books::book`].
    pub fn close_day(&mut self, day: Day, drop: i64) -> Result<AirdropDay, LedgerFailure> {
        if drop < 0 {
            return Err(LedgerError::NegativeAmount(drop).into());
        }
        if let Some(newest) = self.newest_day
            && newest.day.next() != day
        {
            return Err(LedgerError::DayOutOfOrder {
                day,
                expected: newest.day.next(),
            }
            .into());
        }
        let network = self.raw_balance(Account::Issuance(Slot::HiValueActive))?;
        let network = network
            .checked_neg()
            .ok_or(LedgerError::Overflow(Account::Issuance(Slot::HiValueActive)))?;
        let closed = AirdropDay { day, drop, network };
        let reason = Reason::new(Rule::AIRDROP_DROP)
            .with("day", day)
            .with("drop", (Asset::HiShell, Amount::from_units(drop)))
            .with("network", (Asset::HiValue, Amount::from_units(network)));
        self.book::<LedgerFailure>(
            "airdrop_day",
            day.to_string(),
            format!("airdrop:{day}"),
            |draft| {
                draft.establish(reason, Fact::DayClosed { day, drop, network }, |lines| {
                    lines.take(Account::Issued(ShellSource::Airdrop), closed.issued())?;
                    lines.add(Account::AirdropPool, closed.issued())
                })
            },
        )?;
        self.newest_day = Some(closed);
        self.settled.clear();
        Ok(closed)
    }

    /// Books a member's shares of all closed days that he has no share of yet: each floored by itself, one journal.
    ///
    /// Drafts call it by themselves for whoever's Hi-Shell or Hi-Value they read.
    ///
    /// # Errors
    /// The database's.
    pub fn settle(&mut self, member: MemberNo) -> Result<(), StoreError> {
        if self.settled.contains(&member) {
            return Ok(());
        }
        if let Some(newest) = self.newest_day {
            let stored = self.member(member)?.clone();
            if let Some(open) = member::open_days(self.tx, member, &stored, newest.day)? {
                self.book_shares(member, open, newest.day, stored.settled_in)
                    .map_err(|failure| {
                        StoreError::Bug(format!("settling member {}: {failure}", member.number()))
                    })?;
            }
        }
        self.settled.insert(member);
        Ok(())
    }

    fn book_shares(
        &mut self,
        member: MemberNo,
        open: OpenDays,
        through: Day,
        previous: i64,
    ) -> Result<(), LedgerFailure> {
        let OpenDays { own, mut days } = open;
        days.retain(|day| day.drop > 0);
        // Each share is at most its drop, and all drops together fit.
        let total = days.iter().map(|day| day.share).sum::<i64>();
        let header = self.header(
            "airdrop",
            through.to_string(),
            format!("airdrop:{through}:{}", member.number()),
        );
        let reason = Reason::new(Rule::AIRDROP_SHARE)
            .with("own", (Asset::HiValue, Amount::from_units(own)))
            .with("days", i64::try_from(days.len()).unwrap_or(i64::MAX));
        let fact = Fact::Settled {
            member,
            own,
            through,
            days,
            previous,
        };
        let mut draft = Draft::new(Unsettled(self), header);
        draft.establish(reason, fact, |lines| {
            lines.take(Account::AirdropPool, total)?;
            lines.credit(member, Slot::HiShellAvailable, total)
        })?;
        let unsealed = draft.finish();
        self.post(unsealed)?;
        Ok(())
    }

    /// The balance as it stands, settled or not.
    fn raw_balance(&mut self, account: Account) -> Result<i64, StoreError> {
        if let Some(member) = account.owner() {
            return Ok(self.member(member)?.at(account).units);
        }
        match self.platform.entry(account) {
            Entry::Occupied(known) => Ok(known.get().units),
            Entry::Vacant(unknown) => Ok(unknown.insert(member::platform(self.tx, account)?).units),
        }
    }
}

impl Balances for Books<'_, '_> {
    type Error = StoreError;

    fn balance(&mut self, account: Account) -> Result<i64, StoreError> {
        if let Account::Member(member, slot) = account
            && matches!(slot.asset(), Asset::HiShell | Asset::HiValue)
        {
            self.settle(member)?;
        }
        self.raw_balance(account)
    }

    fn is_active(&mut self, member: MemberNo) -> Result<bool, StoreError> {
        Ok(self.member(member)?.active)
    }
}

/// The books as they stand, for the settling itself.
struct Unsettled<'b, 't, 'c>(&'b mut Books<'t, 'c>);

impl Balances for Unsettled<'_, '_, '_> {
    type Error = StoreError;

    fn balance(&mut self, account: Account) -> Result<i64, StoreError> {
        self.0.raw_balance(account)
    }

    fn is_active(&mut self, member: MemberNo) -> Result<bool, StoreError> {
        self.0.is_active(member)
    }
}
