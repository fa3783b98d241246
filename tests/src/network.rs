//! A network between a phone and a server that loses, doubles and delays by a seed, and on which either side may die.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use haigou_phone::{HttpRequest, HttpResponse, HttpTransport, NoAnswer, Transport};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use tokio::sync::Notify;

use crate::Server;

/// What phones call the server; the network knows where it really is.
pub(crate) const NAME: &str = "http://haigou.test";

/// How often things go wrong, of a thousand exchanges each.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    /// The request is lost.
    pub request_lost: u32,
    /// The server has done it, but the answer is lost.
    pub answer_lost: u32,
    /// The request arrives twice.
    pub twice: u32,
    /// An upload arrives, is not answered, and arrives once more much later.
    pub late: u32,
    /// The app is killed while it waits for the answer.
    pub phone_dies: u32,
    /// The server is killed before, while or after it works on it.
    pub server_dies: u32,
}

impl Faults {
    /// Everything goes wrong now and then.
    #[must_use]
    pub const fn all() -> Self {
        Self {
            request_lost: 80,
            answer_lost: 80,
            twice: 60,
            late: 40,
            phone_dies: 40,
            server_dies: 30,
        }
    }
}

enum Fate {
    Fine,
    RequestLost,
    AnswerLost,
    Twice,
    Late,
    PhoneDies,
    ServerDies,
}

/// See the module.
pub struct Network {
    http: HttpTransport,
    server: Arc<Server>,
    dice: Mutex<ChaCha8Rng>,
    faults: Mutex<Faults>,
    late: Mutex<Vec<HttpRequest>>,
    dead: AtomicBool,
    death: Notify,
}

impl Network {
    /// Between a phone and a server.
    #[must_use]
    pub fn new(http: HttpTransport, server: Arc<Server>, seed: u64, faults: Faults) -> Self {
        Self {
            http,
            server,
            dice: Mutex::new(ChaCha8Rng::seed_from_u64(seed)),
            faults: Mutex::new(faults),
            late: Mutex::default(),
            dead: AtomicBool::new(false),
            death: Notify::new(),
        }
    }

    /// From now on this goes wrong.
    pub fn set_faults(&self, faults: Faults) {
        *self.faults.lock().unwrap() = faults;
    }

    /// Ends when the app has to be killed.
    pub async fn death(&self) {
        self.death.notified().await;
    }

    /// The app was killed and may ask again.
    pub fn reborn(&self) {
        self.dead.store(false, Ordering::SeqCst);
    }

    fn fate(&self, request: &HttpRequest) -> Fate {
        let faults = *self.faults.lock().unwrap();
        let mut thrown = self.dice.lock().unwrap().random_range(0..1000_u32);
        let is_upload = request.url.ends_with("/sport/uploads");
        for (weight, fate) in [
            (faults.request_lost, Fate::RequestLost),
            (faults.answer_lost, Fate::AnswerLost),
            (faults.twice, Fate::Twice),
            (
                faults.late,
                if is_upload { Fate::Late } else { Fate::RequestLost },
            ),
            (faults.phone_dies, Fate::PhoneDies),
            (faults.server_dies, Fate::ServerDies),
        ] {
            if thrown < weight {
                return fate;
            }
            thrown -= weight;
        }
        Fate::Fine
    }

    async fn deliver(&self, request: &HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let address = self
            .server
            .address()
            .ok_or_else(|| NoAnswer("nobody is there".to_owned()))?;
        let url = request.url.replace(NAME, &format!("http://{address}"));
        self.http
            .send(HttpRequest {
                url,
                ..request.clone()
            })
            .await
    }

    fn waits_ms(&self) -> u64 {
        self.dice.lock().unwrap().random_range(0..4)
    }
}

#[async_trait::async_trait]
impl Transport for Network {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        let lost = |what: &str| Err(NoAnswer(format!("the {what} was lost")));
        if self.dead.load(Ordering::SeqCst) {
            // Several requests may be under way when the app dies; none of them is heard of again.
            return std::future::pending().await;
        }
        let held = self.late.lock().unwrap().pop();
        if let Some(held) = held {
            let _ = self.deliver(&held).await;
        }
        match self.fate(&request) {
            Fate::Fine => self.deliver(&request).await,
            Fate::RequestLost => lost("request"),
            Fate::AnswerLost => {
                let _ = self.deliver(&request).await;
                lost("answer")
            }
            Fate::Twice => {
                let _ = self.deliver(&request).await;
                self.deliver(&request).await
            }
            Fate::Late => {
                let _ = self.deliver(&request).await;
                self.late.lock().unwrap().push(request);
                lost("answer")
            }
            Fate::PhoneDies => {
                let arrives = self.waits_ms() > 0;
                if arrives {
                    let _ = self.deliver(&request).await;
                }
                self.dead.store(true, Ordering::SeqCst);
                self.death.notify_one();
                std::future::pending().await
            }
            Fate::ServerDies => {
                let dies = async {
                    tokio::time::sleep(Duration::from_millis(self.waits_ms())).await;
                    self.server.kill();
                };
                tokio::join!(self.deliver(&request), dies).0
            }
        }
    }
}
