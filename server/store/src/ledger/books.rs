//! The open books of one command: drafts over what the writer knows by heart, days closed, members settled.

use std::borrow::Cow;

use haigou_contract::{Amount, Asset, Day};
use haigou_ledger::{
    Account, AirdropDay, Balances, Draft, Fact, Header, Journal, LedgerError, MemberNo, PostingId, Reason,
    Rule, ShellSource, Slot, Unsealed, Waiting, text_hash,
};

use super::hot::Hot;
use super::member::{OpenDays, is_open};
use super::{LedgerFailure, read};
use crate::{StoreError, Tx};

/// The ledger, open for one command at one moment.
///
/// Whoever's Hi-Shell or Hi-Value is read or moved through it is settled first: his shares of all closed days are
/// booked, in a journal of their own.
pub struct Books<'t, 'c> {
    tx: &'t mut Tx<'c>,
    at_ms: i64,
    rulebook: u32,
    newest_day: Option<AirdropDay>,
}

impl<'t, 'c> Books<'t, 'c> {
    /// Opens the books at a moment (UTC milliseconds), under the rulebook that is in force then.
    ///
    /// # Errors
    /// The database's.
    pub fn open(tx: &'t mut Tx<'c>, at_ms: i64) -> Result<Self, StoreError> {
        let (rulebook, newest_day) = tx.memory::<Hot, _>(|hot, tx| {
            Ok::<_, StoreError>((hot.version_at(tx, at_ms)?, hot.newest_day(tx)?))
        })?;
        Ok(Self {
            tx,
            at_ms,
            rulebook,
            newest_day,
        })
    }

    fn hot<T>(&mut self, work: impl FnOnce(&mut Hot, &mut Tx<'c>) -> T) -> T {
        self.tx.memory(work)
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
        unsealed
            .map(|journal| self.hot(|hot, tx| hot.post(tx, journal)))
            .transpose()
    }

    /// A journal by its number, also one of this very transaction.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] if its body is damaged; the database's.
    pub fn journal(&mut self, seq: i64) -> Result<Option<Journal>, LedgerFailure> {
        self.hot(|hot, tx| match hot.journal(seq) {
            Some(stored) => stored.decode().map(Some).map_err(Into::into),
            None => read::journal(tx, seq),
        })
    }

    /// The journal that was booked under an idempotency key, also one of this very transaction.
    ///
    /// # Errors
    /// As for [`Books::journal`].
    pub fn journal_of_key(&mut self, key: &str) -> Result<Option<Journal>, LedgerFailure> {
        let seq = self.hot(|hot, tx| match hot.journal_of_key(key) {
            Some(seq) => Ok(Some(seq)),
            None => read::journal_of_key(tx, key),
        })?;
        match seq {
            Some(seq) => self.journal(seq),
            None => Ok(None),
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
        let version = self.hot(Hot::newest_version)?.saturating_add(1);
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
        let at_ms = self.at_ms;
        self.rulebook = self.hot(|hot, tx| {
            hot.push_version(tx, version, starts_at_ms, text)?;
            hot.version_at(tx, at_ms)
        })?;
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
        Ok(closed)
    }

    /// Books a member's shares of all closed days that he has no share of yet: each floored by itself, one journal.
    ///
    /// Drafts call it by themselves for whoever's Hi-Shell or Hi-Value they read.
    ///
    /// # Errors
    /// The database's.
    pub fn settle(&mut self, member: MemberNo) -> Result<(), StoreError> {
        let Some(newest) = self.newest_day else {
            return Ok(());
        };
        let open = self.hot(|hot, tx| {
            let holder = hot.holder(tx, member)?;
            if !is_open(holder, newest.day) {
                return Ok::<_, StoreError>(None);
            }
            let (own, since, previous) = (
                holder.of(Slot::HiValueActive),
                holder.settled_through,
                holder.settled_in,
            );
            let days = hot.days_after(since).iter().map(|day| day.share(own)).collect();
            Ok(Some((OpenDays { own, days }, previous)))
        })?;
        match open {
            Some((open, previous)) => {
                self.book_shares(member, open, newest.day, previous)
                    .map_err(|failure| {
                        StoreError::Bug(format!("settling member {}: {failure}", member.number()))
                    })
            }
            None => Ok(()),
        }
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
        self.hot(|hot, tx| hot.balance(tx, account))
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
        self.hot(|hot, tx| Ok(hot.holder(tx, member)?.active))
    }

    fn next_waiting(&mut self, after: Option<PostingId>) -> Result<Option<Waiting>, StoreError> {
        self.hot(|_, tx| Ok(read::waiting(tx, after, 1)?.pop()))
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

    fn next_waiting(&mut self, after: Option<PostingId>) -> Result<Option<Waiting>, StoreError> {
        self.0.next_waiting(after)
    }
}
