//! What the whole-system tests share: servers that can be killed, networks that lose things, phones that stay in the
//! pocket while the app dies, lives to play, and `haigou` as a process.

mod books;
mod life;
mod network;
mod pocket;
mod program;
mod replay;
mod server;
mod walk;
mod wire;

pub use books::{Books, Counted, books};
pub use life::{Played, hear, play};
pub use network::{Faults, Network};
pub use pocket::{Pocket, number_of};
pub use program::{Haigou, ServeProcess, haigou};
pub use replay::{replayed, same_as_the_model};
pub use server::{Server, fast_folder};
pub use walk::{Walk, walking_phone};
pub use wire::{Answer, Hand};

/// 2 March 2026, 00:00 in Shanghai: the day on which most tests begin.
pub const MIDNIGHT: i64 = 1_772_380_800_000;
/// A minute in milliseconds.
pub const MINUTE: i64 = 60_000;
/// An hour in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// A day in milliseconds.
pub const DAY: i64 = 24 * HOUR;
