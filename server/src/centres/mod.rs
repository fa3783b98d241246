//! Operation centres: one a region, applied for and approved.

mod apply;
mod approve;
mod centre;
pub mod packs;

pub use apply::ApplyForCentre;
pub use approve::ApproveCentre;
pub use centre::Centre;
