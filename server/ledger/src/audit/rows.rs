//! The comparison: row after row of the tables that follow from the journals.

use std::fmt::Display;

use haigou_contract::Day;

use super::{Auditor, Hex};
use crate::projection::text_hash;
use crate::{Account, PostingId};

const MISSING: &str = "no such row";

impl Auditor {
    /// A row of `balance`.
    pub fn balance_row(&mut self, code: i64, units: i64) {
        let Some(account) = Account::from_code(code) else {
            self.findings
                .add("balance", &code, "account", &"an account", &code);
            return;
        };
        let expected = match account.owner() {
            None => self.platform.remove(&code),
            Some(member) => self.members.get_mut(&member.number()).and_then(|state| {
                let bit = 1 << super::within(account);
                let was_touched = state.touched & bit != 0;
                state.touched &= !bit;
                was_touched.then(|| state.balance_of(account))
            }),
        };
        let row = format!("{code} ({account})");
        match expected {
            Some(expected) => self.findings.differs("balance", &row, "units", &expected, &units),
            None => self.findings.add("balance", &row, "account", &MISSING, &units),
        }
    }

    /// A row of `statement`; they come by owner and then by journal.
    pub fn statement_row(&mut self, owner: i64, seq: i64, touched: i64) {
        match self.members.get_mut(&owner) {
            Some(state) => state.statement_rows = state.statement_rows.with(&self.digest_key, seq, touched),
            None => self
                .findings
                .add("statement", &format!("{owner}, {seq}"), "owner", &MISSING, &owner),
        }
    }

    /// A row of `holder`.
    pub fn holder_row(&mut self, member: i64, active: i64, settled_through: Option<i64>) {
        let Some(state) = self.members.get_mut(&member) else {
            self.findings.add("holder", &member, "member", &MISSING, &member);
            return;
        };
        let through = state.settled_through.map(|day| i64::from(day.number()));
        let (was_active, had_row) = (state.active, state.active || through.is_some());
        // Nothing is left to be missing once the row was seen.
        state.active = false;
        state.settled_through = None;
        if !had_row {
            self.findings.add("holder", &member, "member", &MISSING, &member);
        }
        self.findings
            .differs("holder", &member, "active", &i64::from(was_active), &active);
        self.findings.differs(
            "holder",
            &member,
            "settled_through",
            &Shown(through),
            &Shown(settled_through),
        );
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

    /// A row of a member's statement that differs, as a second look found it.
    pub fn statement_differs(&mut self, owner: i64, expected: &dyn Display, found: &dyn Display) {
        self.findings
            .add("statement", &owner, "seq, assets", expected, found);
    }

    /// After all rows: finds those that are missing, and says whose statements differ.
    pub fn finish(&mut self) -> Vec<i64> {
        if self.slice.is_first() {
            for (code, units) in std::mem::take(&mut self.platform) {
                self.findings.add("balance", &code, "account", &units, &MISSING);
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
        let mut numbers: Vec<_> = self.members.keys().copied().collect();
        numbers.sort_unstable();
        let mut statements = Vec::new();
        for number in numbers {
            let Some(state) = self.members.get(&number) else {
                continue;
            };
            for index in (0..16_i64).filter(|index| state.touched & (1 << index) != 0) {
                self.findings
                    .add("balance", &(number * 16 + index), "account", &"a row", &MISSING);
            }
            if state.active || state.settled_through.is_some() {
                self.findings.add("holder", &number, "member", &"a row", &MISSING);
            }
            if state.statement != state.statement_rows {
                statements.push(number);
            }
        }
        statements
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
