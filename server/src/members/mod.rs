//! Members: signing in, registration, devices, profile, consents, one's own data.

mod ask_code;
mod check_code;
mod code;
mod consents;
mod delete;
mod devices;
mod export;
mod first_use;
mod in_session;
mod member;
mod names;
mod open_session;
mod phone;
mod profile;
mod refresh;
mod register;
mod session;
mod sign_in;
mod sign_out;
mod sms;
mod token;

pub use code::{Code, CodeSecret};
pub(crate) use first_use::first_use;
pub(crate) use in_session::InSession;
pub use member::Member;
pub(crate) use names::chosen_text;
pub use phone::{PhoneNumber, mask};
pub use register::Register;
pub use session::{Ended, Session, Sessions};
pub use sms::{LogSms, MemorySms, SmsError, SmsProvider};
pub use token::{SessionId, Token};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;

/// The routes of this folder.
pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ask_code::ask_code))
        .routes(routes!(sign_in::sign_in))
        .routes(routes!(refresh::refresh))
        .routes(routes!(sign_out::sign_out))
        .routes(routes!(
            profile::profile,
            profile::change_profile,
            delete::delete_me
        ))
        .routes(routes!(devices::devices))
        .routes(routes!(devices::sign_out_device))
        .routes(routes!(consents::consents, consents::give_consent))
        .routes(routes!(export::export))
}
