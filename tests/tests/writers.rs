//! Several `haigou serve` on one PostgreSQL database, of which one writes: it is killed, stopped beyond its lease and woken
//! up, cut off, or its database restarted. Commands go on with another one, each is done exactly once, and the books
//! follow from the journal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use haigou_contract::{Day, Minute};
use haigou_store::Store;
use haigou_test_postgres::Cluster;
use haigou_tests::{Hand, ServeProcess, books, fast_folder, haigou, number_of};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const SERVERS: usize = 3;
const MEMBERS: u32 = 4;
/// Of each of the four seeds.
const ROUNDS: usize = 50;
/// How long a lease lasts that is not renewed.
const LEASE: Duration = Duration::from_secs(3);
/// By then another server writes.
const TAKEN_OVER: Duration = Duration::from_secs(5);
const DATABASE: &str = "haigou";
const SECRET: &str = "a secret of thirty-two characters";

#[derive(Debug, Clone, Copy)]
enum Fault {
    /// SIGKILL of the writer.
    Killed,
    /// SIGSTOP of the writer for so long, then SIGCONT.
    Stopped(Duration),
    /// All connections to the database are cut.
    CutOff,
    /// The database is restarted: in order, or as after a power cut.
    Restarted { in_order: bool },
}

struct House {
    cluster: Cluster,
    db: String,
    servers: Vec<ServeProcess>,
    folder: tempfile::TempDir,
}

impl House {
    fn new(cluster: Cluster) -> Self {
        let db = cluster.create(DATABASE);
        let mut house = Self {
            cluster,
            db,
            servers: Vec::new(),
            folder: fast_folder(),
        };
        for _ in 0..SERVERS {
            let server = house.serve();
            house.servers.push(server);
        }
        house
    }

    fn serve(&self) -> ServeProcess {
        let more = [("HAIGOU_RULEBOOK", "sport"), ("HAIGOU_WEB__CODE_SECRET", SECRET)];
        ServeProcess::start(self.folder.path(), &self.db, &more)
    }

    /// The server that holds the lease, as the database has it.
    fn writer(&self) -> usize {
        let address = self.cluster.run(DATABASE, "SELECT address FROM writer_lease");
        let place = self.servers.iter().position(|server| server.url == address);
        place.unwrap_or_else(|| panic!("nobody serves at {address:?}"))
    }

    fn token(&self) -> i64 {
        let token = self.cluster.run(DATABASE, "SELECT token FROM writer_lease");
        token.parse().expect("a number")
    }

    fn cut_off(&self) {
        let all =
            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'haigou'";
        self.cluster.run(DATABASE, all);
    }

    /// Waits until a command that came after the fault is done; says how long it took.
    fn goes_on(&self, traffic: &Traffic, fault: Fault) -> Duration {
        let since = Instant::now();
        let rounds = traffic.round.fetch_add(1, Ordering::SeqCst) + 1;
        while traffic.newest.load(Ordering::SeqCst) < rounds {
            assert!(
                since.elapsed() < 12 * TAKEN_OVER,
                "after {fault:?} nothing goes on"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        since.elapsed()
    }

    fn suffer(&mut self, fault: Fault, traffic: &Traffic) -> Duration {
        match fault {
            Fault::Killed => {
                let writer = self.writer();
                self.servers.swap_remove(writer).kill();
                traffic.publish(&self.servers);
                let pause = self.goes_on(traffic, fault);
                let server = self.serve();
                self.servers.push(server);
                traffic.publish(&self.servers);
                pause
            }
            Fault::Stopped(long) => {
                let (writer, token) = (self.writer(), self.token());
                self.servers[writer].signal("STOP");
                let since = Instant::now();
                let pause = self.goes_on(traffic, fault);
                std::thread::sleep(long.saturating_sub(since.elapsed()));
                assert!(self.token() > token, "another one has the lease");
                self.servers[writer].signal("CONT");
                pause
            }
            Fault::CutOff => {
                self.cut_off();
                self.goes_on(traffic, fault)
            }
            Fault::Restarted { in_order } => {
                if in_order {
                    self.cluster.stop();
                } else {
                    self.cluster.crash();
                }
                self.cluster.go_on();
                self.goes_on(traffic, fault)
            }
        }
    }
}

/// What the members' phones and the test tell each other.
struct Traffic {
    urls: std::sync::RwLock<Vec<String>>,
    /// Faults so far.
    round: AtomicU64,
    /// The newest fault behind which a command began that is done by now.
    newest: AtomicU64,
    is_over: AtomicBool,
}

impl Traffic {
    fn publish(&self, servers: &[ServeProcess]) {
        *self.urls.write().unwrap() = servers.iter().map(|server| server.url.clone()).collect();
    }

    fn url(&self, of: u64) -> String {
        let urls = self.urls.read().unwrap();
        urls[usize::try_from(of).unwrap() % urls.len()].clone()
    }
}

/// An upload of one minute of yesterday or the days before. Too few steps for a walk, so nobody asks for a rest.
fn upload(number: u64, midnight: Minute) -> (u64, Value) {
    let steps = 1 + number % 39;
    let minute = midnight.0 - 1 - i64::try_from(number).unwrap();
    (
        steps,
        json!({"minutes": [{"minute": minute, "kind": "passive", "source": "counter", "steps": steps}], "activities": []}),
    )
}

/// Uploads minute after minute, each until it is acknowledged, with another server at every try; answers the steps.
async fn walk(hand: Hand, start: u64, traffic: Arc<Traffic>) -> u64 {
    let now_ms = i64::try_from(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let midnight = Minute::at(Day::at(now_ms).start_ms());
    let (mut steps, mut tries) = (0, start);
    for number in 0..8_000 {
        if traffic.is_over.load(Ordering::SeqCst) {
            break;
        }
        let (of_it, body) = upload(number, midnight);
        let key = format!("minute-{number}");
        loop {
            tries += 1;
            let began = traffic.round.load(Ordering::SeqCst);
            match hand.try_upload(&traffic.url(tries), &key, &body).await {
                Ok(answer) if answer.status == 200 => {
                    assert_eq!(answer.body["counted_steps"], json!(of_it), "{}", answer.body);
                    traffic.newest.fetch_max(began, Ordering::SeqCst);
                    break;
                }
                Ok(answer) => assert!(matches!(answer.status, 503 | 504), "{}", answer.body),
                // Whether it arrived, nobody knows: the same once more.
                Err(_) => {}
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        steps += of_it;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    steps
}

fn faults(dice: &mut ChaCha8Rng) -> Vec<Fault> {
    let mut faults: Vec<_> = (0..ROUNDS)
        .map(|_| match dice.random_range(0..5) {
            0 => Fault::Killed,
            1 => Fault::Stopped(LEASE + Duration::from_millis(dice.random_range(500..1_500))),
            2 | 3 => Fault::CutOff,
            _ => Fault::Restarted {
                in_order: dice.random(),
            },
        })
        .collect();
    faults[ROUNDS / 2] = Fault::Stopped(Duration::from_secs(30));
    faults
}

fn commands_go_on_exactly_once(seed: u64) {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let mut house = House::new(cluster);
    let runtime = Runtime::new().unwrap();
    let traffic = Arc::new(Traffic {
        urls: std::sync::RwLock::default(),
        round: AtomicU64::new(0),
        newest: AtomicU64::new(0),
        is_over: AtomicBool::new(false),
    });
    traffic.publish(&house.servers);
    let mut walks = Vec::new();
    for member in 0..MEMBERS {
        let mut hand = Hand::with_patience(u8::try_from(member).unwrap(), Duration::from_secs(1));
        let writer = &house.servers[house.writer()];
        runtime.block_on(hand.sign_in(&writer.url, &number_of(member), async || writer.code()));
        walks.push(runtime.spawn(walk(hand, member.into(), Arc::clone(&traffic))));
    }
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mut pauses = Vec::new();
    for fault in faults(&mut dice) {
        std::thread::sleep(Duration::from_millis(dice.random_range(0..300)));
        pauses.push((house.suffer(fault, &traffic), fault));
    }
    traffic.is_over.store(true, Ordering::SeqCst);
    let walked: Vec<_> = walks
        .into_iter()
        .map(|walk| runtime.block_on(walk).unwrap())
        .collect();

    let store = Store::open_read_only(&house.db).unwrap();
    for (member, steps) in (0..).zip(walked) {
        let books = books(&store, &number_of(member));
        let counted: u64 = books.days.values().map(|day| day.passive).sum();
        let claimed: u64 = books.days.values().map(|day| day.claimed).sum();
        assert!(steps > 0);
        assert_eq!((counted, claimed), (steps, steps), "member {member}");
    }
    drop(store);
    let audit = haigou(
        house.folder.path(),
        &[("HAIGOU_DB", &house.db)],
        &["audit", "--json"],
    );
    assert_eq!(audit.code, 0, "{}{}", audit.out, audit.err);
    pauses.sort_by_key(|(pause, _)| *pause);
    println!(
        "commands went on after {:?}",
        pauses
            .iter()
            .map(|(pause, _)| pause.as_millis())
            .collect::<Vec<_>>()
    );
    let late = pauses
        .iter()
        .filter(|(pause, _)| *pause > TAKEN_OVER)
        .collect::<Vec<_>>();
    assert!(late.is_empty(), "later than {TAKEN_OVER:?}: {late:?}");
}

#[test]
fn commands_go_on_exactly_once_with_seed_1() {
    commands_go_on_exactly_once(1);
}

#[test]
fn commands_go_on_exactly_once_with_seed_2() {
    commands_go_on_exactly_once(2);
}

#[test]
fn commands_go_on_exactly_once_with_seed_3() {
    commands_go_on_exactly_once(3);
}

#[test]
fn commands_go_on_exactly_once_with_seed_4() {
    commands_go_on_exactly_once(4);
}
