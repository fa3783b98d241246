//! The comparison: row after row of the tables that follow from the journals.

use std::fmt::Display;

use haigou_contract::{Asset, Day};

use super::{Auditor, Hex};
use crate::projection::text_hash;
use crate::{PostingId, Slot};

const MISSING: &str = "no such row";

impl Auditor {
    /// A row of `platform`.
    pub fn platform_row(&mut self, code: i64, units: i64) {
        let state = self.platform.get_mut(&code).filter(|state| !state.seen);
        let Some(state) = state else {
            self.findings.add("platform", &code, "account", &MISSING, &units);
            return;
        };
        state.seen = true;
        self.findings
            .differs("platform", &code, "units", &state.units, &units);
    }

    /// A row of `holder`.
    pub fn holder_row(&mut self, member: i64, row: &HolderRow) {
        let state = self.members.get_mut(&member).filter(|state| !state.seen);
        let Some(state) = state else {
            self.findings.add("holder", &member, "member", &MISSING, &member);
            return;
        };
        state.seen = true;
        let expected = &state.holder;
        let findings = &mut self.findings;
        findings.differs(
            "holder",
            &member,
            "active",
            &i64::from(expected.active),
            &row.active,
        );
        let through = expected.settled_through.map(|day| i64::from(day.number()));
        findings.differs(
            "holder",
            &member,
            "settled_through",
            &Shown(through),
            &Shown(row.settled_through),
        );
        findings.differs(
            "holder",
            &member,
            "settled_in",
            &expected.settled_in,
            &row.settled_in,
        );
        let slots = Slot::ALL.iter().map(Some).chain([None]);
        for ((slot, expected), found) in slots.zip(expected.units).zip(row.units) {
            if expected != found {
                let column = slot.map_or_else(
                    || "hi_shell_waiting".to_owned(),
                    |slot| slot.to_string().replace('.', "_"),
                );
                findings.add("holder", &member, &column, &expected, &found);
            }
        }
        for ((asset, expected), found) in Asset::ALL.iter().zip(expected.newest).zip(row.newest) {
            if expected != found {
                findings.add("holder", &member, &format!("{asset}_newest"), &expected, &found);
            }
        }
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
            for (code, state) in self.platform.iter().filter(|(_, state)| !state.seen) {
                self.findings
                    .add("platform", code, "account", &state.units, &MISSING);
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
        let unseen = self.members.iter().filter(|(_, state)| !state.seen);
        let mut missing: Vec<_> = unseen.map(|(number, _)| *number).collect();
        missing.sort_unstable();
        for number in missing {
            self.findings.add("holder", &number, "member", &"a row", &MISSING);
        }
    }
}

/// A row of `holder` as it is stored.
#[derive(Debug, Clone, Copy)]
pub struct HolderRow {
    /// 1 or 0.
    pub active: i64,
    /// A day's number.
    pub settled_through: Option<i64>,
    /// A journal's number or 0.
    pub settled_in: i64,
    /// As in [`Holder::units`](crate::Holder::units).
    pub units: [i64; 16],
    /// As in [`Holder::newest`](crate::Holder::newest).
    pub newest: [i64; 5],
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
