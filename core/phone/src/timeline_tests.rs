use super::*;
use crate::ManualClock;

const NOON: i64 = 1_770_000_000_000;

#[test]
fn a_wall_clock_that_jumps_does_not_move_a_running_time() {
    let clock = ManualClock::new(NOON);
    let timeline = Timeline::start(None, &clock);
    clock.advance(10_000);
    clock.set_wall(NOON - 86_400_000);
    assert_eq!(timeline.now(&clock), NOON + 10_000);
}

#[test]
fn a_set_wall_clock_is_followed_but_not_into_the_past() {
    let clock = ManualClock::new(NOON);
    let mut timeline = Timeline::start(None, &clock);
    timeline.reach(NOON + 5_000);
    clock.set_wall(NOON - 3_600_000);
    timeline.follow_wall(&clock);
    assert_eq!(timeline.now(&clock), NOON + 5_000);
    clock.set_wall(NOON + 3_600_000);
    timeline.follow_wall(&clock);
    assert_eq!(timeline.now(&clock), NOON + 3_600_000);
}

#[test]
fn the_server_knows_better_and_says_by_how_much() {
    let clock = ManualClock::new(NOON);
    let mut timeline = Timeline::start(None, &clock);
    assert_eq!(timeline.learn(NOON - 7_200_000, &clock), Some(-7_200_000));
    assert_eq!(timeline.now(&clock), NOON - 7_200_000);
    clock.set_wall(NOON + 999_999_999);
    timeline.follow_wall(&clock);
    clock.advance(1_000);
    assert_eq!(timeline.now(&clock), NOON - 7_200_000 + 1_000);
    assert_eq!(timeline.learn(NOON - 7_200_000 + 1_500, &clock), None);
}

#[test]
fn after_a_restart_a_clock_that_was_behind_is_still_behind() {
    let clock = ManualClock::new(NOON);
    let mut timeline = Timeline::start(None, &clock);
    timeline.learn(NOON + 600_000, &clock);
    clock.reboot(30_000);
    let later = Timeline::start(Some(timeline), &clock);
    assert_eq!(later.now(&clock), NOON + 630_000);
    assert!(!later.sure);
}

#[test]
fn a_restart_with_an_empty_battery_clock_goes_on_from_what_was_reached() {
    let clock = ManualClock::new(NOON);
    let mut timeline = Timeline::start(None, &clock);
    timeline.reach(NOON);
    clock.reboot(0);
    clock.set_wall(0);
    assert_eq!(Timeline::start(Some(timeline), &clock).now(&clock), NOON);
}

#[test]
fn a_batch_that_comes_late_keeps_its_own_time() {
    let mut sensor = SourceClock::new(600_000);
    sensor.arrived(1_000, 50_020);
    sensor.arrived(2_000, 51_005);
    sensor.arrived(3_000, 112_000);
    assert_eq!(sensor.to_mono(3_000), 52_005);
    // The sensor's clock began anew.
    sensor.arrived(5, 900_000);
    assert_eq!(sensor.to_mono(5), 900_000);
}
