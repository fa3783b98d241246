//! A thousand lives with lost requests, lost answers, requests that come twice or late, apps and servers that are
//! killed: every minute is counted once.
//!
//! A life that fails says its seed; `HAIGOU_SEED=n` lives that one alone.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use haigou_contract::{ActivityKind, Bucket, Day, Minute, StatementLine};
use haigou_phone::{Clock as _, HttpTransport, Phone, PhoneError, SignInForm, SyncReport};
use haigou_tests::{Counted, Faults, MIDNIGHT, MINUTE, Network, Pocket, Server, books, number_of};
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

const LIVES: u64 = 1_000;
/// Lives in which the server is a process that is killed with SIGKILL.
const LIVES_WITH_PROCESSES: u64 = 30;
/// Waiting on a network that went wrong costs no work: more lives than cores at a time.
const AT_ONCE: u64 = 6;
/// Nobody walks longer than this without a rest, in minutes.
const LONGEST_WALK: i64 = 180;

#[test]
fn every_minute_counts_once_in_a_thousand_schedules() {
    live_all(0..LIVES, Server::start_at);
}

#[test]
fn every_minute_counts_once_though_the_servers_process_is_killed() {
    let program = env!("CARGO_BIN_EXE_server_to_kill");
    live_all(0..LIVES_WITH_PROCESSES, |now_ms| {
        Server::start_process(now_ms, program)
    });
}

/// Lives every seed, several at a time; names those that failed.
fn live_all(seeds: std::ops::Range<u64>, start: impl Fn(i64) -> Server + Sync) {
    let alone: Option<u64> = std::env::var("HAIGOU_SEED")
        .ok()
        .map(|seed| seed.parse().expect("a seed"));
    let seeds = alone.map_or(seeds, |seed| seed..seed + 1);
    let (next, failed) = (AtomicU64::new(seeds.start), Mutex::new(BTreeSet::new()));
    let (happened, took) = (Mutex::new(Happened::default()), std::time::Instant::now());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    match catch_unwind(AssertUnwindSafe(|| Life::new(seed, &start).live())) {
                        Ok(life) => happened.lock().unwrap().add(life),
                        Err(_) => drop(failed.lock().unwrap().insert(seed)),
                    }
                }
            });
        }
    });
    let (happened, failed) = (happened.into_inner().unwrap(), failed.into_inner().unwrap());
    println!("{happened:?} in {:.1} s", took.elapsed().as_secs_f64());
    assert!(
        failed.is_empty(),
        "failed: {failed:?}; HAIGOU_SEED=<one of them> lives it again"
    );
    // Lives in which nothing goes wrong prove nothing.
    assert!(alone.is_some() || (happened.apps_killed > seeds.end && happened.servers_killed > seeds.end / 2));
}

/// What all lives together went through.
#[derive(Debug, Default, Clone, Copy)]
struct Happened {
    lives: u64,
    steps: u64,
    minutes: u64,
    syncs: u64,
    apps_killed: u64,
    servers_killed: u64,
}

impl Happened {
    fn add(&mut self, other: Self) {
        self.lives += other.lives;
        self.steps += other.steps;
        self.minutes += other.minutes;
        self.syncs += other.syncs;
        self.apps_killed += other.apps_killed;
        self.servers_killed += other.servers_killed;
    }
}

/// Somebody's life with a phone, decided by a seed.
struct Life {
    seed: u64,
    runtime: tokio::runtime::Runtime,
    dice: ChaCha8Rng,
    server: Arc<Server>,
    network: Arc<Network>,
    pocket: Pocket,
    number: String,
    /// Steps since the phone was started.
    raw: u64,
    /// Minutes walked since the last rest.
    walked: i64,
    /// The activity under way, and whether it is paused.
    activity: Option<(ActivityKind, bool)>,
    finished: u64,
    /// What was really walked.
    truth: BTreeMap<Day, Counted>,
    happened: Happened,
}

impl Life {
    fn new(seed: u64, start: &impl Fn(i64) -> Server) -> Self {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let now_ms = MIDNIGHT + dice.random_range(0..24 * 60) * MINUTE;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let server = Arc::new(start(now_ms));
        let http = HttpTransport::new(Duration::from_secs(10)).unwrap();
        let network = Arc::new(Network::new(
            http,
            Arc::clone(&server),
            dice.next_u64(),
            Faults::all(),
        ));
        let pocket = Pocket::on(&network, now_ms);
        Self {
            seed,
            runtime,
            dice,
            server,
            network,
            pocket,
            number: number_of(1),
            raw: 0,
            walked: 0,
            activity: None,
            finished: 0,
            truth: BTreeMap::new(),
            happened: Happened {
                lives: 1,
                ..Happened::default()
            },
        }
    }

    fn live(mut self) -> Happened {
        self.count_from(10_000);
        self.register();
        for _ in 0..self.dice.random_range(12..30) {
            match self.dice.random_range(0..14) {
                0..4 => self.walk(),
                4 => self.rest(),
                5 => self.start_or_finish(),
                6 => self.pause_or_resume(),
                7 => self.kill_app(),
                8 => self.restart_phone(),
                9 => self.kill_server(),
                _ => drop(self.sync()),
            }
            if self.server.address().is_none() && self.dice.random_range(0..2) == 0 {
                self.server.revive();
            }
        }
        self.settle();
        self.compare();
        self.happened
    }

    /// Goes through the door of a network that loses things: the same form again until it is through.
    fn register(&mut self) {
        let number = self.number.clone();
        for _ in 0..60 {
            self.server.revive();
            let asked = self.until_killed(async |app| app.ask_code(&number).await.is_ok());
            let Some(code) = self.server.code_for(&number).filter(|_| asked == Some(true)) else {
                continue;
            };
            let form = SignInForm::new(&number, code).accepting_terms();
            for _ in 0..4 {
                if self.until_killed(async |app| app.sign_in(form.clone()).await.is_ok()) == Some(true) {
                    return;
                }
                self.server.revive();
            }
        }
        panic!("never signed in");
    }

    /// Waits for something, unless the app is killed meanwhile: then it is opened again.
    fn until_killed<T>(&mut self, work: impl AsyncFnOnce(Arc<Phone>) -> T) -> Option<T> {
        let app = Arc::clone(self.pocket.app());
        let done = self.runtime.block_on(async {
            tokio::select! {
                done = work(app) => Some(done),
                () = self.network.death() => None,
            }
        });
        if done.is_none() {
            self.kill_app();
        }
        done
    }

    fn sync(&mut self) -> Option<SyncReport> {
        self.happened.syncs += 1;
        let report = self.until_killed(async |app| app.sync_now().await)?;
        let report = report.expect("still signed in");
        assert_eq!(report.refused, 0, "{report:?}");
        Some(report)
    }

    fn kill_app(&mut self) {
        self.runtime.block_on(self.pocket.kill_and_open());
        self.network.reborn();
        self.happened.apps_killed += 1;
    }

    fn kill_server(&mut self) {
        self.server.kill();
        self.happened.servers_killed += 1;
    }

    /// Time goes on, for phone and server.
    fn pass(&self, ms: i64) {
        self.pocket.clock.advance(ms);
        self.server.set_clock(self.pocket.clock.wall_ms());
    }

    /// The counter begins at this figure, and the app has taken note.
    fn count_from(&mut self, raw: u64) {
        self.raw = raw;
        self.pocket.read_counter(raw);
        self.pocket.app().tick();
    }

    fn walk(&mut self) {
        let minutes = self.dice.random_range(1..20);
        if self.walked + minutes > LONGEST_WALK {
            return self.rest();
        }
        self.walked += minutes;
        for _ in 0..minutes {
            let minute = Minute::at(self.pocket.clock.wall_ms());
            self.pass(MINUTE);
            let steps = self.dice.random_range(40..200);
            self.raw += steps;
            self.pocket.read_counter(self.raw);
            let day = self.truth.entry(minute.day()).or_default();
            day.claimed += steps;
            *match self.activity {
                Some((ActivityKind::Walk, false)) => &mut day.walk,
                Some((ActivityKind::Run, false)) => &mut day.run,
                _ => &mut day.passive,
            } += steps;
            self.happened.steps += steps;
            self.happened.minutes += 1;
        }
    }

    fn rest(&mut self) {
        let minutes = self.dice.random_range(2..14 * 60);
        self.pass(minutes * MINUTE);
        self.walked = 0;
        self.pocket.read_counter(self.raw);
    }

    fn start_or_finish(&mut self) {
        if self.activity.take().is_some() {
            self.pocket.app().finish().unwrap();
            self.finished += 1;
        } else {
            let kind = if self.dice.random_range(0..2) == 0 {
                ActivityKind::Walk
            } else {
                ActivityKind::Run
            };
            self.pocket.app().start_activity(kind).unwrap();
            self.activity = Some((kind, false));
        }
    }

    fn pause_or_resume(&mut self) {
        if let Some((_, paused)) = &mut self.activity {
            let app = self.pocket.app();
            if *paused { app.resume() } else { app.pause() }.unwrap();
            *paused = !*paused;
        }
    }

    /// The battery is empty, or somebody switches it off and on.
    fn restart_phone(&mut self) {
        let off_ms = self.dice.random_range(1..10) * MINUTE;
        self.pocket.clock.reboot(off_ms);
        self.server.set_clock(self.pocket.clock.wall_ms());
        self.walked = 0;
        self.kill_app();
        let raw = self.dice.random_range(0..50);
        self.count_from(raw);
    }

    /// At last everything works, and what waits gets through.
    fn settle(&mut self) {
        self.network.set_faults(Faults::default());
        self.server.revive();
        if self.activity.is_some() {
            self.start_or_finish();
        }
        self.pass(3 * MINUTE);
        for _ in 0..20 {
            let report = self.sync().expect("nobody dies any more");
            if (report.left, report.unsynced_minutes, &report.stopped) == (0, 0, &None) {
                return;
            }
            let trouble = report.stopped;
            assert!(matches!(trouble, None | Some(PhoneError::Offline)), "{trouble:?}");
        }
        panic!("it never gets through");
    }

    fn compare(&mut self) {
        let status = self.pocket.app().status().borrow().clone();
        assert_eq!((status.waiting_uploads, status.unsynced_minutes), (0, 0));
        assert!(status.refused_uploads.is_empty());
        let books = books(&self.server.store(), &self.number);
        assert_eq!(books.days, self.truth, "seed {}", self.seed);
        assert_eq!(books.activities, self.finished);
        assert!(books.audit.ok, "{:?}", books.audit.findings);
        self.compare_milestones();
    }

    /// What steps unfroze: each milestone that was reached, once.
    fn compare_milestones(&self) {
        let mut booked: Vec<(String, String, String)> = self
            .statement()
            .into_iter()
            .filter(|line| line.event == "steps" && line.bucket == Bucket::Available)
            .map(|mut line| {
                let mut figure = |name| line.figures.remove(name).unwrap();
                (figure("day"), line.rule, figure("steps"))
            })
            .collect();
        booked.sort();
        let mut reached: Vec<(String, String, String)> = Vec::new();
        for (day, steps) in &self.truth {
            let all = steps.walk + steps.run + steps.passive;
            for (rule, done, goals) in [
                ("steps.ladder", all, vec![3_000, 6_000, 10_000]),
                ("steps.walk", steps.walk, vec![6_000]),
                ("steps.run", steps.run, vec![3_000]),
            ] {
                let got = goals.into_iter().filter(|goal| done >= *goal);
                reached.extend(got.map(|goal: u64| (day.to_string(), rule.to_owned(), goal.to_string())));
            }
        }
        reached.sort();
        assert_eq!(booked, reached, "seed {}", self.seed);
    }

    fn statement(&self) -> Vec<StatementLine> {
        let app = self.pocket.app();
        self.runtime.block_on(async {
            let (mut lines, mut after) = (Vec::new(), None);
            loop {
                let page = app.statement(None, after.as_deref()).await.unwrap();
                lines.extend(page.items);
                after = page.next;
                if after.is_none() {
                    return lines;
                }
            }
        })
    }
}
