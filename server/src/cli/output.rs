//! Where a command writes to: results to standard output, messages to standard error.

use std::io::Write as _;

use haigou_contract::Language;

/// The language that `--lang` names.
pub(super) fn language(tag: &str) -> Result<Language, String> {
    [Language::Chinese, Language::English]
        .into_iter()
        .find(|language| language.tag() == tag)
        .ok_or_else(|| "write zh-CN or en".to_owned())
}

/// A line of a result. A reader who has gone away is no error.
pub(super) fn print(line: &str) {
    let _gone = writeln!(std::io::stdout().lock(), "{line}");
}

/// A message for the person at the terminal.
pub(super) fn say(line: &str) {
    let _gone = writeln!(std::io::stderr().lock(), "{line}");
}
