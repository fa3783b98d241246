//! `haigou rules dry-run`.

use haigou_contract::{Amount, Asset, Day};
use haigou_server::rulebooks::{Difference, DryRun, dry_run};
use haigou_server::{Settings, rulebook_of};
use haigou_store::Store;
use serde_json::json;

use crate::cli::{Failed, Verdict, output};

/// Journals between two words about the progress.
const STRETCH: i64 = 100_000;

/// Prints what the past would have brought under another rulebook. Changes nothing.
pub(super) fn run(
    settings: &Settings,
    rulebook: &str,
    from: Option<Day>,
    json: bool,
) -> Result<Verdict, Failed> {
    let rulebook = rulebook_of(rulebook)?;
    let store = Store::open_read_only(&settings.db)?;
    let mut said = 0;
    let tried = dry_run(&store, &rulebook, from, |done, all| {
        if done >= said + STRETCH {
            said = done;
            output::say(&format!("{done} of {all} journals"));
        }
    })?;
    if json {
        print_json(&tried)?;
    } else {
        print_table(&tried);
    }
    Ok(Verdict::Yes)
}

fn print_json(tried: &DryRun) -> Result<(), Failed> {
    for difference in &tried.differences {
        let show = |amount: Amount| difference.asset.show(amount);
        let line = json!({"member": difference.member.number(), "rule": difference.rule,
            "asset": difference.asset, "bucket": difference.bucket,
            "was": show(difference.was), "would_be": show(difference.would_be)});
        output::print(&line.to_string());
    }
    for refused in &tried.refused {
        output::print(&serde_json::to_string(refused)?);
    }
    let all = json!({"from": tried.from.to_string(), "events": tried.events,
        "refused": tried.refused.len(), "differences": tried.differences.len()});
    output::print(&all.to_string());
    Ok(())
}

fn print_table(tried: &DryRun) {
    for difference in &tried.differences {
        let Difference {
            member, rule, asset, ..
        } = difference;
        let show = |asset: Asset, amount: Amount| asset.show(amount);
        output::print(&format!(
            "member {:>6}  {:<24} {:<20} was {:>18}  would be {:>18}",
            member.number(),
            rule,
            format!("{asset}.{}", difference.bucket),
            show(*asset, difference.was),
            show(*asset, difference.would_be),
        ));
    }
    for refused in &tried.refused {
        output::print(&format!(
            "journal {:>6}  would have been refused: {}",
            refused.journal, refused.code
        ));
    }
    output::print(&format!(
        "{} events from {} on: {} differences, {} events would have been refused",
        tried.events,
        tried.from,
        tried.differences.len(),
        tried.refused.len()
    ));
}
