//! Regions by their adcode (GB/T 2260).

use haigou_rules::Adcode;

/// An adcode from its six digits.
#[must_use]
pub fn adcode(text: &str) -> Option<Adcode> {
    let is_one = text.len() == 6 && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adcode_has_six_digits() {
        assert_eq!(adcode("441900"), Some(441_900));
        for other in [
            "",
            "4419",
            "4419000",
            "044190",
            "44190a",
            "+44190",
            "４４１９００",
        ] {
            assert_eq!(adcode(other), None, "{other}");
        }
    }
}
