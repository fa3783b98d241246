//! Members with device keys, signed in over the API as phones do it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ed25519_dalek::SigningKey;
use haigou_contract::{
    AskCode, DeviceInfo, IDEMPOTENCY_KEY_HEADER, Platform, SIGNATURE_HEADER, Session, SignIn,
    public_key_text, sign, sign_in_text, signing_text,
};
use serde::Serialize;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::connection::Connection;
use super::process::{Codes, Server};
use crate::Failed;

/// A member who is signed in.
pub(super) struct Member {
    pub(super) key: SigningKey,
    pub(super) access_token: String,
}

impl Member {
    /// A change that his device signs, whole.
    pub(super) fn signed(&self, address: SocketAddr, path: &str, body: &str) -> Vec<u8> {
        let key = Uuid::new_v4().to_string();
        let signature = sign(&self.key, &signing_text("POST", path, &key, body.as_bytes()));
        let (token, length) = (&self.access_token, body.len());
        format!(
            "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
             authorization: Bearer {token}\r\n{IDEMPOTENCY_KEY_HEADER}: {key}\r\n{SIGNATURE_HEADER}: {signature}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

/// All of them, and where their server is.
pub(super) struct People {
    pub(super) address: SocketAddr,
    /// By their phone numbers' last digits.
    pub(super) members: BTreeMap<u32, Member>,
}

impl People {
    /// Signs in whoever has the numbers of a range, over so many connections; who is new registers.
    pub(super) async fn sign_in(
        server: &Server,
        numbers: Range<u32>,
        connections: usize,
    ) -> Result<Self, Failed> {
        let next = Arc::new(AtomicU32::new(numbers.start));
        let mut registering = JoinSet::new();
        for _ in 0..connections {
            let connection = Connection::open(server.address).await?;
            let (next, codes) = (Arc::clone(&next), server.codes.clone());
            registering.spawn(sign_in_some(connection, next, numbers.end, codes));
        }
        let mut all = BTreeMap::new();
        while let Some(some) = registering.join_next().await {
            all.extend(some??);
        }
        Ok(Self {
            address: server.address,
            members: all,
        })
    }
}

async fn sign_in_some(
    mut connection: Connection,
    next: Arc<AtomicU32>,
    end: u32,
    codes: Codes,
) -> Result<Vec<(u32, Member)>, Failed> {
    let mut some = Vec::new();
    loop {
        let nth = next.fetch_add(1, Ordering::Relaxed);
        if nth >= end {
            return Ok(some);
        }
        some.push((nth, sign_in(&mut connection, nth, &codes).await?));
    }
}

async fn sign_in(connection: &mut Connection, nth: u32, codes: &Codes) -> Result<Member, Failed> {
    let phone = format!("+86138{nth:08}");
    let mut seed = [0; 32];
    seed.iter_mut()
        .zip(nth.to_le_bytes())
        .for_each(|(place, byte)| *place = byte);
    let key = SigningKey::from_bytes(&seed);
    let ask = AskCode { phone: phone.clone() };
    let answer = connection.ask(&post("/api/v1/auth/codes", &ask)?).await?;
    if answer.status != 200 {
        return Err(format!("no code: {}", String::from_utf8_lossy(answer.body)).into());
    }
    let code = codes.of(&phone).await;
    let public_key = public_key_text(&key);
    let says = SignIn {
        proof: sign(&key, &sign_in_text(&phone, &code, &public_key)),
        phone,
        code,
        device: DeviceInfo {
            name: "A phone".to_owned(),
            platform: Platform::Other,
            public_key,
        },
        invite_code: None,
        accept_terms: true,
    };
    let answer = connection.ask(&post("/api/v1/auth/sessions", &says)?).await?;
    if !matches!(answer.status, 200 | 201) {
        return Err(format!("no session: {}", String::from_utf8_lossy(answer.body)).into());
    }
    let session: Session = serde_json::from_slice(answer.body)?;
    Ok(Member {
        key,
        access_token: session.access_token,
    })
}

fn post(path: &str, body: &impl Serialize) -> Result<Vec<u8>, Failed> {
    let body = serde_json::to_string(body)?;
    let length = body.len();
    Ok(format!(
        "POST {path} HTTP/1.1\r\nhost: haigou\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes())
}
