//! How a device signs what it uploads.
//!
//! The signature covers what is asked for (method and path), which attempt it belongs to (the idempotency key)
//! and every byte of the body, so that none of the three can be exchanged on the way.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// Names the key that makes a change happen once.
pub const IDEMPOTENCY_KEY_HEADER: &str = "idempotency-key";
/// Carries the device's signature, base64.
pub const SIGNATURE_HEADER: &str = "haigou-signature";

/// The text a device signs: `haigou-1`, method, path, idempotency key and the body's SHA-256 in hex, a line each.
#[must_use]
pub fn signing_text(method: &str, path: &str, idempotency_key: &str, body: &[u8]) -> String {
    let body_hash = hex::encode(Sha256::digest(body));
    format!("haigou-1\n{method}\n{path}\n{idempotency_key}\n{body_hash}\n")
}

/// The text a device signs to prove at sign-in that it holds its key.
#[must_use]
pub fn sign_in_text(phone: &str, code: &str, public_key: &str) -> String {
    format!("haigou-sign-in-1\n{phone}\n{code}\n{public_key}\n")
}

/// Signs a text; the answer is base64.
#[must_use]
pub fn sign(key: &SigningKey, text: &str) -> String {
    BASE64.encode(key.sign(text.as_bytes()).to_bytes())
}

/// The public half of a device's key, base64, as it is registered at sign-in.
#[must_use]
pub fn public_key_text(key: &SigningKey) -> String {
    BASE64.encode(key.verifying_key().as_bytes())
}

/// Why a signature or key was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The key isn't 32 bytes of base64, or not a point on the curve.
    #[error("the device's key can't be read")]
    BadKey,
    /// The signature is malformed, or belongs to another key or text.
    #[error("the signature doesn't belong to this device and request")]
    BadSignature,
}

/// Reads a public key from its text.
///
/// # Errors
/// [`SignatureError::BadKey`].
pub fn parse_public_key(text: &str) -> Result<VerifyingKey, SignatureError> {
    let bytes = BASE64.decode(text).map_err(|_| SignatureError::BadKey)?;
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| SignatureError::BadKey)?;
    VerifyingKey::from_bytes(&bytes).map_err(|_| SignatureError::BadKey)
}

/// Checks a signature over a text.
///
/// # Errors
/// [`SignatureError::BadSignature`].
pub fn verify(key: &VerifyingKey, text: &str, signature: &str) -> Result<(), SignatureError> {
    let bytes = BASE64
        .decode(signature)
        .map_err(|_| SignatureError::BadSignature)?;
    let signature = Signature::from_slice(&bytes).map_err(|_| SignatureError::BadSignature)?;
    key.verify_strict(text.as_bytes(), &signature)
        .map_err(|_| SignatureError::BadSignature)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_text_and_key_only() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let text = signing_text("POST", "/api/v1/sport/uploads", "k1", b"{}");
        let signature = sign(&key, &text);
        let public = parse_public_key(&public_key_text(&key)).unwrap();
        assert_eq!(verify(&public, &text, &signature), Ok(()));
        let other_text = signing_text("POST", "/api/v1/sport/uploads", "k2", b"{}");
        assert_eq!(
            verify(&public, &other_text, &signature),
            Err(SignatureError::BadSignature)
        );
        let other_key = SigningKey::from_bytes(&[8; 32]).verifying_key();
        assert_eq!(
            verify(&other_key, &text, &signature),
            Err(SignatureError::BadSignature)
        );
        assert_eq!(verify(&public, &text, "!"), Err(SignatureError::BadSignature));
        assert_eq!(parse_public_key("AAAA"), Err(SignatureError::BadKey));
    }
}
