//! Where two lists of postings differ first.

use std::fmt::Display;

use haigou_ledger::{Finding, Posting, Reason};

/// Adds the first place where the booked postings differ from those worked out anew.
pub(super) fn postings(seq: i64, expected: &[Posting], booked: &[Posting], findings: &mut Vec<Finding>) {
    let mut index = 0_usize;
    let (mut expected, mut booked) = (expected.iter(), booked.iter());
    let finding = |index: usize, column: &str, expected: &dyn Display, found: &dyn Display| Finding {
        table: "journal".to_owned(),
        row: format!("{seq}, posting {index}"),
        column: column.to_owned(),
        expected: expected.to_string(),
        found: found.to_string(),
    };
    loop {
        let found = match (expected.next(), booked.next()) {
            (None, None) => return,
            (Some(expected), Some(booked)) if expected == booked => {
                index += 1;
                continue;
            }
            (Some(expected), None) => finding(index, "rule", &expected.reason.rule.id(), &"no posting"),
            (None, Some(booked)) => finding(index, "rule", &"no posting", &booked.reason.rule.id()),
            (Some(expected), Some(booked)) => {
                let (column, expected, booked) = differing(expected, booked);
                finding(index, column, &expected, &booked)
            }
        };
        findings.push(found);
        return;
    }
}

fn differing(expected: &Posting, booked: &Posting) -> (&'static str, String, String) {
    let rules = [expected, booked].map(|posting| posting.reason.rule.id().to_owned());
    let figures = [expected, booked].map(|posting| figures(&posting.reason));
    let entries = [expected, booked].map(entries);
    for (column, [expected, booked]) in [("rule", rules), ("entries", entries), ("figures", figures)] {
        if expected != booked {
            return (column, expected, booked);
        }
    }
    let facts = [expected, booked].map(|posting| format!("{:?}", posting.fact));
    let [expected, booked] = facts;
    ("fact", expected, booked)
}

fn entries(posting: &Posting) -> String {
    let entries = posting.entries.iter();
    let shown: Vec<_> = entries
        .map(|entry| {
            let amount = haigou_contract::Amount::from_units(entry.units);
            format!("{} {}", entry.account, entry.account.asset().show(amount))
        })
        .collect();
    shown.join(", ")
}

fn figures(reason: &Reason) -> String {
    let shown: Vec<_> = reason
        .figures
        .iter()
        .map(|(name, figure)| format!("{name}={figure}"))
        .collect();
    shown.join(" ")
}
