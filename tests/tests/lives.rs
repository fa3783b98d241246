//! Simulated people walk, run, ride and cheat with the real phone core and the real server: who moved is paid, who
//! cheated is not.

use std::collections::BTreeMap;
use std::sync::Mutex;

use haigou_contract::{ActivityKind, Day, Doubt};
use haigou_simulator::people::{self, Role};
use haigou_tests::{Counted, HOUR, MIDNIGHT, MINUTE, Played, Pocket, Server, books, hear, number_of, play};

/// What a life came to.
#[derive(Debug)]
struct Outcome {
    name: &'static str,
    played: Played,
    /// Steps that the phone claimed.
    claimed: u64,
    /// Steps that the server counted.
    counted: u64,
    days: BTreeMap<Day, Counted>,
    trust: Option<u8>,
    doubts: Vec<Doubt>,
}

type Part = (&'static str, fn(u64) -> Role, Option<ActivityKind>);

const WALK: Option<ActivityKind> = Some(ActivityKind::Walk);
const RUN: Option<ActivityKind> = Some(ActivityKind::Run);

/// Lets somebody live through his day, on a server of his own.
fn live((name, role, kind): Part, seed: u64) -> Outcome {
    let server = Server::start_at(MIDNIGHT + 5 * HOUR);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut pocket = Pocket::new(MIDNIGHT + 5 * HOUR, &server.url());
        pocket.sign_in(&server, &number_of(1), None).await;
        let role = role(seed);
        let start_ms = role.plan.start_ms;
        let elapsed_ms = (role.truth().elapsed_s * 1000.0) as i64;
        let played = play(&mut pocket, role, kind).await;
        outcome(name, &server, &pocket, played, start_ms + elapsed_ms + 3 * MINUTE).await
    })
}

/// Syncs at a time, and looks at what came of it.
async fn outcome(
    name: &'static str,
    server: &Server,
    pocket: &Pocket,
    played: Played,
    now_ms: i64,
) -> Outcome {
    server.clock.set(now_ms);
    pocket.clock.advance(3 * MINUTE);
    pocket.sync().await;
    pocket.app().refresh_records().await.unwrap();
    let judgements: Vec<_> = {
        let records = pocket.app().records();
        records
            .borrow()
            .records
            .iter()
            .filter_map(|record| record.judgement.clone())
            .collect()
    };
    let books = books(&server.store(), &number_of(1));
    assert!(books.audit.ok, "{:?}", books.audit.findings);
    let sum = |of: fn(&Counted) -> u64| books.days.values().map(of).sum();
    Outcome {
        name,
        played,
        claimed: sum(|day| day.claimed),
        counted: sum(|day| day.walk + day.run + day.passive),
        trust: judgements.iter().map(|judgement| judgement.trust).min(),
        doubts: judgements
            .into_iter()
            .flat_map(|judgement| judgement.doubts)
            .collect(),
        days: books.days,
    }
}

/// Lives of several people with several seeds, two at a time, judged one by one; all that failed are named.
fn all_live(parts: &[Part], seeds: std::ops::Range<u64>, judge: impl Fn(&Outcome) -> bool + Sync) {
    let waiting: Mutex<Vec<(Part, u64)>> = Mutex::new(
        parts
            .iter()
            .flat_map(|part| seeds.clone().map(|seed| (*part, seed)))
            .collect(),
    );
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((part, seed)) = { waiting.lock().unwrap().pop() } {
                    let outcome = live(part, seed);
                    let line = format!(
                        "{:14} seed {seed}: made {:6}, claimed {:6}, counted {:6}, trust {:?} {:?}",
                        outcome.name,
                        outcome.played.steps,
                        outcome.claimed,
                        outcome.counted,
                        outcome.trust,
                        outcome.doubts
                    );
                    println!("{line}");
                    if !judge(&outcome) {
                        failed.lock().unwrap().push(line);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn who_moves_is_counted() {
    let parts: [Part; 6] = [
        ("morning_walker", people::morning_walker, WALK),
        ("runner", people::runner, RUN),
        ("stroller", people::stroller, WALK),
        ("hiker", people::hiker, WALK),
        ("commuter", people::commuter, None),
        ("restarter", people::restarter, WALK),
    ];
    all_live(&parts, 1..4, |outcome| {
        let near = outcome.claimed.abs_diff(outcome.played.steps) * 100 <= outcome.played.steps * 3;
        near && outcome.counted * 100 >= outcome.claimed * 95 && outcome.days.len() == 1
    });
}

#[test]
fn a_day_at_a_desk_is_counted_as_the_few_steps_it_has() {
    all_live(&[("office_day", people::office_day, None)], 1..2, |outcome| {
        let near = outcome.claimed.abs_diff(outcome.played.steps) * 100 <= outcome.played.steps * 3;
        near && outcome.counted * 100 >= outcome.claimed * 95
    });
}

#[test]
fn who_cheats_is_not() {
    let parts: [Part; 3] = [
        ("shaker", people::shaker, WALK),
        ("mock_cyclist", people::mock_cyclist, RUN),
        ("driver", people::driver, RUN),
    ];
    // A hundredth of what the lowest rung of the ladder asks for, where the cradles made 4,000 to 13,000.
    all_live(&parts, 1..4, |outcome| outcome.counted <= 30);
}

/// Legs of 290 steps a minute don't exist. What the app hears of them is the rhythm of 145, which do.
#[test]
fn legs_that_nobody_has_are_counted_as_legs_that_somebody_has() {
    all_live(
        &[("impossible_legs", people::impossible_legs, RUN)],
        1..3,
        |outcome| outcome.counted * 2 <= outcome.played.steps,
    );
}

#[test]
fn who_turns_the_clock_is_counted_once_and_when_he_walked() {
    let today = Day::at(MIDNIGHT);
    all_live(&[("clock_turner", people::clock_turner, WALK)], 1..3, |outcome| {
        let near = outcome.counted.abs_diff(outcome.played.steps) * 100 <= outcome.played.steps * 3;
        near && outcome.days.keys().eq([&today])
    });
}

/// Two phones of one member in one pocket: the walk counts once.
#[test]
fn a_second_phone_in_the_pocket_counts_nothing_more() {
    let server = Server::start_at(MIDNIGHT + 5 * HOUR);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let role = people::stroller(4);
        let truth = role.truth();
        let played = Played {
            steps: truth.steps,
            distance_m: truth.distance_m,
        };
        let end_ms = role.plan.start_ms + (truth.elapsed_s * 1000.0) as i64 + 3 * MINUTE;
        let mut pockets = [0, 1].map(|_| Pocket::new(MIDNIGHT + 5 * HOUR, &server.url()));
        for (nth, pocket) in (0..).zip(&mut pockets) {
            pocket.sign_in(&server, &number_of(1), None).await;
            hear(pocket, role.plan.start_ms, role.clone().simulate_phone(nth), WALK).await;
        }
        let first = outcome("stroller", &server, &pockets[0], played, end_ms).await;
        assert!(
            first.counted.abs_diff(played.steps) * 100 <= played.steps * 3,
            "{first:?}"
        );
        let second = outcome("stroller", &server, &pockets[1], played, end_ms).await;
        assert!(second.doubts.contains(&Doubt::Overlap), "{second:?}");
        // The other phone may have heard a step of a minute in which the first one heard none.
        assert!(second.counted - first.counted <= 20, "{second:?} after {first:?}");
    });
}
