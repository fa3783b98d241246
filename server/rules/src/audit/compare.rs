//! Where two lists of postings differ first.

use haigou_ledger::{Findings, Posting, Reason};

/// Adds the first place where the booked postings differ from those worked out anew.
pub(super) fn postings(seq: i64, expected: &[Posting], booked: &[Posting], findings: &mut Findings) {
    let places = 0..expected.len().max(booked.len());
    let both = places.map(|index| (index, expected.get(index), booked.get(index)));
    for (index, expected, booked) in both {
        if expected == booked {
            continue;
        }
        let (column, expected, booked) = match (expected, booked) {
            (Some(expected), Some(booked)) => differing(expected, booked),
            (expected, booked) => ("rule", rule(expected), rule(booked)),
        };
        let row = format!("{seq}, posting {index}");
        findings.add("journal", &row, column, &expected, &booked);
        return;
    }
}

fn rule(posting: Option<&Posting>) -> String {
    posting
        .map_or("no posting", |posting| posting.reason.rule.id())
        .to_owned()
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
