//! Makes the store that stands for the schema of this version of the app: `fixture FOLDER` writes `schema-N.sqlite` there,
//! its log, and `schema-N.json` with what the screens show of them.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a tool for those who work on the app: it stops where it must not go on"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::path::PathBuf;

use common::{database, released};

#[tokio::main]
async fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("the folder to write to"));
    let made = folder.join("made.sqlite");
    let shown = released::live(&made).await;
    let version: i64 = database(&made)
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    for end in ["sqlite", "log"] {
        std::fs::rename(
            made.with_extension(end),
            folder.join(format!("schema-{version}.{end}")),
        )
        .unwrap();
    }
    let text = serde_json::to_string_pretty(&shown).unwrap();
    std::fs::write(folder.join(format!("schema-{version}.json")), text + "\n").unwrap();
}
