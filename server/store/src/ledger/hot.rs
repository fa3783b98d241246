//! The ledger as the writer knows it by heart: where it stands, who was moved lately, and the journals of this batch.

use foldhash::{HashMap, HashSet};
use haigou_contract::Day;
use haigou_ledger::{Account, AirdropDay, Head, Header, Holder, Journal, LedgerError, MemberNo, decode};

use super::{holder, read, rulebook};
use crate::{Log, Memory, Query, StoreError, Tx, params};

/// So many members are known by heart before those that weren't needed lately are forgotten.
const MANY: usize = 100_000;

/// How many accounts the platform has.
const ACCOUNTS: usize = Account::PLATFORM.len();

/// The ledger by heart.
#[derive(Default)]
pub(super) struct Hot {
    /// None before the first look at it.
    place: Option<Place>,
    /// As it was when each step began.
    places: Vec<Option<Place>>,
    days: Vec<AirdropDay>,
    /// The rulebook's versions, each with its start.
    versions: Vec<(u32, i64)>,
    /// The journals of this batch.
    journals: Vec<Stored>,
    keys: HashSet<String>,
    holders: HashMap<MemberNo, Known>,
    /// Those known before, and not needed since.
    older: HashMap<MemberNo, Known>,
    /// Who has changed in this batch, in order, and again if after being written.
    changed: Vec<MemberNo>,
    log: Log<(MemberNo, Known)>,
}

/// All that is small enough to be put back as a whole.
#[derive(Debug, Clone, Copy)]
struct Place {
    head: Head,
    days: usize,
    versions: usize,
    /// How many journals there are in this batch, and how many of them are written.
    journals: usize,
    journals_written: usize,
    /// How many have changed in this batch, and how many of them are written; and how many had in all batches before.
    changed: usize,
    changed_written: usize,
    changed_before: u64,
    /// Where the platform's accounts stand, in their order; none of those that nothing ever moved.
    platform: [Option<i64>; ACCOUNTS],
    /// A bit for each of them that is to be written.
    platform_changed: u32,
}

/// A member as he is known.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    holder: Holder,
    /// How many had changed in all, when he did last.
    changed: u64,
}

/// A journal, ready to be written.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) seq: i64,
    pub(super) header: Header,
    pub(super) body: Vec<u8>,
    pub(super) hash: [u8; 32],
}

impl Stored {
    pub(super) fn decode(&self) -> Result<Journal, LedgerError> {
        let (postings, links) = decode(self.seq, &self.body)?;
        Ok(Journal {
            seq: self.seq,
            header: self.header.clone(),
            postings,
            links,
            hash: self.hash,
        })
    }
}

impl Hot {
    /// Where the ledger stands, read if this is the first look at it.
    fn place(&mut self, tx: &mut Tx<'_>) -> Result<&mut Place, StoreError> {
        if self.place.is_none() {
            self.days = read::days(tx)?;
            self.versions = rulebook::starts(tx)?;
            let mut place = Place {
                head: read::head(tx)?,
                days: self.days.len(),
                versions: self.versions.len(),
                journals: 0,
                journals_written: 0,
                changed: 0,
                changed_written: 0,
                changed_before: 0,
                platform: [None; ACCOUNTS],
                platform_changed: 0,
            };
            tx.for_each("SELECT account, units FROM platform", &[], |row| {
                let account = row.int(0)?;
                let known = Account::PLATFORM.iter().zip(&mut place.platform);
                for (_, units) in known.filter(|(known, _)| known.code() == account) {
                    *units = Some(row.int(1)?);
                }
                Ok(())
            })?;
            self.place = Some(place);
        }
        self.place
            .as_mut()
            .ok_or_else(|| StoreError::Bug("the ledger has no place".to_owned()))
    }

    pub(super) fn head(&mut self, tx: &mut Tx<'_>) -> Result<Head, StoreError> {
        Ok(self.place(tx)?.head)
    }

    /// The newest closed day.
    pub(super) fn newest_day(&mut self, tx: &mut Tx<'_>) -> Result<Option<AirdropDay>, StoreError> {
        self.place(tx)?;
        Ok(self.days.last().copied())
    }

    /// The closed days after one.
    pub(super) fn days_after(&self, day: Option<Day>) -> &[AirdropDay] {
        let from = self.days.partition_point(|closed| Some(closed.day) <= day);
        self.days.get(from..).unwrap_or_default()
    }

    /// The version of the rulebook in force at a moment; 0 before the first.
    pub(super) fn version_at(&mut self, tx: &mut Tx<'_>, at_ms: i64) -> Result<u32, StoreError> {
        self.place(tx)?;
        let started = self
            .versions
            .iter()
            .filter(|(_, starts_at_ms)| *starts_at_ms <= at_ms);
        Ok(started.map(|(version, _)| *version).max().unwrap_or(0))
    }

    /// The newest version of the rulebook, in force or not; 0 before the first.
    pub(super) fn newest_version(&mut self, tx: &mut Tx<'_>) -> Result<u32, StoreError> {
        self.place(tx)?;
        Ok(self
            .versions
            .iter()
            .map(|(version, _)| *version)
            .max()
            .unwrap_or(0))
    }

    /// A member.
    pub(super) fn holder(&mut self, tx: &mut Tx<'_>, member: MemberNo) -> Result<&Holder, StoreError> {
        Ok(&self.known(tx, member)?.holder)
    }

    fn known(&mut self, tx: &mut Tx<'_>, member: MemberNo) -> Result<&mut Known, StoreError> {
        // Twice, because a borrow that is returned can't be given up again.
        if !self.holders.contains_key(&member) {
            let known = match self.older.remove(&member) {
                Some(known) => known,
                None => Known {
                    holder: holder::read(tx, member)?.unwrap_or_default(),
                    changed: 0,
                },
            };
            self.holders.insert(member, known);
        }
        Ok(self.holders.entry(member).or_default())
    }

    /// A member, to be changed.
    pub(super) fn change(&mut self, tx: &mut Tx<'_>, member: MemberNo) -> Result<&mut Holder, StoreError> {
        let before = *self.known(tx, member)?;
        self.log.note((member, before));
        let Place {
            changed,
            changed_written,
            changed_before,
            ..
        } = self.place(tx)?;
        let written = changed_before.saturating_add(u64::try_from(*changed_written).unwrap_or(u64::MAX));
        let is_noted = before.changed > written;
        if !is_noted {
            *changed += 1;
        }
        let number = changed_before.saturating_add(u64::try_from(*changed).unwrap_or(u64::MAX));
        let known = self.holders.entry(member).or_default();
        if !is_noted {
            known.changed = number;
            self.changed.push(member);
        }
        Ok(&mut known.holder)
    }

    /// Where an account stands.
    pub(super) fn balance(&mut self, tx: &mut Tx<'_>, account: Account) -> Result<i64, StoreError> {
        if let Some(member) = account.owner() {
            return Ok(self.holder(tx, member)?.at(account));
        }
        let place = self.place(tx)?;
        let known = Account::PLATFORM.iter().zip(place.platform);
        let units = known
            .filter(|(known, _)| **known == account)
            .find_map(|(_, units)| units);
        Ok(units.unwrap_or(0))
    }

    /// Sets where an account of the platform stands.
    pub(super) fn set_platform(
        &mut self,
        tx: &mut Tx<'_>,
        account: Account,
        units: i64,
    ) -> Result<(), StoreError> {
        let place = self.place(tx)?;
        let found = Account::PLATFORM.iter().position(|known| *known == account);
        if let Some(found) = found
            && let Some(stand) = place.platform.get_mut(found)
        {
            *stand = Some(units);
            place.platform_changed |= 1 << found;
        }
        Ok(())
    }

    /// A member that was looked at before.
    pub(super) fn known_holder(&self, member: MemberNo) -> Option<&Holder> {
        self.holders.get(&member).map(|known| &known.holder)
    }

    /// A journal of this batch.
    pub(super) fn journal(&self, seq: i64) -> Option<&Stored> {
        let first = self.journals.first()?.seq;
        self.journals.get(usize::try_from(seq.checked_sub(first)?).ok()?)
    }

    /// The number of this batch's journal with an idempotency key.
    pub(super) fn journal_of_key(&self, key: &str) -> Option<i64> {
        let journal = self.journals.iter().find(|journal| journal.header.key == key)?;
        Some(journal.seq)
    }

    /// Whether a journal has this idempotency key.
    pub(super) fn has_key(&mut self, tx: &mut Tx<'_>, key: &str) -> Result<bool, StoreError> {
        Ok(self.keys.contains(key) || read::journal_of_key(tx, key)?.is_some())
    }

    /// Takes in the next journal.
    pub(super) fn push_journal(&mut self, tx: &mut Tx<'_>, journal: Stored) -> Result<(), StoreError> {
        let place = self.place(tx)?;
        place.head = Head {
            seq: journal.seq,
            at_ms: journal.header.at_ms,
            hash: journal.hash,
        };
        place.journals += 1;
        self.keys.insert(journal.header.key.clone());
        self.journals.push(journal);
        Ok(())
    }

    /// Takes in a closed day, whose journal is `seq`.
    pub(super) fn push_day(&mut self, tx: &mut Tx<'_>, day: AirdropDay, seq: i64) -> Result<(), StoreError> {
        self.place(tx)?.days += 1;
        self.days.push(day);
        tx.write(
            "INSERT INTO airdrop_day (day, drop_units, network_units, journal) VALUES ($1, $2, $3, $4)",
            params![i64::from(day.day.number()), day.drop, day.network, seq],
        );
        Ok(())
    }

    /// Takes in a version of the rulebook, whose journal is the newest.
    pub(super) fn push_version(
        &mut self,
        tx: &mut Tx<'_>,
        version: u32,
        starts_at_ms: i64,
        text: &str,
    ) -> Result<(), StoreError> {
        let place = self.place(tx)?;
        place.versions += 1;
        let seq = place.head.seq;
        self.versions.push((version, starts_at_ms));
        tx.write(
            "INSERT INTO rulebook (version, starts_at_ms, text, journal) VALUES ($1, $2, $3, $4)",
            params![version, starts_at_ms, text, seq],
        );
        Ok(())
    }

    /// Forgets all journals from the one with this index in the batch on.
    fn truncate_journals(&mut self, len: usize) {
        for journal in self.journals.drain(len.min(self.journals.len())..) {
            self.keys.remove(&journal.header.key);
        }
    }
}

impl Memory for Hot {
    const TABLES: &'static [&'static str] = &["journal", "holder", "platform"];

    fn begin(&mut self) {
        self.places.push(self.place);
        self.log.begin();
    }

    fn keep(&mut self) {
        self.places.pop();
        self.log.keep();
    }

    fn undo(&mut self) {
        for (member, before) in self.log.undo() {
            self.holders.insert(member, before);
        }
        self.place = self.places.pop().flatten();
        let (journals, days, versions, changed) = self.place.map_or((0, 0, 0, 0), |place| {
            (place.journals, place.days, place.versions, place.changed)
        });
        self.truncate_journals(journals);
        self.days.truncate(days);
        self.versions.truncate(versions);
        self.changed.truncate(changed);
    }

    fn write_back(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let Some(place) = &mut self.place else {
            return Ok(());
        };
        for journal in self.journals.iter().skip(place.journals_written) {
            let Header {
                kind,
                cause,
                key,
                rulebook,
                at_ms,
            } = &journal.header;
            tx.write(
                "INSERT INTO journal (seq, at_ms, kind, cause, rulebook, idempotency_key, body, hash) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                params![
                    journal.seq,
                    *at_ms,
                    kind.as_ref(),
                    cause,
                    *rulebook,
                    key,
                    &journal.body,
                    &journal.hash
                ],
            );
        }
        place.journals_written = self.journals.len();
        // Rows that lie side by side are written one after the other.
        let mut changed = self
            .changed
            .get(place.changed_written..)
            .unwrap_or_default()
            .to_vec();
        changed.sort_unstable();
        changed.dedup();
        for member in changed {
            if let Some(known) = self.holders.get(&member) {
                holder::write(tx, member, &known.holder);
            }
        }
        place.changed_written = self.changed.len();
        for (index, (account, units)) in (0_u32..).zip(Account::PLATFORM.iter().zip(place.platform)) {
            if place.platform_changed & (1 << index) != 0 {
                tx.write(
                    "INSERT INTO platform (account, units) VALUES ($1, $2) \
                     ON CONFLICT (account) DO UPDATE SET units = excluded.units",
                    params![account.code(), units],
                );
            }
        }
        place.platform_changed = 0;
        Ok(())
    }

    fn tidy(&mut self) {
        if let Some(place) = &mut self.place {
            let changed = u64::try_from(place.changed).unwrap_or(u64::MAX);
            place.changed_before = place.changed_before.saturating_add(changed);
            (place.changed, place.changed_written) = (0, 0);
            (place.journals, place.journals_written) = (0, 0);
        }
        self.changed.clear();
        self.journals.clear();
        self.keys.clear();
        if self.holders.len() > MANY {
            self.older = std::mem::take(&mut self.holders);
        }
    }
}
