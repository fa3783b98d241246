//! Ids that the outside sees.

/// A new id: what it is for, and 128 random bits.
#[must_use]
pub(crate) fn new_id(prefix: &str) -> String {
    let random = data_encoding::BASE32_NOPAD.encode(&rand::random::<[u8; 16]>());
    format!("{prefix}_{}", random.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_what_they_are_for() {
        let id = new_id("m");
        assert!(id.starts_with("m_") && id.len() == 28, "{id}");
        assert!(
            id.bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
            "{id}"
        );
        assert_ne!(new_id("m"), id);
    }
}
