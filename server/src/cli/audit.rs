//! `haigou audit`.

use haigou_server::{Settings, audit};
use haigou_store::Store;

use super::{Failed, Verdict, output};

/// Proves every balance from the journal, also while a server works on the database.
pub(super) fn run(settings: &Settings, json: bool) -> Result<Verdict, Failed> {
    let report = Store::open_read_only(&settings.db)?.read_blocking(|reader| audit(reader))?;
    if json {
        output::print(&serde_json::to_string(&report)?);
    } else {
        for finding in &report.findings {
            output::print(&finding.to_string());
        }
        output::print(&format!(
            "{}: {} journals, {} entries, {} accounts; head of the chain {}",
            if report.ok {
                "everything follows from the journal"
            } else {
                "THE BOOKS DIFFER from the journal"
            },
            report.journals,
            report.entries,
            report.accounts,
            report.head_hash
        ));
    }
    Ok(if report.ok { Verdict::Yes } else { Verdict::No })
}
