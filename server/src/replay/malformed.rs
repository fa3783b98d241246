//! Reading strictly: what a scenario can't be, with line and field.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A scenario that can't be one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {}{problem}", if field.is_empty() { String::new() } else { format!("{field}: ") })]
pub struct Malformed {
    /// The line, from 1.
    pub line: usize,
    /// The field, for example `events[3].amount`; empty for the whole text.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
}

/// A part of a scenario's text, with where it stands in the whole.
#[derive(Debug, Clone)]
pub(super) struct Part<'t> {
    whole: &'t str,
    text: &'t str,
    field: String,
}

impl<'t> Part<'t> {
    /// The whole text.
    pub(super) const fn whole(text: &'t str) -> Self {
        Self {
            whole: text,
            text,
            field: String::new(),
        }
    }

    /// A value inside of this part, and which field it is.
    pub(super) fn value(&self, value: &'t RawValue, field: String) -> Self {
        Self {
            whole: self.whole,
            text: value.get(),
            field,
        }
    }

    /// The part that a field leads to, as far as the text has it.
    pub(super) fn inside(&self, field: &str) -> Self {
        let mut text = self.text;
        for step in field.split(['.', '[']) {
            let value = match step.strip_suffix(']') {
                Some(index) => item(text, index),
                None => member(text, step),
            };
            let Some(value) = value else { break };
            text = value.get();
        }
        Self {
            whole: self.whole,
            text,
            field: joined(&self.field, field),
        }
    }

    /// Reads it as what it has to be.
    pub(super) fn read<T: Deserialize<'t>>(&self) -> Result<T, Malformed> {
        let mut json = serde_json::Deserializer::from_str(self.text);
        let value = serde_path_to_error::deserialize(&mut json)
            .map_err(|error| self.misread(&error.path().to_string(), error.inner()))?;
        json.end().map_err(|error| self.misread(".", &error))?;
        Ok(value)
    }

    /// Says what is wrong with a field inside of it.
    pub(super) fn refuse(&self, field: &str, problem: impl Into<String>) -> Malformed {
        let part = self.inside(field);
        Malformed {
            line: part.first_line(),
            field: part.field,
            problem: problem.into(),
        }
    }

    fn misread(&self, field: &str, error: &serde_json::Error) -> Malformed {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let said = error.to_string();
        let problem = said.strip_suffix(&place).unwrap_or(&said);
        // These two are noticed by the object around them.
        let noticed = ["missing field `", "duplicate field `"];
        let named = noticed
            .iter()
            .find_map(|words| problem.strip_prefix(words)?.strip_suffix('`'));
        // Behind a question mark the text broke off.
        let field = joined(
            field.trim_end_matches('?').trim_end_matches('.'),
            named.unwrap_or_default(),
        );
        if error.is_data() {
            return self.refuse(&field, problem);
        }
        Malformed {
            line: self.first_line() + error.line().saturating_sub(1),
            field: joined(&self.field, &field),
            problem: problem.to_owned(),
        }
    }

    /// The line of the whole text that it begins on, from 1.
    fn first_line(&self) -> usize {
        let before = self.text.as_ptr().addr() - self.whole.as_ptr().addr();
        let newlines = self.whole.bytes().take(before).filter(|byte| *byte == b'\n');
        newlines.count() + 1
    }
}

fn item<'t>(list: &'t str, index: &str) -> Option<&'t RawValue> {
    let items: Vec<&RawValue> = serde_json::from_str(list).ok()?;
    items.get(index.parse::<usize>().ok()?).copied()
}

fn member<'t>(object: &'t str, key: &str) -> Option<&'t RawValue> {
    let members: HashMap<String, &RawValue> = serde_json::from_str(object).ok()?;
    members.get(key).copied()
}

fn joined(field: &str, inner: &str) -> String {
    match (field, inner) {
        ("" | ".", inner) => inner.trim_start_matches('.').to_owned(),
        (field, "" | ".") => field.to_owned(),
        (field, inner) if inner.starts_with('[') => format!("{field}{inner}"),
        (field, inner) => format!("{field}.{inner}"),
    }
}
