//! Partners: tiers that members reach by their teams, or are appointed to.

mod appoint;

pub use appoint::AppointPartner;
