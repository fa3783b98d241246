//! HTTP as the whole API speaks it: problems, languages, who asks, changes that happen once, limits, measures.

mod address;
mod body;
mod caller;
mod change;
pub(crate) mod describe;
mod language;
mod layers;
mod limits;
mod pass_on;
mod problem;
mod settings;
pub(crate) mod trace;

pub use address::Address;
pub use body::Query;
pub use caller::Caller;
pub use change::{Attempt, Body, Change, IdempotencyKey, Signed, scope_of};
pub use language::{Lang, PROBLEM_JSON, speak};
pub use layers::surround;
pub use limits::{AddressLimit, Allowance};
pub(crate) use pass_on::{Messenger, pass_on};
pub(crate) use problem::refused;
pub use problem::{Refusal, Words};
pub use settings::{CodeLimits, WebSettings};
