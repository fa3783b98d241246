//! The comparison: row after row of the tables that follow from the journals.

use std::fmt::Display;

use haigou_contract::Day;

use super::{Auditor, Hex};
use crate::projection::text_hash;
use crate::{Account, PostingId};

const MISSING: &str = "no such row";

impl Auditor {
    /// A row of `balance`.
    pub fn balance_row(&mut self, code: i64, units: i64, newest: i64) {
        let Some(account) = Account::from_code(code) else {
            self.findings
                .add("balance", &code, "account", &"an account", &code);
            return;
        };
        let stand = match account.owner() {
            None => self.platform.get_mut(&code),
            Some(member) => {
                let state = self.members.get_mut(&member.number());
                state.and_then(|state| state.accounts.get_mut(super::within(account)))
            }
        };
        let row = format!("{code} ({account})");
        match stand.map(std::mem::take) {
            Some(expected) if expected.newest != 0 => {
                self.findings
                    .differs("balance", &row, "units", &expected.units, &units);
                self.findings
                    .differs("balance", &row, "newest", &expected.newest, &newest);
            }
            _ => self.findings.add("balance", &row, "account", &MISSING, &units),
        }
    }

    /// A row of `holder`.
    pub fn holder_row(&mut self, member: i64, active: i64, settled_through: Option<i64>, settled_in: i64) {
        let state = self
            .members
            .get_mut(&member)
            .filter(|state| state.has_holder_row());
        let Some(state) = state else {
            self.findings.add("holder", &member, "member", &MISSING, &member);
            return;
        };
        // Nothing is left to be missing once the row was seen.
        let was_active = std::mem::take(&mut state.active);
        let through = state.settled_through.take().map(|day| i64::from(day.number()));
        self.findings
            .differs("holder", &member, "active", &i64::from(was_active), &active);
        self.findings.differs(
            "holder",
            &member,
            "settled_through",
            &Shown(through),
            &Shown(settled_through),
        );
        self.findings
            .differs("holder", &member, "settled_in", &state.settled_in, &settled_in);
    }

    /// A row of `airdrop_day`.
    pub fn airdrop_row(&mut self, day: i64, drop: i64, network: i64, journal: i64) {
        let found = self
            .days
            .iter_mut()
            .find(|row| i64::from(row.day.day.number()) == day);
        let Some(row) = found.filter(|row| !row.seen) else {
            self.findings.add("airdrop_day", &day, "day", &MISSING, &day);
            return;
        };
        row.seen = true;
        self.findings
            .differs("airdrop_day", &day, "drop_units", &row.day.drop, &drop);
        self.findings
            .differs("airdrop_day", &day, "network_units", &row.day.network, &network);
        self.findings
            .differs("airdrop_day", &day, "journal", &row.journal, &journal);
    }

    /// A row of `waiting`.
    pub fn waiting_row(&mut self, journal: i64, posting: i64, member: i64, units: i64) {
        let place = format!("{journal}, {posting}");
        let id = u32::try_from(posting).map(|posting| PostingId { journal, posting });
        match id.ok().and_then(|id| self.waiting.remove(&id)) {
            Some((owner, left)) => {
                self.findings
                    .differs("waiting", &place, "member", &owner.number(), &member);
                self.findings.differs("waiting", &place, "units", &left, &units);
            }
            None if self.slice.holds(member) => {
                self.findings
                    .add("waiting", &place, "journal, posting", &MISSING, &place);
            }
            None => {}
        }
    }

    /// A row of `rulebook`.
    pub fn rulebook_row(&mut self, version: i64, starts_at_ms: i64, text: &str, journal: i64) {
        let found = self
            .rulebooks
            .iter_mut()
            .find(|row| i64::from(row.version) == version);
        let Some(row) = found.filter(|row| !row.seen) else {
            self.findings
                .add("rulebook", &version, "version", &MISSING, &version);
            return;
        };
        row.seen = true;
        self.findings.differs(
            "rulebook",
            &version,
            "starts_at_ms",
            &row.starts_at_ms,
            &starts_at_ms,
        );
        let hash = text_hash(text);
        if hash != row.text_hash {
            let expected = format!("a text of hash {}", Hex(&row.text_hash));
            self.findings
                .add("rulebook", &version, "text", &expected, &Hex(&hash));
        }
        self.findings
            .differs("rulebook", &version, "journal", &row.journal, &journal);
    }

    /// A row whose columns can't be read as what they should be.
    pub fn unreadable(&mut self, table: &str, row: &dyn Display, detail: &dyn Display) {
        self.findings
            .add(table, row, "type", &"the column's own type", detail);
    }

    /// After all rows: finds those that are missing.
    pub fn finish(&mut self) {
        if self.slice.is_first() {
            for (code, stand) in self.platform.iter().filter(|(_, stand)| stand.newest != 0) {
                self.findings
                    .add("balance", code, "account", &stand.units, &MISSING);
            }
            for row in self.days.iter().filter(|row| !row.seen) {
                self.findings.add(
                    "airdrop_day",
                    &row.day.day.number(),
                    "day",
                    &row.day.day,
                    &MISSING,
                );
            }
            for row in self.rulebooks.iter().filter(|row| !row.seen) {
                self.findings
                    .add("rulebook", &row.version, "version", &row.version, &MISSING);
            }
        }
        for (id, (_, left)) in &self.waiting {
            self.findings.add(
                "waiting",
                &format!("{}, {}", id.journal, id.posting),
                "units",
                left,
                &MISSING,
            );
        }
        let mut missing: Vec<_> = self.members.iter().collect();
        missing.retain(|(_, state)| {
            state.has_holder_row() || state.accounts.iter().any(|stand| stand.newest != 0)
        });
        missing.sort_unstable_by_key(|(number, _)| **number);
        for (number, state) in missing {
            for (place, stand) in (0_i64..)
                .zip(&state.accounts)
                .filter(|(_, stand)| stand.newest != 0)
            {
                self.findings.add(
                    "balance",
                    &(number * 16 + place),
                    "account",
                    &stand.units,
                    &MISSING,
                );
            }
            if state.has_holder_row() {
                self.findings.add("holder", number, "member", &"a row", &MISSING);
            }
        }
    }
}

struct Shown(Option<i64>);

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(day) => Day::from_number(i32::try_from(day).unwrap_or(i32::MAX)).fmt(f),
            None => f.write_str("never"),
        }
    }
}
