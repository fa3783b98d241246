//! The server: what members ask of it over HTTP, as commands to the desk and reads of the store.

pub mod airdrop;
mod app;
mod config;
mod health;
mod ids;
mod measures;
pub mod members;
mod paging;
mod rewards;
mod rulebook;
mod sport;
mod start;
mod wallet;
pub mod web;

pub use app::{AppState, Parts, router};
pub use config::{DEFAULT_FILE, Mode, Settings, SettingsError, Sms};
pub use rulebook::{RulebookOfError, rulebook_of};
pub use start::{Running, StartError, start};
pub use web::describe::openapi;
