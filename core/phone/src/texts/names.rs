//! The names that texts choose by.

use haigou_contract::{ActivityKind, Doubt, PartnerTier};

/// A walk's or run's.
pub(crate) const fn kind_name(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Walk => "walk",
        ActivityKind::Run => "run",
    }
}

/// A tier's, and that of none.
pub(crate) fn tier_choice(tier: Option<PartnerTier>) -> &'static str {
    tier.map_or("none", PartnerTier::name)
}

/// A doubt's, as it stands on the wire.
pub(crate) const fn doubt_name(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Overlap => "overlap",
        Doubt::Future => "future",
        Doubt::TooOld => "too_old",
        Doubt::CadenceTooHigh => "cadence_too_high",
        Doubt::TooRegular => "too_regular",
        Doubt::Stride => "stride",
        Doubt::TooFast => "too_fast",
        Doubt::MockPositions => "mock_positions",
        Doubt::ClockChanged => "clock_changed",
        Doubt::Inconsistent => "inconsistent",
        Doubt::NoRest => "no_rest",
        Doubt::ActivityOverlap => "activity_overlap",
    }
}
