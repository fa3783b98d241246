//! `haigou rules diff`.

use haigou_rules::diff;
use haigou_server::rulebook_of;

use super::Form;
use crate::cli::{Failed, Verdict, output};

/// A line per setting that differs.
pub(super) fn run(before: &str, after: &str, form: &Form) -> Result<Verdict, Failed> {
    let changes = diff(&rulebook_of(before)?, &rulebook_of(after)?);
    for change in &changes {
        if form.json {
            output::print(&serde_json::to_string(change)?);
        } else {
            output::print(&format!("{}  ({})", change.words.of(form.language), change.path));
        }
    }
    if changes.is_empty() {
        output::say(
            form.language
                .pick("两份规则相同", "the two rulebooks say the same"),
        );
    }
    Ok(Verdict::Yes)
}
