//! The true radio against simulated bands.

mod history;
mod kit;
mod living;
mod system;
mod trouble;
