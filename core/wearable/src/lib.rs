//! Wristbands.
//!
//! A [`Driver`] knows one family of bands: how to recognise one, pair with it, read what it says and fetch what it kept.
//! Drivers decode bytes and talk over a [`Link`]; they know no radio. `radio` (a feature) is the real one, by btleplug: it
//! scans, keeps links alive, and hands what bands say to a [`Host`], which stores it. Adding a family is one file and one
//! line in [`families`]; `ADDING.md` walks through it.

mod driver;
mod host;

pub use driver::{
    Advert, BandError, BandInfo, BandMinute, Driver, Kept, Link, Match, Notification, Pairing, Reading,
};
pub use host::{BandId, Host, HostError, LinkState, Trouble};

/// Every family that is known, the most special first: the standard profiles work for any band.
#[must_use]
pub fn families() -> Vec<Box<dyn Driver>> {
    Vec::new()
}
