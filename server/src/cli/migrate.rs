//! `haigou migrate`.

use haigou_server::Settings;
use haigou_store::{Store, newest_version, transfer};

use super::{Failed, Verdict, output};

pub(super) fn run(settings: &Settings) -> Result<Verdict, Failed> {
    let store = Store::open(&settings.db)?;
    let place = store.place();
    let version = newest_version();
    match store.applied().len() {
        0 => output::say(&format!("{place} has version {version} already")),
        1 => output::say(&format!("{place} has version {version} now, by 1 step")),
        steps => output::say(&format!("{place} has version {version} now, by {steps} steps")),
    }
    Ok(Verdict::Yes)
}

/// Moves a whole database into an empty one.
pub(super) fn to_another(from: &str, to: &str) -> Result<Verdict, Failed> {
    output::say("proving the books before anything is copied");
    let report = transfer(from, to, &mut |table, rows| {
        output::say(&format!("{table}: {rows} rows"))
    })?;
    output::say(&format!(
        "everything is there, and its books follow from the journal: {} journals, {} entries, head of the chain {}",
        report.journals, report.entries, report.head_hash
    ));
    Ok(Verdict::Yes)
}
