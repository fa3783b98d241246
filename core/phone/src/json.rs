//! JSON that comes as bytes. All of it is read from text: for a second way of reading, the code for every type would stand in
//! the library a second time.

use serde::de::{DeserializeOwned, Error as _};
use serde_json::Error;

/// What these bytes say.
pub(crate) fn from_bytes<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    let text = std::str::from_utf8(bytes).map_err(Error::custom)?;
    serde_json::from_str(text)
}

#[cfg(test)]
mod tests {
    use super::from_bytes;

    #[test]
    fn what_is_no_text_is_an_error() {
        assert_eq!(from_bytes::<u8>(b"7").ok(), Some(7));
        assert!(from_bytes::<String>(b"\"\xff\"").is_err());
        assert!(from_bytes::<u8>(b"").is_err());
    }
}
