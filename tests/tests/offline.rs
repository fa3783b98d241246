//! Thirty days without a network, and everything is there.

use std::collections::BTreeMap;

use haigou_contract::{ActivityKind, Day};
use haigou_phone::Clock as _;
use haigou_tests::{Counted, DAY, MIDNIGHT, MINUTE, Pocket, Server, books, number_of};

const DAYS: i64 = 30;
/// The counter is read so often, in minutes.
const STRETCH: i64 = 20;

/// Each of the 43,200 minutes of thirty days has steps, more than one day in an activity across midnight among them.
#[test]
fn thirty_days_reach_the_server_to_the_step() {
    let server = Server::start_at(MIDNIGHT);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let mut pocket = Pocket::new(MIDNIGHT, &server.url());
    runtime.block_on(pocket.sign_in(&server, &number_of(1), None));
    server.kill();
    let mut raw = 0;
    let mut truth: BTreeMap<Day, Counted> = BTreeMap::new();
    pocket.read_counter(raw);
    pocket.app().tick();
    // The counter is read every twenty minutes, and the app shares the steps out over them.
    for number in 0..DAYS * DAY / (STRETCH * MINUTE) {
        // Every evening from 23:40 on a walk of forty minutes.
        let of_day = number * STRETCH % (DAY / MINUTE);
        match of_day {
            1_420 => drop(pocket.app().start_activity(ActivityKind::Walk).unwrap()),
            20 if number * STRETCH > 1_440 => drop(pocket.app().finish().unwrap()),
            _ => {}
        }
        let walking = of_day >= 1_420 || (of_day < 20 && number * STRETCH >= 1_440);
        let day = Day::at(pocket.clock.wall_ms());
        let steps = if walking {
            2_000 + number.unsigned_abs() % 400
        } else {
            20 + number.unsigned_abs() % 700
        };
        pocket.clock.advance(STRETCH * MINUTE);
        raw += steps;
        pocket.read_counter(raw);
        let day = truth.entry(day).or_default();
        day.claimed += steps;
        *if walking { &mut day.walk } else { &mut day.passive } += steps;
        if number % 250 == 249 {
            runtime.block_on(async {
                // It tries now and then, and is killed now and then.
                let report = pocket.app().sync_now().await.unwrap();
                assert!(report.stopped.is_some() && report.answered == 0, "{report:?}");
                pocket.kill_and_open().await;
            });
        }
    }
    pocket.app().finish().unwrap();
    pocket.clock.advance(3 * MINUTE);
    server.set_clock(pocket.clock.wall_ms());
    server.revive();
    let waiting = pocket.app().status().borrow().unsynced_minutes;
    // A server that starts anew listens elsewhere.
    drop(pocket.take_app());
    pocket.set_url(&server.url());
    pocket.open();
    let report = runtime.block_on(pocket.sync());
    assert_eq!(
        (waiting, report.unsynced_minutes),
        (DAYS.unsigned_abs() * 1_440, 0)
    );
    let books = books(&server.store(), &number_of(1));
    assert_eq!(books.days, truth);
    assert_eq!(books.activities, DAYS.unsigned_abs());
    assert!(books.audit.ok, "{:?}", books.audit.findings);
}
