//! Ids that the outside sees.

/// A new id: what it is for, and 128 random bits.
#[must_use]
pub(crate) fn new_id(prefix: &str) -> String {
    let random = data_encoding::BASE32_NOPAD.encode(&rand::random::<[u8; 16]>());
    format!("{prefix}_{}", random.to_ascii_lowercase())
}

/// A new name: what it is for, the time, and 80 random bits. Names that are made one after the other stand side by side in
/// an index.
#[must_use]
pub(crate) fn new_name(prefix: &str, now_ms: i64) -> String {
    let [.., a, b, c, d, e, f] = now_ms.to_be_bytes();
    let mut bytes = [a, b, c, d, e, f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    if let Some((_, random)) = bytes.split_first_chunk_mut::<6>() {
        rand::fill(random);
    }
    let name = data_encoding::BASE32HEX_NOPAD.encode(&bytes);
    format!("{prefix}_{}", name.to_ascii_lowercase())
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

    #[test]
    fn names_stand_in_the_order_in_which_they_are_made() {
        let names = [0, 1, 255, 256, 1_800_000_000_000].map(|ms| new_name("b", ms));
        assert!(
            names.is_sorted() && names.iter().all(|name| name.len() == 28),
            "{names:?}"
        );
        assert_ne!(new_name("b", 7), new_name("b", 7));
    }
}
