//! A small life that leaves something in every table, and what the screens show of it: for the stores that stand for the
//! released schemas.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use haigou_contract::{ActivityKind, Day, Minute};
use haigou_phone::screens::Period;
use haigou_phone::{
    BodyProfile, Clock as _, CounterReading, HistorySource, HttpRequest, HttpResponse, HttpTransport,
    NoAnswer, Phone, StepBucket, Transport,
};
use haigou_route::{Fix, Sex};
use haigou_wearable::{BandId, BandMinute, Host as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::own::GRANT;
use super::server::pocket_and_server;
use super::walker::Walker;
use super::{DAY, HOUR, MINUTE, MORNING, Pocket, sign_in};

/// What the screens show of a life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// Milliseconds since [`MORNING`], by the phone's clocks.
    pub lived_ms: i64,
    pub walk: u64,
    pub run: u64,
    pub passive: u64,
    pub unsynced_minutes: u64,
    pub waiting_uploads: u64,
    pub height_cm: Option<u16>,
    pub wallet_balances: usize,
    pub under_way: Past,
    /// Newest first.
    pub records: Vec<Past>,
    /// None in stores from before schema 5.
    pub beside: Option<Beside>,
}

/// What the screens show beside activities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    pub daily_goal: u32,
    pub bands: Vec<String>,
    /// With what the band and the system's own store said.
    pub steps_of_yesterday: u64,
    pub messages: Vec<String>,
    pub unread: u64,
    pub statement: Vec<String>,
    pub titles: Vec<Option<String>>,
}

/// What the screens show of an activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Past {
    pub id: Uuid,
    pub steps: u32,
    pub active_ms: i64,
    pub distance_m: f64,
    pub kcal_gross: f64,
    pub judged: bool,
    pub minutes: usize,
    /// Positions in its GPX file.
    pub positions: usize,
}

impl Shown {
    pub fn of(phone: &Phone, pocket: &Pocket) -> Self {
        Self {
            beside: Some(Beside::of(phone)),
            ..Self::of_activities(phone, pocket)
        }
    }

    fn of_activities(phone: &Phone, pocket: &Pocket) -> Self {
        phone.tick();
        let today = phone.today().borrow().clone();
        let status = phone.status().borrow().clone();
        let live = phone.live().borrow().activity.clone().unwrap();
        let records = phone.records().borrow().records.clone();
        let past = |id: Uuid| {
            let record = phone.record(id).unwrap();
            let gpx = haigou_route::gpx::read(phone.gpx(id).unwrap().as_bytes()).unwrap();
            let summary = record.line.summary;
            Past {
                id,
                steps: summary.steps,
                active_ms: summary.active_ms,
                distance_m: summary.distance_m,
                kcal_gross: summary.kcal_gross,
                judged: record.line.judgement.is_some(),
                minutes: record.minutes.len(),
                positions: gpx.segments.iter().map(Vec::len).sum(),
            }
        };
        Self {
            lived_ms: pocket.clock.wall_ms() - MORNING,
            walk: today.walk,
            run: today.run,
            passive: today.passive,
            unsynced_minutes: status.unsynced_minutes,
            waiting_uploads: status.waiting_uploads,
            height_cm: phone.body().unwrap().height_cm,
            wallet_balances: phone
                .wallet()
                .borrow()
                .wallet
                .as_ref()
                .map_or(0, |wallet| wallet.balances.len()),
            under_way: past(live.id),
            records: records.iter().map(|record| past(record.summary.id)).collect(),
            beside: None,
        }
    }
}

impl Beside {
    fn of(phone: &Phone) -> Self {
        let messages = phone.messages().borrow().clone();
        let named = |name: &str| name.to_owned();
        Self {
            daily_goal: phone.daily_goal().unwrap(),
            bands: phone
                .bands()
                .borrow()
                .bands
                .iter()
                .map(|band| named(&band.name))
                .collect(),
            steps_of_yesterday: phone
                .statistics(Period::Day, Day::at(MORNING).previous())
                .unwrap()
                .total
                .steps(),
            messages: messages
                .messages
                .iter()
                .map(|message| named(&message.title))
                .collect(),
            unread: messages.unread,
            statement: phone
                .statement_screen()
                .borrow()
                .lines
                .iter()
                .map(|line| named(&line.line))
                .collect(),
            titles: phone
                .records()
                .borrow()
                .records
                .iter()
                .map(|record| record.title.clone())
                .collect(),
        }
    }
}

/// Lives that life, killed in mid-walk, and leaves its store there, and its log beside it.
pub async fn live(file: &Path) -> Shown {
    let (mut pocket, server) = pocket_and_server().await;
    let network = Arc::new(Network::default());
    pocket.transport = Some(network.clone());
    let phone = pocket.open();
    sign_in(&phone).await;
    let body = BodyProfile {
        height_cm: Some(181),
        weight_kg: Some(77.5),
        birth_year: Some(1984),
        sex: Some(Sex::Female),
        ..BodyProfile::default()
    };
    phone.set_body(body).unwrap();
    phone.set_daily_goal(6_000).unwrap();
    let mut walker = Walker::new(5);
    read_counter(&phone, &pocket, 5_000);
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 150);
    phone.finish().unwrap();
    pass(&pocket, &mut walker, 3 * MINUTE);
    read_counter(&phone, &pocket, 5_400);
    let report = phone.sync_now().await.unwrap();
    assert_eq!((report.left, report.stopped), (0, None));
    phone.refresh_wallet().await.unwrap();
    let record = phone.records().borrow().records[0].summary.id;
    phone.name_record(record, "Along the river", "").unwrap();
    hear_of_yesterday(&phone);
    {
        let own = &mut server.book().own;
        own.book(MORNING, "registration", &[GRANT]);
        own.drop(Day::at(MORNING).previous(), "4.98000000");
    }
    phone.refresh_messages().await.unwrap();
    phone.read_all_messages().unwrap();
    phone.refresh_statement().await.unwrap();

    // Somebody else's evening with this phone, which isn't kept.
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 70);
    let unwanted = phone.finish().unwrap().line.summary.id;
    pass(&pocket, &mut walker, 3 * MINUTE);
    phone.sync_now().await.unwrap();
    phone.delete_record(unwanted).unwrap();

    phone.start_activity(ActivityKind::Run).unwrap();
    walk(&phone, &pocket, &mut walker, 70);
    phone.pause().unwrap();
    walk(&phone, &pocket, &mut walker, 30);
    phone.resume().unwrap();
    walk(&phone, &pocket, &mut walker, 40);
    phone.finish().unwrap();
    pass(&pocket, &mut walker, 2 * MINUTE);
    network.gone.store(true, Ordering::Relaxed);
    assert!(phone.sync_now().await.unwrap().left > 0);

    // Before the last walk: statistics store what waits, and its log would be empty.
    let beside = Beside::of(&phone);
    phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 100);
    let shown = Shown {
        beside: Some(beside),
        ..Shown::of_activities(&phone, &pocket)
    };
    drop(phone);
    std::fs::copy(
        pocket.dir.path().join("recording.log"),
        file.with_extension("log"),
    )
    .unwrap();
    super::database(&pocket.file())
        .execute("VACUUM INTO ?1", [file.to_str().unwrap()])
        .unwrap();
    shown
}

/// A band remembers an hour of yesterday, and the system's own store another one.
fn hear_of_yesterday(phone: &Arc<Phone>) {
    let band = BandId("one".to_owned());
    phone.add_band(band.clone(), "huami", "Band 7").unwrap();
    let minutes: Vec<BandMinute> = (0..60)
        .map(|minute| BandMinute {
            minute: Minute(Minute::at(MORNING - DAY).0 + minute),
            steps: 20,
            heart_rate: Some(80),
        })
        .collect();
    phone.band_host().keep(&band, &minutes).unwrap();
    let bucket = StepBucket {
        from_ms: MORNING - DAY + 2 * HOUR,
        to_ms: MORNING - DAY + 3 * HOUR,
        steps: 500,
    };
    phone.import_history(HistorySource::HealthKit, &[bucket]).unwrap();
}

/// Nobody listens for a while.
fn pass(pocket: &Pocket, walker: &mut Walker, ms: i64) {
    pocket.clock.advance(ms);
    walker.t_us += ms * 1_000;
}

/// Walks to the north, with a position every eight seconds.
pub fn walk(phone: &Phone, pocket: &Pocket, walker: &mut Walker, seconds: i64) {
    for second in 0..seconds {
        pocket.clock.advance(1_000);
        phone.feed_samples(&walker.walk(1_000)).unwrap();
        if second % 8 != 0 {
            continue;
        }
        let t_ms = pocket.clock.wall_ms();
        let fix = Fix {
            t_ms,
            lat: 31.2 + (t_ms - MORNING) as f64 * 1.4e-3 / 111_320.0,
            lon: 121.5,
            altitude_m: Some(12.5),
            accuracy_m: Some(4.0),
            ..Fix::default()
        };
        phone.feed_fix(fix).unwrap();
    }
    phone.tick();
}

fn read_counter(phone: &Phone, pocket: &Pocket, raw: u64) {
    let reading = CounterReading {
        boot_id: pocket.clock.boot_id(),
        raw,
        mono_ms: pocket.clock.mono_ms(),
    };
    phone.feed_counter_reading(reading).unwrap();
}

/// A network that is there until it is gone.
struct Network {
    http: HttpTransport,
    gone: AtomicBool,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            http: HttpTransport::new(std::time::Duration::from_secs(10)).unwrap(),
            gone: AtomicBool::new(false),
        }
    }
}

#[async_trait::async_trait]
impl Transport for Network {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
        if self.gone.load(Ordering::Relaxed) {
            return Err(NoAnswer("gone".to_owned()));
        }
        self.http.send(request).await
    }
}
