//! The phone's process is killed with SIGKILL in mid-walk, at any moment: the last two seconds may be lost, no minute is
//! counted twice, and the walk goes on.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use haigou_contract::ActivityKind;
use haigou_phone::Phone;
use haigou_phone::screens::LiveState;
use haigou_tests::{Walk, fast_folder, walking_phone};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// How much faster than real time the walk is heard.
const SPEED: i64 = 60;
/// What a killed app may lose, in milliseconds of the walk.
const LOST_MS: i64 = 2_000;
/// Steps that are still being thought about at either end.
const UNSURE: u32 = 3;

/// The steps that an app which nobody kills has counted after so many milliseconds, every 200 of them.
fn unharmed() -> Vec<(i64, u32)> {
    let folder = fast_folder();
    let mut walk = Walk::new();
    let phone = Phone::open(walking_phone(folder.path(), &walk)).unwrap();
    phone.start_activity(ActivityKind::Walk).unwrap();
    let mut counted = vec![(0, 0)];
    while let Some(batch) = walk.hear(200) {
        phone.feed_samples(&batch).unwrap();
        phone.tick();
        counted.push((walk.now_ms(), live_steps(&phone)));
    }
    counted
}

fn live_steps(phone: &Phone) -> u32 {
    let live = phone.live().borrow().clone();
    assert_ne!(live.state, LiveState::Idle, "the walk goes on");
    live.activity.unwrap().steps
}

/// Walks on until killed (or to the end, without a moment to kill it at); says how far it had heard at least.
fn walk_on(folder: &Path, from_ms: i64, kill_after: Option<Duration>) -> i64 {
    let mut child = Command::new(env!("CARGO_BIN_EXE_phone_on_a_walk"))
        .args([folder.to_str().unwrap(), &from_ms.to_string(), &SPEED.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut heard_ms = from_ms;
    if let Some(kill_after) = kill_after {
        // The time counts from when it hears the first steps.
        heard_ms = lines.next().unwrap().unwrap().parse().unwrap();
        std::thread::sleep(kill_after);
        child.kill().unwrap();
    }
    for line in lines {
        // A line that it was killed in is no line.
        heard_ms = line
            .ok()
            .and_then(|line| line.parse().ok())
            .unwrap_or(heard_ms)
            .max(heard_ms);
    }
    assert_eq!(child.wait().unwrap().success(), kill_after.is_none());
    heard_ms
}

#[test]
fn a_walk_survives_being_killed_again_and_again() {
    let unharmed = unharmed();
    let whole = unharmed.last().unwrap().1;
    let at = |ms: i64| unharmed[unharmed.partition_point(|(t, _)| *t <= ms) - 1].1;
    let folder = fast_folder();
    let mut dice = ChaCha8Rng::seed_from_u64(7);
    let (mut world_ms, mut known, mut kills) = (0, 0, 0);
    while world_ms < 480_000 {
        let kill_after = Duration::from_millis(dice.random_range(0..900));
        let heard_ms = walk_on(folder.path(), world_ms, Some(kill_after));
        kills += 1;
        let mut here = Walk::new();
        here.skip_to(heard_ms);
        let phone = Phone::open(walking_phone(folder.path(), &here)).unwrap();
        let steps = live_steps(&phone);
        // At least what an unharmed app counted from where it stood, without the last two seconds ...
        let least = known + at((heard_ms - LOST_MS).max(world_ms)) - at(world_ms);
        // ... and nothing twice. It may have heard a little more than it had time to say.
        let most = known + at(heard_ms + 1_000) - at(world_ms);
        assert!(
            (least.saturating_sub(UNSURE)..=most + UNSURE).contains(&steps),
            "{steps} steps, {least} to {most}, killed at {heard_ms} ms"
        );
        (world_ms, known) = (heard_ms, steps);
    }
    assert!(kills >= 8, "{kills}");
    walk_on(folder.path(), world_ms, None);

    let mut here = Walk::new();
    here.skip_to(610_000);
    let phone = Phone::open(walking_phone(folder.path(), &here)).unwrap();
    let record = phone.finish().unwrap();
    let steps: u32 = record.minutes.iter().map(|minute| minute.steps).sum();
    assert_eq!(steps, record.line.summary.steps, "the minutes are the walk");
    assert!(
        record
            .minutes
            .windows(2)
            .all(|pair| pair[0].minute < pair[1].minute),
        "no minute twice"
    );
    println!("{kills} kills, {steps} of {whole} steps");
    assert!(steps <= whole + UNSURE, "{steps} of {whole}");
    assert!(
        whole - steps.min(whole) <= kills * 6,
        "{steps} of {whole} after {kills} kills"
    );
}
