//! What the real tracker makes of simulated positions.

use haigou_route::{Settings, Summary, Tracker};
use haigou_simulator::{What, people, people::Role};

type Day = fn(u64) -> Role;

fn tracked(role: Role) -> Summary {
    let mut tracker = Tracker::new(Settings::default());
    for event in role.simulate() {
        if let What::Fix(fix) = event.what {
            tracker.push(fix);
        }
    }
    tracker.finish()
}

#[test]
fn honest_ways_come_out_as_long_as_they_were() {
    // The stroller goes through a tunnel, after which positions are bad for a while.
    let days: [(Day, f64); 5] = [
        (people::morning_walker, 3.0),
        (people::runner, 3.0),
        (people::hiker, 3.0),
        (people::clock_turner, 3.0),
        (people::stroller, 5.0),
    ];
    for (day, most_pct) in days {
        for seed in 1..4 {
            let (truth, summary) = (day(seed).truth(), tracked(day(seed)));
            let error_pct = 100.0 * (summary.distance_m / truth.distance_m - 1.0);
            assert!(
                error_pct.abs() < most_pct,
                "{error_pct} % of {} m",
                truth.distance_m
            );
        }
    }
}

#[test]
fn a_barometer_tells_the_hill_that_was_climbed() {
    let (truth, summary) = (people::hiker(5).truth(), tracked(people::hiker(5)));
    assert!(
        (summary.ascent_m / truth.ascent_m - 1.0).abs() < 0.05,
        "{} {}",
        summary.ascent_m,
        truth.ascent_m
    );
}

#[test]
fn made_up_positions_lead_nowhere() {
    let summary = tracked(people::mock_cyclist(5));
    assert!(
        summary.distance_m.abs() < f64::EPSILON && summary.rejected.mock > 1_000,
        "{summary:?}"
    );
}
