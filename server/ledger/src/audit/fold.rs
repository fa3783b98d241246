//! The fold over the journals: what each must be, and what it makes of the state.

use haigou_contract::Asset;

use super::{Auditor, DayRow, Hex, Place, RulebookRow, StoredJournal, sum_of};
use crate::account::ShellSource;
use crate::body::decode;
use crate::draft::{SHELL_CAP, check_sums, takeable};
use crate::holder::place;
use crate::journal::chain;
use crate::projection::{keys_started, members_moved};
use crate::slot::Slot;
use crate::{Account, AirdropDay, DayShare, Fact, Hash, Link, MemberNo, Posting, PostingId};

impl Auditor {
    /// Takes the next journal. Answers its postings, if they can be read.
    pub fn journal(&mut self, journal: StoredJournal<'_>) -> Option<Vec<Posting>> {
        let StoredJournal {
            seq,
            header,
            body,
            hash,
        } = journal;
        let first = self.slice.is_first();
        if first {
            let expected = self.journals + 1;
            self.findings.differs("journal", &seq, "seq", &expected, &seq);
            if header.at_ms < self.at_ms {
                let expected = format!("at least {}", self.at_ms);
                self.findings
                    .add("journal", &seq, "at_ms", &expected, &header.at_ms);
            }
            let computed = chain(&self.hash, seq, header, body);
            if computed != hash {
                self.findings
                    .add("journal", &seq, "hash", &Hex(&computed), &Hex(hash));
            }
            let in_force = self.rulebook_in_force(header.at_ms);
            self.findings
                .differs("journal", &seq, "rulebook", &in_force, &header.rulebook);
        }
        self.journals += 1;
        self.at_ms = header.at_ms;
        if let Ok(hash) = <Hash>::try_from(hash) {
            self.hash = hash;
        }
        match decode(seq, body) {
            Ok((postings, links)) => {
                self.links(seq, &postings, &links);
                self.postings(seq, &postings);
                Some(postings)
            }
            Err(_) => {
                self.findings
                    .add("journal", &seq, "body", &"postings", &"bytes that can't be read");
                None
            }
        }
    }

    fn rulebook_in_force(&self, at_ms: i64) -> u32 {
        let started = self
            .rulebooks
            .iter()
            .filter(|rulebook| rulebook.starts_at_ms <= at_ms);
        started.map(|rulebook| rulebook.version).max().unwrap_or(0)
    }

    fn postings(&mut self, seq: i64, postings: &[Posting]) {
        self.must_be_settled(seq, postings);
        for (index, posting) in (0_u32..).zip(postings) {
            let id = PostingId {
                journal: seq,
                posting: index,
            };
            if self.slice.is_first()
                && let Err(error) = check_sums(&posting.reason, &posting.entries)
            {
                self.findings.add(
                    "journal",
                    &Place(id),
                    "entries",
                    &"a sum of zero per asset",
                    &error,
                );
            }
            if let Some(fact) = &posting.fact {
                self.fact_before(id, fact, posting);
            }
            for entry in &posting.entries {
                self.entries += 1;
                self.apply(id, entry.account, entry.units);
            }
            for entry in &posting.entries {
                self.must_stand(id, entry.account);
            }
            self.queue(id, posting);
        }
        let started = keys_started(postings, |member| {
            self.members
                .get(&member.number())
                .map_or(0, |state| state.holder.of(Slot::HiValueActive))
        });
        for member in started {
            let through = self.days.last().map(|row| row.day.day);
            if let Some(state) = self.members.get_mut(&member.number())
                && through.is_some()
            {
                state.holder.settled_through = through;
            }
        }
    }

    /// Each member of whom something moves has a link to the journals before that did.
    fn links(&mut self, seq: i64, postings: &[Posting], links: &[Link]) {
        let moved = members_moved(postings);
        if self.slice.is_first() && !moved.iter().eq(links.iter().map(|link| &link.member)) {
            self.findings.add(
                "journal",
                &seq,
                "links",
                &"one for each member moved",
                &links.len(),
            );
        }
        for link in links.iter().filter(|link| self.slice.holds(link.member.number())) {
            let state = self.members.get(&link.member.number());
            let expected = state.map_or([0; 5], |state| state.holder.newest);
            if expected != link.before {
                let row = format!("{seq}, member {}", link.member.number());
                let found = format!("{:?}", link.before);
                self.findings
                    .add("journal", &row, "links", &format!("{expected:?}"), &found);
            }
        }
    }

    /// Nobody's Hi-Value or Hi-Shell moves before he has his shares of the days behind him.
    fn must_be_settled(&mut self, seq: i64, postings: &[Posting]) {
        let Some(newest) = self.days.last().map(|row| row.day.day) else {
            return;
        };
        let commands = postings
            .iter()
            .filter(|posting| !matches!(posting.fact, Some(Fact::Settled { .. })));
        let mut seen = None;
        for entry in commands.flat_map(|posting| &posting.entries) {
            let Account::Member(member, slot) = entry.account else {
                continue;
            };
            if !matches!(slot.asset(), Asset::HiValue | Asset::HiShell) || seen == Some(member) {
                continue;
            }
            seen = Some(member);
            let Some(state) = self.members.get(&member.number()) else {
                continue;
            };
            let holder = &state.holder;
            if holder.of(Slot::HiValueActive) > 0 && holder.settled_through < Some(newest) {
                let found = holder
                    .settled_through
                    .map_or_else(|| "never".to_owned(), |day| day.to_string());
                let row = format!("{seq}, member {}", member.number());
                self.findings
                    .add("journal", &row, "settled through", &newest, &found);
            }
        }
    }

    fn apply(&mut self, id: PostingId, account: Account, units: i64) {
        let is_in_range = match account.owner() {
            None => {
                let stand = self.platform.entry(account.code()).or_default();
                let after = stand.units.checked_add(units);
                stand.units = after.unwrap_or(stand.units);
                after.is_some()
            }
            Some(member) => {
                let number = member.number();
                self.highest_member = self.highest_member.max(number);
                if !self.slice.holds(number) {
                    return;
                }
                let state = self.members.entry(number).or_default();
                state.moved |= place(account).map_or(0, |place| 1 << place);
                state.holder.take_in(id.journal, account, units).is_ok()
            }
        };
        if !is_in_range {
            self.findings
                .add("journal", &Place(id), "entries", &"a balance in range", &account);
        }
        if units == 0 {
            self.findings
                .add("journal", &Place(id), "entries", &"no empty entry", &account);
        }
    }

    /// What must hold of an account after each posting.
    fn must_stand(&mut self, id: PostingId, account: Account) {
        let Some(units) = self.balance(account) else {
            return;
        };
        if account.owner().is_none() && !self.slice.is_first() {
            return;
        }
        if !account.may_stand_at(units) {
            self.findings.add(
                "journal",
                &Place(id),
                "entries",
                &"no overdraft",
                &format!("{account} at {units}"),
            );
        }
        match account {
            Account::Member(member, slot) => {
                let asset = slot.asset();
                let owes = self.balance(Account::Member(member, Slot::debt(asset))) != Some(0);
                let has = |slot: Slot| self.balance(Account::Member(member, slot)) != Some(0);
                if owes && takeable(asset).any(has) {
                    let found = format!("member {} owes {asset} and has some", member.number());
                    self.findings
                        .add("journal", &Place(id), "entries", &"no debt beside credit", &found);
                }
            }
            Account::Issued(_) => {
                let issued = self.shells_issued();
                if issued > i128::from(SHELL_CAP) {
                    self.findings.add(
                        "journal",
                        &Place(id),
                        "entries",
                        &"at most 390000 issued",
                        &issued,
                    );
                }
            }
            _ => {}
        }
    }

    fn shells_issued(&self) -> i128 {
        [
            ShellSource::Airdrop,
            ShellSource::RewardPool,
            ShellSource::Opening,
        ]
        .into_iter()
        .map(|source| -i128::from(self.balance(Account::Issued(source)).unwrap_or(0)))
        .sum()
    }

    /// The recomputed balance; none for members outside of the slice.
    fn balance(&self, account: Account) -> Option<i64> {
        match account.owner() {
            None => Some(self.platform.get(&account.code()).map_or(0, |stand| stand.units)),
            Some(member) if self.slice.holds(member.number()) => {
                let state = self.members.get(&member.number());
                Some(state.map_or(0, |state| state.holder.at(account)))
            }
            Some(_) => None,
        }
    }

    /// Checks a fact against the state before its posting, and takes it in.
    fn fact_before(&mut self, id: PostingId, fact: &Fact, posting: &Posting) {
        match fact {
            Fact::Activated(member) => {
                self.highest_member = self.highest_member.max(member.number());
                if self.slice.holds(member.number()) {
                    self.members.entry(member.number()).or_default().holder.active = true;
                }
            }
            &Fact::DayClosed { day, drop, network } => {
                self.day_closed(id, AirdropDay { day, drop, network }, posting);
            }
            Fact::Settled { member, .. } => {
                self.highest_member = self.highest_member.max(member.number());
                if self.slice.holds(member.number()) {
                    self.settled(id, *member, fact, posting);
                }
            }
            &Fact::Rulebook {
                version,
                starts_at_ms,
                text_hash,
            } => {
                let journal = id.journal;
                self.rulebooks.push(RulebookRow {
                    version,
                    starts_at_ms,
                    text_hash,
                    journal,
                    seen: false,
                });
            }
            Fact::Pays(_) | Fact::Reverses(_) | Fact::Event(_) | Fact::Accepted { .. } => {}
        }
    }

    fn day_closed(&mut self, id: PostingId, day: AirdropDay, posting: &Posting) {
        if self.slice.is_first() {
            if let Some(before) = self.days.last() {
                self.findings
                    .differs("journal", &Place(id), "day", &before.day.day.next(), &day.day);
            }
            let network = self
                .balance(Account::Issuance(Slot::HiValueActive))
                .unwrap_or(0)
                .wrapping_neg();
            self.findings
                .differs("journal", &Place(id), "network", &network, &day.network);
            let issued = sum_of(posting, |account| account == Account::AirdropPool);
            self.findings
                .differs("journal", &Place(id), "drop", &i128::from(day.issued()), &issued);
        }
        self.days.push(DayRow {
            day,
            journal: id.journal,
            seen: false,
        });
    }

    fn settled(&mut self, id: PostingId, member: MemberNo, fact: &Fact, posting: &Posting) {
        let Fact::Settled {
            own,
            through,
            days,
            previous,
            ..
        } = fact
        else {
            return;
        };
        let holder = &mut self.members.entry(member.number()).or_default().holder;
        let since = holder.settled_through.replace(*through);
        let settled_in = std::mem::replace(&mut holder.settled_in, id.journal);
        let active = holder.of(Slot::HiValueActive);
        self.findings
            .differs("journal", &Place(id), "previous", &settled_in, previous);
        self.findings.differs("journal", &Place(id), "own", &active, own);
        let newest = self.days.last().map_or(*through, |row| row.day.day);
        self.findings
            .differs("journal", &Place(id), "through", &newest, through);
        let open = self.days.partition_point(|row| Some(row.day.day) <= since);
        let expected = self
            .days
            .iter()
            .skip(open)
            .map(|row| row.day.share(active))
            .filter(|s| s.drop > 0);
        if !expected.clone().eq(days.iter().copied()) {
            let show = |days: &mut dyn Iterator<Item = DayShare>| {
                days.take(3)
                    .map(|d| format!("{}: {}", d.day, d.share))
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let found = show(&mut days.iter().copied());
            self.findings.add(
                "journal",
                &Place(id),
                "shares",
                &show(&mut expected.clone()),
                &found,
            );
        }
        let total: i128 = expected.map(|day| i128::from(day.share)).sum();
        let got = sum_of(posting, |account| account.owner() == Some(member));
        self.findings
            .differs("journal", &Place(id), "shares' sum", &total, &got);
    }

    /// Keeps the queue of waiting rewards.
    fn queue(&mut self, id: PostingId, posting: &Posting) {
        for entry in &posting.entries {
            let Account::Waiting(member) = entry.account else {
                continue;
            };
            if !self.slice.holds(member.number()) {
                continue;
            }
            let place = match posting.fact {
                Some(Fact::Pays(of) | Fact::Reverses(of)) => of.seen_from(id.journal),
                _ => id,
            };
            let is_oldest = self.waiting.range(..place).next().is_none();
            let (owner, left) = self.waiting.entry(place).or_insert((member, 0));
            *left = left.saturating_add(entry.units);
            // A payment pays what is left of the oldest.
            let is_paid_in_turn = is_oldest && *left == 0;
            let is_in_order = is_paid_in_turn || !matches!(posting.fact, Some(Fact::Pays(_)));
            if *owner != member || *left < 0 || !is_in_order {
                self.findings.add(
                    "journal",
                    &Place(id),
                    "entries",
                    &"a reward that waits",
                    &entry.account,
                );
            }
            if *left == 0 {
                self.waiting.remove(&place);
            }
        }
    }
}
