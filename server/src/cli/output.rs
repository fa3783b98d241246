//! Where a command writes to: results to standard output, messages to standard error.

use std::io::Write as _;

/// A line of a result. A reader who has gone away is no error.
pub(super) fn print(line: &str) {
    let _gone = writeln!(std::io::stdout().lock(), "{line}");
}

/// A message for the person at the terminal.
pub(super) fn say(line: &str) {
    let _gone = writeln!(std::io::stderr().lock(), "{line}");
}
