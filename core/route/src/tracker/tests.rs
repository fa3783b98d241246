use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::ground;

const HOME: (f64, f64) = (31.2, 121.5);
const START_MS: i64 = 1_760_000_000_000;

/// A fix at metres north and east of home, so many seconds after the start.
fn fix(t_s: f64, north_m: f64, east_m: f64) -> Fix {
    let (north, east) = ground::metres_per_degree(HOME.0);
    Fix {
        t_ms: START_MS + millis(t_s),
        lat: HOME.0 + north_m / north,
        lon: HOME.1 + east_m / east,
        accuracy_m: Some(5.0),
        ..Fix::default()
    }
}

/// A walk to the north at 1.4 m/s, a fix a second, over the given seconds.
fn walk(seconds: std::ops::Range<i32>) -> impl Iterator<Item = Fix> {
    seconds.map(|s| fix(f64::from(s), 1.4 * f64::from(s), 0.0))
}

fn track(fixes: impl IntoIterator<Item = Fix>) -> Summary {
    let mut tracker = Tracker::default();
    for fix in fixes {
        tracker.push(fix);
    }
    tracker.finish()
}

fn assert_near(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance,
        "{found} instead of {expected} ± {tolerance}"
    );
}

/// A normal deviate (Box-Muller).
fn gauss(random: &mut ChaCha8Rng) -> f64 {
    let (u, v): (f64, f64) = (random.random(), random.random());
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// Positions with noise of so many metres per axis, which keeps for so many seconds (0: white).
fn noisy(path: &[Fix], metres: f64, keeps_s: f64, seed: u64) -> Vec<Fix> {
    let random = &mut ChaCha8Rng::seed_from_u64(seed);
    let (north, east) = ground::metres_per_degree(HOME.0);
    let mut off = (metres * gauss(random), metres * gauss(random));
    let mut before = path[0].t_ms;
    let mut tremble = |fix: &Fix| {
        let kept = if keeps_s > 0.0 {
            (-seconds(fix.t_ms - before) / keeps_s).exp()
        } else {
            0.0
        };
        before = fix.t_ms;
        let fresh = metres * (1.0 - kept * kept).sqrt();
        off = (
            off.0 * kept + fresh * gauss(random),
            off.1 * kept + fresh * gauss(random),
        );
        Fix {
            lat: fix.lat + off.0 / north,
            lon: fix.lon + off.1 / east,
            ..*fix
        }
    };
    path.iter().map(&mut tremble).collect()
}

/// Half an hour in one place, a fix every so many seconds.
fn standing(every_s: i32, accuracy_m: Option<f64>) -> Vec<Fix> {
    let at = |i| Fix {
        accuracy_m,
        ..fix(f64::from(i * every_s), 0.0, 0.0)
    };
    (0..1800 / every_s).map(at).collect()
}

#[test]
fn a_clean_walk_is_measured_to_the_metre() {
    let found = track(walk(0..1001));
    assert_near(found.distance_m, 1400.0, 2.0);
    assert_near(found.moving_s, 1000.0, 3.0);
    assert_near(found.average_pace_s_per_km.unwrap(), 1000.0 / 1.4, 3.0);
    assert_eq!(
        (found.elapsed_s, found.accepted, found.rejected.total()),
        (1000.0, 1001, 0)
    );
}

#[test]
fn standing_for_half_an_hour_in_white_noise_counts_nothing() {
    // 10 m per axis is beyond what an accuracy of 20 m allows for; mostly nothing counts there either.
    for (metres, worst_m, mean_m) in [
        (1.0, 10.0, 1.0),
        (3.0, 10.0, 1.0),
        (5.0, 10.0, 1.0),
        (7.0, 40.0, 5.0),
        (10.0, 150.0, 15.0),
    ] {
        let mut found = Vec::new();
        for every_s in [1, 2, 5, 10] {
            for accuracy_m in [None, Some(metres * 1.5)] {
                let path = standing(every_s, accuracy_m);
                found.extend((0..5).map(|seed| track(noisy(&path, metres, 0.0, seed)).distance_m));
            }
        }
        let worst = found.iter().copied().fold(0.0, f64::max);
        let mean = found.iter().sum::<f64>() / 40.0;
        assert!(
            worst <= worst_m && mean <= mean_m,
            "{metres} m: worst {worst} m, mean {mean} m"
        );
    }
}

#[test]
fn standing_in_noise_that_drifts_counts_next_to_nothing() {
    for (metres, keeps_s, most_m) in [
        (3.0, 120.0, 20.0),
        (4.0, 120.0, 30.0),
        (5.0, 120.0, 30.0),
        (5.0, 30.0, 100.0),
    ] {
        let runs = 10;
        let path = standing(1, Some(metres * 1.5));
        let total: f64 = (0..runs)
            .map(|seed| track(noisy(&path, metres, keeps_s, seed)).distance_m)
            .sum();
        let mean = total / 10.0;
        assert!(mean <= most_m, "{metres} m over {keeps_s} s: {mean} m");
    }
}

#[test]
fn a_walk_in_noise_keeps_its_length() {
    let path: Vec<Fix> = walk(0..1201).collect();
    for (metres, keeps_s) in [
        (1.0, 0.0),
        (3.0, 0.0),
        (5.0, 0.0),
        (10.0, 0.0),
        (3.0, 120.0),
        (5.0, 120.0),
    ] {
        for accuracy_m in [None, Some(metres * 1.5)] {
            let found = noisy(&path, metres, keeps_s, 1)
                .into_iter()
                .map(|f| Fix { accuracy_m, ..f });
            assert_near(track(found).distance_m / 1680.0, 1.0, 0.05);
        }
    }
}

#[test]
fn laps_of_a_stadium_keep_their_length() {
    let at = |s: i32| (f64::from(s) * 3.0 / 63.66).sin_cos();
    let laps: Vec<Fix> = (0..1201)
        .map(|s| fix(f64::from(s), 63.66 * at(s).1, 63.66 * at(s).0))
        .collect();
    assert_near(track(laps.clone()).distance_m / 3600.0, 1.0, 0.01);
    assert_near(track(noisy(&laps, 3.0, 0.0, 1)).distance_m / 3600.0, 1.0, 0.05);
}

#[test]
fn what_is_no_position_is_named_and_not_counted() {
    let mut tracker = Tracker::default();
    tracker.push(fix(0.0, 0.0, 0.0));
    let good = fix(1.0, 1.4, 0.0);
    let refused = [
        (
            Fix {
                lat: f64::NAN,
                ..good
            },
            Rejection::Invalid,
        ),
        (
            Fix {
                lon: f64::INFINITY,
                ..good
            },
            Rejection::Invalid,
        ),
        (Fix { lat: 90.1, ..good }, Rejection::Invalid),
        (
            Fix {
                lat: 0.0,
                lon: 0.0,
                ..good
            },
            Rejection::Invalid,
        ),
        (
            Fix {
                t_ms: i64::MIN,
                ..good
            },
            Rejection::Invalid,
        ),
        (
            Fix {
                t_ms: i64::MAX,
                ..good
            },
            Rejection::Invalid,
        ),
        (
            Fix {
                accuracy_m: Some(-1.0),
                ..good
            },
            Rejection::Invalid,
        ),
        (
            Fix {
                accuracy_m: Some(f64::NAN),
                ..good
            },
            Rejection::Invalid,
        ),
        (
            Fix {
                accuracy_m: Some(20.1),
                ..good
            },
            Rejection::BadAccuracy,
        ),
        (Fix { mock: true, ..good }, Rejection::Mock),
        (fix(0.0, 0.0, 0.0), Rejection::TimeNotAdvancing),
        (fix(-5.0, 0.0, 0.0), Rejection::TimeNotAdvancing),
        (fix(1.0, 500.0, 0.0), Rejection::Teleport),
    ];
    for (wrong, reason) in refused {
        assert_eq!(tracker.push(wrong), Verdict::Rejected(reason), "{wrong:?}");
    }
    assert_eq!(tracker.push(good), Verdict::Accepted);
    let found = tracker.finish();
    let expected = Rejected {
        invalid: 8,
        mock: 1,
        bad_accuracy: 1,
        time_not_advancing: 2,
        teleport: 1,
    };
    assert_eq!(found.rejected, expected);
}

#[test]
fn a_jump_and_back_adds_nothing() {
    let jumping = walk(0..601).map(|f| {
        if (f.t_ms / 1000) % 60 == 7 {
            Fix {
                lat: f.lat + 0.02,
                ..f
            }
        } else {
            f
        }
    });
    let found = track(jumping);
    assert_near(found.distance_m, 840.0, 5.0);
    assert_eq!(found.rejected.teleport, 10);
}

#[test]
fn a_stay_elsewhere_adds_only_what_was_walked_there() {
    let elsewhere = |f: Fix| Fix {
        lon: f.lon + 0.1,
        ..f
    };
    let fixes = walk(0..300)
        .chain(walk(300..400).map(elsewhere))
        .chain(walk(400..700));
    assert_near(track(fixes).distance_m, 980.0, 30.0);
}

#[test]
fn a_wrong_first_fix_costs_seconds_not_the_walk() {
    let fixes = std::iter::once(fix(0.0, 30_000.0, 0.0)).chain(walk(1..601));
    let found = track(fixes);
    assert_near(found.distance_m, 840.0, 10.0);
    assert_eq!(found.rejected.teleport, 5);
}

#[test]
fn a_ride_counts_nothing() {
    let ride = (0..600).map(|s| fix(f64::from(s), 18.0 * f64::from(s), 0.0));
    assert!(track(ride).distance_m < 1.0);
}

#[test]
fn a_clock_set_back_by_an_hour_costs_seconds() {
    let hour_ms = 3_600_000;
    let fixes = walk(0..300).chain(walk(300..600).map(|f| Fix {
        t_ms: f.t_ms - hour_ms,
        ..f
    }));
    let found = track(fixes);
    assert_near(found.distance_m, 840.0, 15.0);
    assert_near(found.elapsed_s, 600.0, 10.0);
}

#[test]
fn a_tunnel_is_bridged_and_a_train_ride_is_not() {
    let tunnel = track(walk(0..300).chain(walk(400..700)));
    assert_near(tunnel.distance_m, 980.0, 5.0);
    assert_near(tunnel.moving_s, 700.0, 5.0);
    assert_eq!((tunnel.gaps_bridged, tunnel.gaps_cut), (1, 0));

    let later = |f: Fix| Fix {
        lat: f.lat + 0.02,
        ..f
    };
    let train = track(walk(0..300).chain(walk(550..850).map(later)));
    assert_near(train.distance_m, 840.0, 5.0);
    assert_near(train.moving_s, 600.0, 5.0);
    assert_eq!((train.gaps_bridged, train.gaps_cut), (0, 1));

    let long = track(walk(0..300).chain(walk(1000..1300)));
    assert_near(long.distance_m, 840.0, 5.0);
}

#[test]
fn nothing_leads_over_the_members_own_pause() {
    let mut tracker = Tracker::default();
    walk(0..300).for_each(|f| assert_eq!(tracker.push(f), Verdict::Accepted));
    tracker.pause(START_MS + 300_000);
    walk(300..400).for_each(|f| assert_eq!(tracker.push(f), Verdict::Paused));
    assert!(tracker.summary().paused);
    tracker.resume(START_MS + 400_000);
    walk(400..700).for_each(|f| assert_eq!(tracker.push(f), Verdict::Accepted));
    let found = tracker.finish();
    assert_near(found.distance_m, 840.0, 5.0);
    assert_near(found.moving_s, 600.0, 5.0);
    assert_eq!(
        (found.paused_s, found.elapsed_s, found.while_paused),
        (100.0, 699.0, 100)
    );
    assert_eq!(tracker.push(fix(800.0, 0.0, 0.0)), Verdict::Paused);
    assert_near(tracker.finish().distance_m, found.distance_m, 1e-9);
}

/// Five minutes of walking, five of standing, five of walking.
fn with_a_stop() -> impl Iterator<Item = Fix> {
    let stop = (300..600).map(|s| fix(f64::from(s), 1.4 * 300.0, 0.0));
    let on = (600..900).map(|s| fix(f64::from(s), 1.4 * f64::from(s - 300), 0.0));
    walk(0..300).chain(stop).chain(on)
}

#[test]
fn auto_pause_sees_a_stop_and_the_going_on() {
    let mut tracker = Tracker::default();
    let mut shown = Vec::new();
    for f in with_a_stop() {
        tracker.push(f);
        let paused = tracker.summary().auto_paused;
        if shown.last().is_none_or(|(_, before)| *before != paused) {
            shown.push(((f.t_ms - START_MS) / 1000, paused));
        }
    }
    assert_eq!(
        shown.iter().map(|(_, paused)| *paused).collect::<Vec<_>>(),
        [false, true, false]
    );
    assert!(
        (305..330).contains(&shown[1].0) && (600..615).contains(&shown[2].0),
        "{shown:?}"
    );
    assert!(tracker.summary().current_pace_s_per_km.is_some());
    let found = tracker.finish();
    assert_near(found.distance_m, 840.0, 10.0);
    assert_near(found.moving_s, 600.0, 30.0);
}

#[test]
fn without_auto_pause_a_stop_is_moving_time_and_still_no_distance() {
    let mut tracker = Tracker::new(Settings {
        auto_pause: false,
        ..Settings::default()
    });
    with_a_stop().for_each(|f| assert_eq!(tracker.push(f), Verdict::Accepted));
    let found = tracker.finish();
    assert_near(found.distance_m, 840.0, 10.0);
    assert_near(found.moving_s, found.elapsed_s, 1e-9);
}

#[test]
fn splits_share_out_the_whole_way() {
    let beating = walk(0..2001).map(|f| Fix {
        heart_rate: Some(if f.lat > 31.21 { 150 } else { 120 }),
        ..f
    });
    let found = track(beating);
    assert_eq!(
        found
            .splits
            .iter()
            .map(|s| s.distance_m.round())
            .collect::<Vec<_>>(),
        [1000.0, 1000.0, 800.0]
    );
    assert_near(found.splits[0].moving_s, 1000.0 / 1.4, 3.0);
    assert_near(
        found.splits.iter().map(|s| s.distance_m).sum(),
        found.distance_m,
        1e-6,
    );
    assert_near(
        found.splits.iter().map(|s| s.moving_s).sum(),
        found.moving_s,
        1e-6,
    );
    assert!(found.splits[0].heart_rate < found.splits[2].heart_rate);
}

#[test]
fn the_antimeridian_is_no_wall() {
    let (_, east) = ground::metres_per_degree(-17.0);
    let lon = |s: i32| 179.995 + 1.4 * f64::from(s) / east;
    let around = |lon: f64| if lon > 180.0 { lon - 360.0 } else { lon };
    let fixes = (0..1001).map(|s| Fix {
        lat: -17.0,
        lon: around(lon(s)),
        ..fix(f64::from(s), 0.0, 0.0)
    });
    assert_near(track(fixes).distance_m, 1400.0, 5.0);
}

/// Anything that a source may send: mostly a wandering person, sometimes nonsense.
fn any_fix() -> impl Strategy<Value = Fix> {
    let number = prop_oneof![8 => -200.0..200.0, 1 => any::<f64>()];
    let odd = prop_oneof![20 => Just(None), 1 => any::<f64>().prop_map(Some)];
    let time = prop_oneof![20 => 0.0..20_000.0, 1 => Just(-10.0)];
    (
        time,
        number.clone(),
        number,
        odd.clone(),
        odd,
        any::<Option<u8>>(),
        0_u8..40,
    )
        .prop_map(|(t, north, east, altitude, accuracy, heart, mock)| Fix {
            altitude_m: altitude.or(Some(north / 10.0)),
            accuracy_m: accuracy.or(Some(6.0)),
            heart_rate: heart,
            mock: mock == 0,
            ..fix(t, north, east)
        })
}

fn any_fixes() -> impl Strategy<Value = Vec<Fix>> {
    let in_order = |mut fixes: Vec<Fix>| {
        fixes.sort_by_key(|f| f.t_ms);
        fixes
    };
    prop::collection::vec(any_fix(), 1..300).prop_map(in_order)
}

proptest! {
    #[test]
    fn a_restored_track_goes_on_exactly(fixes in any_fixes(), at in 0_usize..300) {
        let mut whole = Tracker::default();
        let mut restored = Tracker::default();
        for (i, fix) in fixes.iter().enumerate() {
            if i == at {
                restored = serde_json::from_str(&serde_json::to_string(&restored).unwrap()).unwrap();
            }
            prop_assert_eq!(whole.push(*fix), restored.push(*fix));
        }
        prop_assert_eq!(whole.finish(), restored.finish());
    }

    #[test]
    fn whatever_comes_figures_are_finite_and_only_grow(fixes in any_fixes()) {
        let mut tracker = Tracker::default();
        let mut before = tracker.summary();
        for fix in &fixes {
            tracker.push(*fix);
            let now = tracker.summary();
            prop_assert!(now.distance_m >= before.distance_m && now.elapsed_s >= before.elapsed_s);
            prop_assert!(now.energy.gross_kcal >= before.energy.gross_kcal && now.ascent_m >= before.ascent_m);
            before = now;
        }
        let end = tracker.finish();
        for figure in [end.distance_m, end.elapsed_s, end.moving_s, end.ascent_m, end.descent_m, end.energy.net_kcal] {
            prop_assert!(figure.is_finite() && figure >= 0.0, "{:?}", end);
        }
        prop_assert!(end.moving_s <= end.elapsed_s + 1e-6);
        prop_assert_eq!(end.accepted + end.rejected.total(), u64::try_from(fixes.len()).unwrap());
        prop_assert!(end.distance_m <= end.elapsed_s * crate::FASTEST_MPS + 1e-6);
    }
}
