//! Scenarios: the rules as stories. A file tells what happens; replaying it says how everybody stands at the end.

mod cast;
mod compare;
mod event;
mod expect;
mod happen;
mod malformed;
mod overrides;
mod run;
mod scenario;
mod state;
mod values;

pub use compare::Difference;
pub use malformed::Malformed;
pub use run::ReplayError;
pub use scenario::Scenario;
pub use state::{Audit, Centre, Rejected, State};
