//! Wristbands.
//!
//! A [`Driver`] knows one family of bands: how to recognise one, pair with it, read what it says and fetch what it kept.
//! Drivers decode bytes and talk over a [`Link`]; they know no radio. `radio` (a feature) is the real one, by btleplug: it
//! scans, keeps links alive, and hands what bands say to a [`Host`], which stores it. Adding a family is one file and one
//! line in [`families`]; `ADDING.md` walks through it.

mod driver;
mod host;
pub mod huami;
pub mod infinitime;
#[cfg(feature = "radio")]
pub mod radio;
pub mod standard;
#[cfg(test)]
mod testing;

pub use driver::{
    Advert, BandError, BandInfo, BandMinute, Driver, Kept, Link, Match, Notification, Pairing, Reading,
};
pub use host::{BandId, Host, HostError, LinkState, Trouble};

/// Every family that is known, the most special first: the standard profiles work for any band.
#[must_use]
pub fn families() -> Vec<Box<dyn Driver>> {
    vec![
        Box::new(huami::Huami),
        Box::new(infinitime::InfiniTime),
        Box::new(standard::Standard),
    ]
}

/// The family by its name, if there is one.
#[must_use]
pub fn family(name: &str) -> Option<Box<dyn Driver>> {
    families().into_iter().find(|driver| driver.family() == name)
}

/// The family that a band is of: that of the surest driver, and of two the more special one.
#[must_use]
pub fn recognise(advert: &Advert) -> Option<(Box<dyn Driver>, Match)> {
    let mut best: Option<(Box<dyn Driver>, Match)> = None;
    for driver in families() {
        if let Some(sure) = driver.recognise(advert)
            && best.as_ref().is_none_or(|(_, before)| sure > *before)
        {
            best = Some((driver, sure));
        }
    }
    best
}

/// Compiles and runs the worked example.
#[cfg(doctest)]
#[doc = include_str!("../ADDING.md")]
struct Adding;
