//! The app without a face.
//!
//! One [`Phone`] per folder, with a method for everything a person does on a screen, and a state per screen that is
//! there without a network: the current value first, then each change. What sensors deliver is on the disk within
//! two seconds; what is there reaches the server once, whatever is lost on the way.
//!
//! ```no_run
//! use std::sync::Arc;
//! use haigou_contract::ActivityKind;
//! use haigou_phone::{FileKeys, Phone, PhoneOptions, SignInForm, SystemClock};
//!
//! # async fn walk(samples: Vec<haigou_motion::Sample>) -> Result<(), haigou_phone::PhoneError> {
//! let keys = Arc::new(FileKeys::new("app/keys"));
//! let options = PhoneOptions::new("app", "https://api.example.com", Arc::new(SystemClock::new()), keys);
//! let phone = Phone::open(options)?;
//! phone.run_in_background();
//! phone.ask_code("+8613800138000").await?;
//! phone.sign_in(SignInForm::new("+8613800138000", "123456").accepting_terms()).await?;
//! phone.start_activity(ActivityKind::Walk)?;
//! phone.feed_samples(&samples)?;
//! phone.finish()?;
//! phone.sync_now().await?;
//! println!("{:?}", phone.today().borrow().goals);
//! # Ok(())
//! # }
//! ```

mod account;
mod activity;
mod api;
mod asking;
mod background;
mod band_counter;
mod band_news;
mod bands;
mod body;
mod buckets;
mod clock;
mod core;
mod count;
mod counter;
mod deletion;
mod error;
mod estimate;
mod export;
mod figures;
mod freeze;
mod gather;
mod goal;
mod heart;
mod history;
mod import;
mod input;
mod json;
mod keep;
mod keys;
mod line;
mod log;
mod me;
mod messages;
mod minute;
mod naming;
mod options;
mod packed;
mod period;
mod personal;
mod phone;
mod picture;
#[cfg(feature = "radio")]
mod radio;
mod record;
mod recorder;
mod refresh;
pub mod screens;
mod settings;
mod shown;
mod speech;
mod spread;
mod store;
mod sync;
mod team;
mod texts;
mod timeline;
mod transport;
mod wallet;
mod watching;
mod wipe;

pub use account::SignInForm;
pub use bands::BandHost;
pub use body::BodyProfile;
pub use buckets::StepBucket;
pub use clock::{Clock, ManualClock, SystemClock};
pub use count::HistorySource;
pub use counter::CounterReading;
pub use error::PhoneError;
pub use export::{ExportProgress, ExportReport};
#[cfg(feature = "radio")]
pub use haigou_wearable::radio::Pace;
pub use import::{MOST_GPX_BYTES, MOST_GPX_POINTS};
pub use keys::{FileKeys, KeyStore, KeyStoreError, MemoryKeys};
pub use options::PhoneOptions;
pub use phone::Phone;
pub use picture::{PictureOptions, PictureShape};
pub use sync::SyncReport;
pub use transport::{HttpRequest, HttpResponse, HttpTransport, NoAnswer, Transport};
