//! Plans on balances in memory: each family of events in a file.

mod bills;
pub(crate) mod kit;
mod lines;
mod orders;
mod refunds;
mod uses;

use kit::Life;
