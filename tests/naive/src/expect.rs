//! What a scenario expects, held against a state.

use serde_json::Value;

/// Every difference between what is expected and a state, in words; what is not named is not looked at.
#[must_use]
pub fn differences(expect: &Value, state: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", expect, Some(state), &mut found);
    found
}

fn compare(path: &str, expect: &Value, state: Option<&Value>, found: &mut Vec<String>) {
    match (expect, state) {
        (Value::Object(expect), Some(Value::Object(_)) | None) => {
            for (key, expect) in expect {
                compare(
                    &format!("{path}/{key}"),
                    expect,
                    state.and_then(|state| state.get(key)),
                    found,
                );
            }
        }
        (expect, Some(state)) if expect == state => {}
        (Value::String(text), None) if is_nothing(text) => {}
        (expect, Some(state)) => found.push(format!("{path}: {expect} was expected, {state} came")),
        (expect, None) => found.push(format!("{path}: {expect} was expected, nothing came")),
    }
}

/// What the state leaves out: zero, and no tier.
fn is_nothing(text: &str) -> bool {
    text == "none" || (!text.is_empty() && text.chars().all(|letter| "0.".contains(letter)))
}
