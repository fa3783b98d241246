//! Members: signing in, registration, devices, profile, consents, one's own data.

mod code;
mod first_use;
mod phone;
mod session;
mod sms;
mod token;

pub use code::{Code, CodeSecret};
pub(crate) use first_use::first_use;
pub use phone::{PhoneNumber, mask};
pub use session::{Ended, Session, Sessions};
pub use sms::{LogSms, MemorySms, SmsError, SmsProvider};
pub use token::{SessionId, Token};

use utoipa_axum::router::OpenApiRouter;

use crate::AppState;

/// The routes of this folder.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
}
