//! What the operator does with what is the platform's.

mod fund;
mod give;
mod refill;

pub use fund::FundFloor;
pub use give::GiveOpening;
pub use refill::RefillPool;
