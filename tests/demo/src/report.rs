//! What the week brought, as a table, and the reason behind each figure.

use std::collections::BTreeMap;

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, LineStyle, Table, TableStyle};
use haigou_contract::{Asset, Bucket, StatementLine};
use rust_decimal::Decimal;

use crate::town::Townsman;
use crate::week::Week;

/// A line below the titles, and nothing else: names in two scripts are not equally wide everywhere.
const RULED: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// A line per person.
pub(crate) fn table(weeks: &[Week]) -> Table {
    let mut table = new_table();
    table.set_header(
        [
            "",
            "steps made",
            "claimed",
            "counted",
            "km",
            "kcal",
            "unfrozen",
            "hi_value",
            "hi_shell (airdrop)",
            "lowest trust",
        ]
        .map(|title| Cell::new(title).add_attribute(Attribute::Bold)),
    );
    for week in weeks {
        let all_counted = week.heard.counted == week.heard.claimed;
        let counted = Cell::new(grouped(week.heard.counted));
        let counted = counted.fg(if all_counted { Color::Green } else { Color::Yellow });
        let trust = week
            .outcome
            .trust
            .map_or_else(|| "–".to_owned(), |trust| trust.to_string());
        table.add_row(vec![
            Cell::new(week.name).add_attribute(Attribute::Bold),
            Cell::new(grouped(week.made)),
            Cell::new(grouped(week.heard.claimed)),
            counted,
            Cell::new(format!("{:.1}", week.outcome.distance_m / 1000.0)),
            Cell::new(format!("{:.0}", week.outcome.kcal)),
            Cell::new(unfrozen(&week.outcome.statement)),
            Cell::new(held(week, Asset::HiValue, Bucket::Active)),
            Cell::new(held(week, Asset::HiShell, Bucket::Available)),
            Cell::new(trust),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// The reasons, person by person: how often each rule paid, what it paid in all, and its newest line in words.
pub(crate) fn reasons(week: &Week) -> String {
    let mut text = String::new();
    let invited = week
        .invited_by
        .map_or_else(String::new, |name| format!(", invited by {name}"));
    text.push_str(&format!("{}{invited}: {}\n", week.name, week.about));
    for (steps, why) in week.heard.not_counted.values() {
        text.push_str(&format!("  {} steps not counted: {why}\n", grouped(*steps)));
    }
    text.push_str(&by_rule(&week.outcome.statement).to_string());
    text
}

/// The same of somebody in the town.
pub(crate) fn reasons_in_town(townsman: &Townsman) -> String {
    let invited = townsman
        .invited_by
        .as_ref()
        .map_or_else(String::new, |name| format!(", invited by {name}"));
    let lines: Vec<_> = townsman
        .trace
        .lines
        .iter()
        .map(|traced| traced.line.clone())
        .collect();
    format!("{}{invited}\n{}", townsman.name, by_rule(&lines))
}

fn by_rule(statement: &[StatementLine]) -> Table {
    let mut table = new_table();
    table.set_header(["asset", "in all", "times", "rule", "why (the newest of them)"]);
    for ((asset, bucket, rule), reason) in sums(statement) {
        table.add_row(vec![
            Cell::new(format!("{asset}.{bucket}")),
            Cell::new(reason.sum).set_alignment(CellAlignment::Right),
            Cell::new(reason.times).set_alignment(CellAlignment::Right),
            Cell::new(rule),
            Cell::new(reason.newest),
        ]);
    }
    table
}

struct ReasonSum {
    sum: Decimal,
    times: usize,
    newest: String,
}

fn sums(statement: &[StatementLine]) -> BTreeMap<(Asset, Bucket, String), ReasonSum> {
    let mut sums: BTreeMap<_, ReasonSum> = BTreeMap::new();
    let leaves_frozen =
        |line: &&StatementLine| line.bucket == Bucket::Frozen && line.amount.is_sign_negative();
    // What leaves the frozen part arrives in the available one, and is told there.
    for line in statement.iter().filter(|line| !leaves_frozen(line)) {
        let reason = sums
            .entry((line.asset, line.bucket, line.rule.clone()))
            .or_insert_with(|| ReasonSum {
                sum: Decimal::ZERO,
                times: 0,
                newest: String::new(),
            });
        reason.sum += line.amount;
        reason.times += 1;
        reason.newest.clone_from(&line.text);
    }
    sums
}

/// Challenge that became available.
fn unfrozen(statement: &[StatementLine]) -> Decimal {
    let unfreezes =
        |line: &&StatementLine| line.asset == Asset::Challenge && line.bucket == Bucket::Available;
    statement.iter().filter(unfreezes).map(|line| line.amount).sum()
}

fn held(week: &Week, asset: Asset, bucket: Bucket) -> Decimal {
    let balances = &week.outcome.wallet.balances;
    let found = balances
        .iter()
        .find(|balance| balance.asset == asset && balance.bucket == bucket);
    found.map_or(Decimal::ZERO, |balance| balance.amount)
}

fn new_table() -> Table {
    let mut table = Table::new();
    table
        .load_style(RULED)
        .set_content_arrangement(ContentArrangement::Dynamic);
    if table.width().is_none() {
        table.set_width(140);
    }
    table
}

/// With a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
