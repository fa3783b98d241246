//! The tokens of a session: 16 bytes that find it and 32 random ones that only its device holds.
//!
//! Because the session is found by the token itself, a refresh token of any age can be told from one that was never
//! given out, without keeping the old ones. The server keeps the SHA-256 of the newest secrets only.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

/// Finds a session. Random, and known to nobody but the session's device.
pub type SessionId = [u8; 16];

const SECRET_LEN: usize = 32;
const TOKEN_LEN: usize = size_of::<SessionId>() + SECRET_LEN;

/// An access or refresh token.
#[derive(Clone)]
pub struct Token {
    /// The session it opens.
    pub session: SessionId,
    secret: [u8; SECRET_LEN],
}

impl Token {
    /// A new token for a session.
    #[must_use]
    pub fn new(session: SessionId) -> Self {
        Self {
            session,
            secret: rand::random(),
        }
    }

    /// Reads a token; none if it can't be one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; TOKEN_LEN];
        let read = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        let (session, secret) = bytes.get(..read)?.split_first_chunk()?;
        Some(Self {
            session: *session,
            secret: secret.try_into().ok()?,
        })
    }

    /// As it goes over the wire: 64 characters.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode([self.session.as_slice(), self.secret.as_slice()].concat())
    }

    /// What the server keeps of it.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_the_wire() {
        let token = Token::new([7; 16]);
        let text = token.text();
        assert_eq!(text.len(), 64);
        let read = Token::parse(&text).unwrap();
        assert_eq!((read.session, read.hash()), (token.session, token.hash()));
        assert_ne!(Token::new([7; 16]).hash(), token.hash());
    }

    #[test]
    fn nothing_else_is_a_token() {
        let text = Token::new([7; 16]).text();
        for bad in [
            "",
            "x",
            text.split_at(1).1,
            &format!("{text}A"),
            &text.replacen(char::is_alphanumeric, "!", 1),
            &"A".repeat(65_536),
        ] {
            assert!(Token::parse(bad).is_none(), "{bad:.80}");
        }
    }
}
