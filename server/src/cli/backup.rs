//! `haigou backup` and `haigou restore`.

use std::path::Path;

use haigou_server::Settings;
use haigou_store::place_of;

use super::{Failed, Verdict, output};

pub(super) fn make(settings: &Settings, path: &Path) -> Result<Verdict, Failed> {
    haigou_store::backup(&settings.db, path)?;
    output::say(&format!(
        "{} is a whole, checked copy of {}",
        path.display(),
        place_of(&settings.db)?
    ));
    Ok(Verdict::Yes)
}

pub(super) fn put_back(settings: &Settings, path: &Path) -> Result<Verdict, Failed> {
    haigou_store::restore(path, &settings.db)?;
    output::say(&format!(
        "{} is a whole, checked copy of {}",
        place_of(&settings.db)?,
        path.display()
    ));
    Ok(Verdict::Yes)
}
