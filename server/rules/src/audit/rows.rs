//! The comparison: row after row of the tables that follow from events.

use std::collections::BTreeSet;
use std::fmt::Display;

use haigou_contract::{Amount, Day};

use super::Rerun;
use crate::event::CentreNo;
use crate::figures::Price;
use crate::world::{OperationCentre, Person};

const MISSING: &str = "no such row";

/// How many rows were seen of each table: members and centres are compared by number, so a count finds what is missing.
#[derive(Debug, Default)]
pub(super) struct Seen {
    people: usize,
    centres: BTreeSet<CentreNo>,
    prices: BTreeSet<Day>,
    trades: BTreeSet<Day>,
    launched: bool,
}

impl Rerun {
    /// A row of `person`. They come by number, upwards.
    pub fn person_row(&mut self, member: i64, found: &Person) {
        let findings = &mut self.findings;
        let place = usize::try_from(member)
            .ok()
            .and_then(|member| member.checked_sub(1));
        let expected = place.and_then(|place| self.world.people().get(place)).copied();
        let Some(expected) = expected else {
            findings.add("person", &member, "member", &MISSING, &member);
            return;
        };
        self.seen.people += 1;
        let facts = |person: &Person| {
            [
                ("sponsor", person.sponsor),
                ("depth", person.depth),
                ("direct", person.direct),
                ("team", person.team),
                ("juniors", person.juniors),
                ("direct_juniors", person.direct_juniors),
                ("middles", person.middles),
                ("direct_middles", person.direct_middles),
                ("vip", u32::from(person.vip)),
                ("owns_centre", u32::from(person.owns_centre)),
            ]
        };
        for ((column, expected), (_, found)) in facts(&expected).into_iter().zip(facts(found)) {
            findings.differs("person", &member, column, &expected, &found);
        }
        let tier = |person: &Person| person.tier.map_or("none", |tier| tier.name());
        findings.differs("person", &member, "tier", &tier(&expected), &tier(found));
    }

    /// A row of `approved_centre`.
    pub fn centre_row(&mut self, centre: CentreNo, place: i64, found: OperationCentre) {
        let findings = &mut self.findings;
        let expected = self.world.centres().get(&centre).copied();
        let Some(expected) = expected.filter(|_| self.seen.centres.insert(centre)) else {
            findings.add("approved_centre", &centre, "centre", &MISSING, &centre);
            return;
        };
        let approved = self.approved.iter().position(|approved| *approved == centre);
        let expected_place = approved
            .and_then(|place| i64::try_from(place + 1).ok())
            .unwrap_or(0);
        findings.differs("approved_centre", &centre, "place", &expected_place, &place);
        let (owner, found_owner) = (expected.owner.number(), found.owner.number());
        findings.differs("approved_centre", &centre, "owner", &owner, &found_owner);
        findings.differs(
            "approved_centre",
            &centre,
            "region",
            &expected.region,
            &found.region,
        );
        let parent = |centre: OperationCentre| centre.parent.unwrap_or(0);
        findings.differs(
            "approved_centre",
            &centre,
            "parent",
            &parent(expected),
            &parent(found),
        );
    }

    /// A row of `shell_price`.
    pub fn price_row(&mut self, day: Day, found: Price) {
        let findings = &mut self.findings;
        let expected = self.days.prices.get(&day).copied();
        let Some(expected) = expected.filter(|_| self.seen.prices.insert(day)) else {
            findings.add("shell_price", &day, "day", &MISSING, &day);
            return;
        };
        findings.differs("shell_price", &day, "price", &expected, &found);
    }

    /// A row of `trade_day`.
    pub fn trades_row(&mut self, day: Day, cash: Amount, shells: Amount) {
        let findings = &mut self.findings;
        let expected = self.days.trades.get(&day).copied();
        let Some(expected) = expected.filter(|_| self.seen.trades.insert(day)) else {
            findings.add("trade_day", &day, "day", &MISSING, &day);
            return;
        };
        let (expected_cash, expected_shells) = expected.sums();
        findings.differs("trade_day", &day, "cash", &expected_cash, &cash.units().into());
        findings.differs(
            "trade_day",
            &day,
            "shells",
            &expected_shells,
            &shells.units().into(),
        );
    }

    /// The row of `launch`.
    pub fn launch_row(&mut self, id: i64, day: Day) {
        let findings = &mut self.findings;
        findings.differs("launch", &id, "id", &1, &id);
        self.seen.launched = true;
        match self.days.launch() {
            Some(launch) => findings.differs("launch", &1, "day", &launch, &day),
            None => findings.add("launch", &1, "id", &MISSING, &1),
        }
    }

    /// A row whose columns can't be read as what they should be.
    pub fn unreadable(&mut self, table: &str, row: &dyn Display, detail: &dyn Display) {
        self.findings
            .add(table, row, "type", &"the column's own type", detail);
    }

    /// After all rows: finds those that are missing.
    pub fn finish(&mut self) {
        let findings = &mut self.findings;
        let people = self.world.people().len();
        findings.differs("person", &"all", "rows", &people, &self.seen.people);
        let centres = self.world.centres().len();
        findings.differs(
            "approved_centre",
            &"all",
            "rows",
            &centres,
            &self.seen.centres.len(),
        );
        let prices = self.days.prices.len();
        findings.differs("shell_price", &"all", "rows", &prices, &self.seen.prices.len());
        let trades = self.days.trades.len();
        findings.differs("trade_day", &"all", "rows", &trades, &self.seen.trades.len());
        let launched = self.days.launch().is_some();
        findings.differs("launch", &"all", "rows", &launched, &self.seen.launched);
    }
}
