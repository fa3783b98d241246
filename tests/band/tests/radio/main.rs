//! The true radio against simulated bands.

mod history;
mod kit;
mod living;
mod several;
mod system;
mod trouble;
