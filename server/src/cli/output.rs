//! Where a command writes to, and how: results to standard output, messages to standard error.

use std::io::Write as _;

use clap::Args;
use haigou_contract::Language;

/// How results are printed.
#[derive(Args)]
pub(super) struct Form {
    /// One JSON object a line
    #[arg(long)]
    pub(super) json: bool,
    /// The language of the words, zh-CN or en
    #[arg(long = "lang", value_name = "LANGUAGE", default_value = "zh-CN", value_parser = language)]
    pub(super) language: Language,
}

fn language(tag: &str) -> Result<Language, String> {
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
