//! Who brings a code to a phone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use haigou_contract::Language;

use super::code::Code;
use super::phone::PhoneNumber;

/// Sends SMS. A provider's failure reaches the caller as `sms_unavailable`.
#[async_trait]
pub trait SmsProvider: Send + Sync + 'static {
    /// Sends a sign-in code.
    ///
    /// # Errors
    /// The message wasn't taken; the text is logged and must hold neither number nor code.
    async fn send_code(&self, to: &PhoneNumber, code: &Code, language: Language) -> Result<(), SmsError>;

    /// Whether real people may be served with it.
    fn is_for_production(&self) -> bool;
}

/// Why a provider took no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the SMS provider took no message: {0}")]
pub struct SmsError(pub String);

/// Writes codes to the log, for development. Anybody who reads the log can sign in as anybody.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogSms;

#[async_trait]
impl SmsProvider for LogSms {
    async fn send_code(&self, to: &PhoneNumber, code: &Code, _: Language) -> Result<(), SmsError> {
        tracing::info!(
            phone = to.as_str(),
            code = code.digits(),
            "SMS code (development only)"
        );
        Ok(())
    }

    fn is_for_production(&self) -> bool {
        false
    }
}

/// Keeps the newest code of each number, for tests and the demonstration.
#[derive(Debug, Default)]
pub struct MemorySms(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    codes: HashMap<String, String>,
    sent: usize,
    is_down: bool,
}

impl MemorySms {
    /// The newest code that was sent to a number in E.164 form.
    #[must_use]
    pub fn code_for(&self, phone: &str) -> Option<String> {
        self.memory(|memory| memory.codes.get(phone).cloned())
    }

    /// How many messages were sent.
    #[must_use]
    pub fn sent(&self) -> usize {
        self.memory(|memory| memory.sent)
    }

    /// From now on no message is taken (true), or they are again.
    pub fn set_down(&self, is_down: bool) {
        self.memory(|memory| memory.is_down = is_down);
    }

    fn memory<T>(&self, look: impl FnOnce(&mut Memory) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl SmsProvider for MemorySms {
    async fn send_code(&self, to: &PhoneNumber, code: &Code, _: Language) -> Result<(), SmsError> {
        self.memory(|memory| {
            if memory.is_down {
                return Err(SmsError("it was set so".to_owned()));
            }
            memory.sent += 1;
            memory
                .codes
                .insert(to.as_str().to_owned(), code.digits().to_owned());
            Ok(())
        })
    }

    fn is_for_production(&self) -> bool {
        false
    }
}
