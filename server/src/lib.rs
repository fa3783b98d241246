//! The server: what members ask of it over HTTP, as commands to the desk and reads of the store.

pub mod airdrop;
mod amounts;
mod app;
mod audit;
pub mod centres;
mod config;
mod health;
mod ids;
mod ledger;
pub mod mall;
pub mod market;
mod measures;
pub mod members;
mod orders;
mod paging;
pub mod partners;
mod regions;
pub mod replay;
mod rulebook;
pub mod rulebooks;
pub mod sport;
mod start;
pub mod stores;
mod team;
pub mod treasury;
pub mod wallet;
pub mod web;
mod world;

pub use app::{AppState, Parts, router};
pub use audit::audit;
pub use config::{DEFAULT_FILE, Mode, Settings, SettingsError, Sms};
pub use regions::adcode;
pub use rulebook::{RulebookOfError, rulebook_of};
pub use start::{Running, StartError, start};
pub use wallet::{Trace, TracedBalance, TracedLine, trace};
pub use web::describe::openapi;
