//! `haigou migrate`.

use haigou_server::Settings;
use haigou_store::{Store, newest_version};

use super::{Failed, Verdict, output};

pub(super) fn run(settings: &Settings) -> Result<Verdict, Failed> {
    let store = Store::open(&settings.db)?;
    let path = store.path().display();
    let version = newest_version();
    match store.applied().len() {
        0 => output::say(&format!("{path} has version {version} already")),
        1 => output::say(&format!("{path} has version {version} now, by 1 step")),
        steps => output::say(&format!("{path} has version {version} now, by {steps} steps")),
    }
    Ok(Verdict::Yes)
}
