//! SMS codes: six digits, kept as an HMAC with the server's secret.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::phone::PhoneNumber;

/// How long a code is valid, in milliseconds.
pub(super) const VALID_MS: i64 = 5 * 60 * 1000;
/// How often a code may be tried.
pub(super) const TRIES: i64 = 5;

/// What SMS codes are hashed with: six digits alone would be found by trying them all.
pub struct CodeSecret(Vec<u8>);

impl CodeSecret {
    /// The operator's secret, or a new random one if there is none.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        Self(if secret.is_empty() {
            rand::random::<[u8; 32]>().to_vec()
        } else {
            secret.as_bytes().to_vec()
        })
    }

    /// What the database keeps of a code for a number.
    #[must_use]
    pub(super) fn hash(&self, phone: &PhoneNumber, code: &str) -> [u8; 32] {
        // HMAC takes a key of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return [0; 32];
        };
        for part in [phone.as_str(), "\n", code] {
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

/// A new code: six digits.
#[must_use]
pub(super) fn new_code() -> Code {
    Code(format!("{:06}", rand::random_range(0..1_000_000_u32)))
}

/// A code on its way to a phone. It can't be logged by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// The digits.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("******")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_depends_on_secret_number_and_code() {
        let [one, two] = ["13800138000", "13800138001"].map(|text| PhoneNumber::parse(text).unwrap());
        let secret = CodeSecret::new("a secret of at least 32 characters");
        assert_eq!(secret.hash(&one, "123456"), secret.hash(&one, "123456"));
        assert_ne!(secret.hash(&one, "123456"), secret.hash(&two, "123456"));
        assert_ne!(secret.hash(&one, "123456"), secret.hash(&one, "123457"));
        assert_ne!(
            secret.hash(&one, "123456"),
            CodeSecret::new("").hash(&one, "123456")
        );
        assert_ne!(
            CodeSecret::new("").hash(&one, "123456"),
            CodeSecret::new("").hash(&one, "123456")
        );
    }

    #[test]
    fn codes_have_six_digits_and_differ() {
        let codes: Vec<Code> = (0..50).map(|_| new_code()).collect();
        assert!(
            codes
                .iter()
                .all(|code| code.digits().len() == 6 && code.digits().bytes().all(|b| b.is_ascii_digit()))
        );
        assert!(codes.iter().any(|code| code != &codes[0]));
        assert_eq!(format!("{:?}", codes[0]), "******");
    }
}
