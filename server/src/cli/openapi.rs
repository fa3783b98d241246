//! `haigou openapi`.

use super::{Failed, Verdict, output};

pub(super) fn run() -> Result<Verdict, Failed> {
    output::print(&serde_json::to_string_pretty(&haigou_server::openapi())?);
    Ok(Verdict::Yes)
}
