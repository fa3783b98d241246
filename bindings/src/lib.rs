//! The phone core's face for Kotlin and Swift.
//!
//! Nothing is decided here: every method hands over to `haigou_phone`, and what comes back is put into records and
//! enums that feel at home in both languages. There is one file per subject, and one per screen.
//!
//! - Times are milliseconds since the Unix epoch (`_ms`), days are `2026-03-01`, ids are text, amounts are decimal text
//!   with all decimals of their asset. Counts are signed, as Kotlin and Swift count.
//! - What talks to the network, and what takes long, is asynchronous, and runs on threads of this library.
//! - Screens are snapshots. Listeners get the current one first, then each change, on a thread of this library; slow
//!   listeners miss what was overtaken, never the newest.
//! - What fails says why with a stable code and a sentence in the app's language.

mod account;
#[cfg(target_os = "android")]
mod android;
mod cancel;
mod clock;
mod error;
mod keys;
mod kinds;
mod listen;
mod own_data;
mod phone;
mod recording;
mod screens;
mod sync;
mod work;

pub use account::{CodeSent, Consent, Device, NewConsent, Profile, ProfileChange, SignInForm, SignedIn};
pub use cancel::Cancel;
pub use clock::{Clock, ClockError};
pub use error::PhoneError;
pub use keys::{KeyStore, KeyStoreError};
pub use listen::{ListenerError, Subscription};
pub use own_data::{ExportListener, ExportProgress, ExportReport, wipe_unopened};
pub use phone::{Phone, PhoneOptions};
pub use recording::{BodyProfile, CounterReading, Fix, Sample, StepBucket};
pub use screens::*;
pub use sync::{Appeal, NewAppeal, SyncReport};
pub use work::tasks_under_way;

uniffi::setup_scaffolding!();
