//! The network between a phone and the server: it can be cut, and it notes what was claimed and counted.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use haigou_contract::{Doubt, IDEMPOTENCY_KEY_HEADER, Upload, UploadAnswer};
use haigou_phone::{HttpRequest, HttpResponse, HttpTransport, NoAnswer, Transport};

const TIMEOUT: Duration = Duration::from_secs(30);

/// HTTP that can be cut off and is listened to.
pub(crate) struct Wire {
    http: HttpTransport,
    cut: AtomicBool,
    heard: Mutex<BTreeMap<String, (u64, UploadAnswer)>>,
}

/// What went over the wire about steps.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    pub(crate) uploads: usize,
    pub(crate) claimed: u64,
    pub(crate) counted: u64,
    /// Steps not counted, by reason, with the reason in words.
    pub(crate) not_counted: BTreeMap<Doubt, (u64, String)>,
}

impl Wire {
    pub(crate) fn new() -> Result<Self, NoAnswer> {
        let http = HttpTransport::new(TIMEOUT)?;
        Ok(Self {
            http,
            cut: AtomicBool::new(false),
            heard: Mutex::default(),
        })
    }

    /// From now on nothing gets through (true), or it does again.
    pub(crate) fn cut(&self, is_cut: bool) {
        self.cut.store(is_cut, Ordering::SeqCst);
    }

    /// Everything that was uploaded and answered so far, each upload once.
    pub(crate) fn heard(&self) -> Heard {
        let mut sum = Heard::default();
        for (claimed, answer) in self.heard.lock().unwrap_or_else(PoisonError::into_inner).values() {
            sum.uploads += 1;
            sum.claimed += claimed;
            sum.counted += answer.counted_steps;
            for part in &answer.not_counted {
                let entry = sum.not_counted.entry(part.reason).or_default();
                entry.0 += part.steps;
                entry.1.clone_from(&part.text);
            }
        }
        sum
    }

    fn listen(&self, key: &str, body: &[u8], answer: &HttpResponse) {
        let (Ok(upload), Ok(answer)) = (
            serde_json::from_slice::<Upload>(body),
            serde_json::from_slice::<UploadAnswer>(&answer.body),
        ) else {
            return;
        };
        let claimed = upload.minutes.iter().map(|minute| u64::from(minute.steps)).sum();
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.insert(key.to_owned(), (claimed, answer));
    }
}

#[async_trait::async_trait]
impl Transport for Wire {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        if self.cut.load(Ordering::SeqCst) {
            return Err(NoAnswer("there is no network".to_owned()));
        }
        let key = request
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(IDEMPOTENCY_KEY_HEADER));
        let upload = key
            .filter(|_| request.url.ends_with("/sport/uploads"))
            .map(|(_, key)| (key.clone(), request.body.clone()));
        let answer = self.http.send(request).await?;
        if let Some((key, body)) = upload.filter(|_| answer.status == 200) {
            self.listen(&key, &body, &answer);
        }
        Ok(answer)
    }
}
