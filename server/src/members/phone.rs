//! Phone numbers: E.164, mainland ones strictly.
//!
//! Numbering plans of other countries are not copied here: they change, and a number that doesn't exist gets no code.

use std::fmt;

/// A phone number in E.164 form, for example `+8613800138000`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Reads a number as people write it: `+`, `00` or, for a mainland mobile number, no prefix at all; blanks, dots,
    /// dashes and brackets between the digits are left out.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 40 {
            return None;
        }
        let plain: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')'))
            .collect();
        let number = match plain.strip_prefix('+').or_else(|| plain.strip_prefix("00")) {
            Some(number) => number.to_owned(),
            None => format!("86{plain}"),
        };
        let is_international = (8..=15).contains(&number.len())
            && number.bytes().all(|digit| digit.is_ascii_digit())
            && !number.starts_with('0');
        let fits = number.strip_prefix("86").is_none_or(is_mainland_mobile);
        (is_international && fits).then(|| Self(format!("+{number}")))
    }

    /// In E.164 form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// With its middle hidden, for example `+86138****8000`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask(&self.0)
    }
}

/// Hides the middle of a stored number: at least four digits, and at most four are left at its end.
#[must_use]
pub fn mask(number: &str) -> String {
    let tail = 4.min(number.len().saturating_sub(8));
    let head = number.len().saturating_sub(tail + 4).min(6);
    let shown = |from, to| number.get(from..to).unwrap_or("");
    format!(
        "{}****{}",
        shown(0, head),
        shown(number.len() - tail, number.len())
    )
}

fn is_mainland_mobile(number: &str) -> bool {
    number.len() == 11 && matches!(number.as_bytes(), [b'1', b'3'..=b'9', ..])
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Option<String> {
        PhoneNumber::parse(text).map(|number| number.as_str().to_owned())
    }

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for text in [
            "+8613800138000",
            "13800138000",
            "008613800138000",
            "+86 138-0013-8000",
            "(138) 0013.8000",
        ] {
            assert_eq!(read(text).as_deref(), Some("+8613800138000"), "{text}");
        }
        assert_eq!(read("+1 (415) 555-2671").as_deref(), Some("+14155552671"));
        assert_eq!(read("+85291234567").as_deref(), Some("+85291234567"));
    }

    #[test]
    fn anything_else_is_no_number() {
        for text in [
            "",
            "+",
            "110",
            "+86",
            "12800138000",
            "1380013800",
            "138001380000",
            "+8601012345678",
            "+0123456789",
            "+1234567",
            "+1234567890123456",
            "++8613800138000",
            "+86138001380OO",
            "１３８００１３８０００",
            "00",
            "+86 138\n00138000",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn the_middle_is_hidden() {
        assert_eq!(mask("+8613800138000"), "+86138****8000");
        assert_eq!(mask("+85291234567"), "+852****4567");
        assert_eq!(mask("+12345678"), "+123****8");
        assert_eq!(mask(""), "****");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_hidden(text in "\\PC{0,50}") {
            if let Some(number) = PhoneNumber::parse(&text) {
                prop_assert_eq!(PhoneNumber::parse(number.as_str()), Some(number.clone()));
                prop_assert!(number.masked().len() <= number.as_str().len());
            }
        }
    }
}
