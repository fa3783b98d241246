//! What the tests share: a person who walks, a small server that counts each minute once, and a network that loses
//! things by a seeded schedule.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

pub mod files;
pub mod life;
pub mod own;
pub mod released;
pub mod server;
pub mod walker;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use haigou_contract::Language;
use haigou_phone::{
    HttpRequest, HttpResponse, HttpTransport, ManualClock, MemoryKeys, NoAnswer, Phone, PhoneOptions,
    SignInForm, Transport,
};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// 2026-03-02 08:00 in Shanghai.
pub const MORNING: i64 = 1_772_409_600_000;
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// A phone's surroundings: they stay when the app is killed.
pub struct Pocket {
    pub dir: tempfile::TempDir,
    pub clock: Arc<ManualClock>,
    pub keys: Arc<MemoryKeys>,
    pub transport: Option<Arc<dyn Transport>>,
    pub url: String,
    pub store_limit: Option<u64>,
}

impl Pocket {
    pub fn new(url: &str) -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
            clock: Arc::new(ManualClock::new(MORNING)),
            keys: Arc::new(MemoryKeys::default()),
            transport: None,
            url: url.to_owned(),
            store_limit: None,
        }
    }

    pub fn offline() -> Self {
        Self {
            transport: Some(Arc::new(NoNetwork)),
            ..Self::new("http://127.0.0.1:1")
        }
    }

    pub fn options(&self) -> PhoneOptions {
        let mut options =
            PhoneOptions::new(self.dir.path(), &self.url, self.clock.clone(), self.keys.clone());
        options.language = Language::English;
        options.transport.clone_from(&self.transport);
        options.store_limit = self.store_limit;
        options
    }

    pub fn open(&self) -> Arc<Phone> {
        Phone::open(self.options()).unwrap()
    }

    pub fn file(&self) -> std::path::PathBuf {
        self.dir.path().join("phone.sqlite")
    }
}

pub async fn sign_in(phone: &Arc<Phone>) {
    let form = SignInForm::new("+8613800138000", "123456").accepting_terms();
    for _ in 0..200 {
        if phone.sign_in(form.clone()).await.is_ok() {
            return;
        }
    }
    panic!("never signed in");
}

/// Opens the store's file beside the phone, which must not have it open.
pub fn database(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).unwrap()
}

/// A phone in a cellar.
pub struct NoNetwork;

#[async_trait::async_trait]
impl Transport for NoNetwork {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        Err(NoAnswer("no network".to_owned()))
    }
}

/// A network that can be switched off.
pub struct Switch {
    inner: HttpTransport,
    off: AtomicBool,
}

impl Switch {
    pub fn on() -> Arc<Self> {
        Arc::new(Self {
            inner: HttpTransport::new(Duration::from_secs(10)).unwrap(),
            off: AtomicBool::new(false),
        })
    }

    pub fn turn(&self, on: bool) {
        self.off.store(!on, Ordering::SeqCst);
    }
}

#[async_trait::async_trait]
impl Transport for Switch {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        if self.off.load(Ordering::SeqCst) {
            return Err(NoAnswer("the network is off".to_owned()));
        }
        self.inner.send(request).await
    }
}

/// A network that loses requests and answers, and delivers some requests twice.
pub struct Lossy {
    inner: HttpTransport,
    dice: Mutex<ChaCha8Rng>,
    /// Of a hundred exchanges, so many go wrong.
    pub percent: u32,
}

impl Lossy {
    pub fn new(seed: u64, percent: u32) -> Self {
        let inner = HttpTransport::new(Duration::from_secs(10)).unwrap();
        Self {
            inner,
            dice: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
            percent,
        }
    }

    fn throw(&self) -> u32 {
        let mut dice = self.dice.lock().unwrap();
        if dice.random_range(0..100) < self.percent {
            dice.random_range(1..=3)
        } else {
            0
        }
    }
}

#[async_trait::async_trait]
impl Transport for Lossy {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        match self.throw() {
            1 => Err(NoAnswer("the request was lost".to_owned())),
            2 => {
                let _ = self.inner.send(request).await;
                Err(NoAnswer("the answer was lost".to_owned()))
            }
            3 if request.url.ends_with("/uploads") => {
                let _ = self.inner.send(request.clone()).await;
                self.inner.send(request).await
            }
            _ => self.inner.send(request).await,
        }
    }
}
