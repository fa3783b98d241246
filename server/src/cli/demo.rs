//! `haigou demo`: a program of its own, since it plays the phones too.

use std::ffi::OsString;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use super::{Failed, Verdict};

/// Becomes the program `haigou-demo` that stands beside this one.
pub(super) fn run(arguments: &[OsString]) -> Result<Verdict, Failed> {
    let program = std::env::current_exe()?.with_file_name("haigou-demo");
    if !program.is_file() {
        return Err(format!(
            "the demo is a program of its own, and {} isn't there: build it with `cargo build --release -p haigou-demo`",
            program.display()
        )
        .into());
    }
    let error = Command::new(&program).args(arguments).exec();
    Err(format!("{} didn't start: {error}", program.display()).into())
}
