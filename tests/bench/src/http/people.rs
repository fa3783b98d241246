//! Members with device keys, registered over the API as phones do it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use ed25519_dalek::SigningKey;
use haigou_contract::{AskCode, DeviceInfo, Platform, Session, SignIn, public_key_text, sign, sign_in_text};
use serde::Serialize;
use tokio::task::JoinSet;

use super::connection::Connection;
use super::process::{Codes, Server};
use crate::Failed;

/// A member who is signed in.
pub(super) struct Member {
    pub(super) key: SigningKey,
    pub(super) access_token: String,
}

/// All of them, and where their server is.
pub(super) struct People {
    pub(super) address: SocketAddr,
    pub(super) members: Vec<Member>,
}

impl People {
    /// Registers members over so many connections.
    pub(super) async fn register(server: &Server, members: u32, connections: usize) -> Result<Self, Failed> {
        let next = Arc::new(AtomicU32::new(0));
        let mut registering = JoinSet::new();
        for _ in 0..connections {
            let connection = Connection::open(server.address).await?;
            let (next, codes) = (Arc::clone(&next), server.codes.clone());
            registering.spawn(register_some(connection, next, members, codes));
        }
        let mut all = Vec::new();
        while let Some(some) = registering.join_next().await {
            all.extend(some??);
        }
        Ok(Self {
            address: server.address,
            members: all,
        })
    }
}

async fn register_some(
    mut connection: Connection,
    next: Arc<AtomicU32>,
    members: u32,
    codes: Codes,
) -> Result<Vec<Member>, Failed> {
    let mut some = Vec::new();
    loop {
        let nth = next.fetch_add(1, Ordering::Relaxed);
        if nth >= members {
            return Ok(some);
        }
        some.push(register(&mut connection, nth, &codes).await?);
    }
}

async fn register(connection: &mut Connection, nth: u32, codes: &Codes) -> Result<Member, Failed> {
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
    let sign_in = SignIn {
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
    let answer = connection.ask(&post("/api/v1/auth/sessions", &sign_in)?).await?;
    if answer.status != 201 {
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
