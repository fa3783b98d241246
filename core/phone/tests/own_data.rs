//! One's own data: all of it given out, all of it wiped.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "small figures"
)]

mod common;

use std::io::{Cursor, Read as _, Write};
use std::sync::{Arc, Mutex};

use common::server::pocket_and_server;
use common::walker::Walker;
use common::{MINUTE, MORNING, Pocket, sign_in};
use haigou_contract::ActivityKind;
use haigou_phone::screens::Account;
use haigou_phone::{BodyProfile, ExportProgress, KeyStore as _, Phone, PhoneError};
use haigou_route::Fix;
use serde_json::Value;

/// A walk of five minutes with positions.
fn walk(phone: &Phone, pocket: &Pocket) -> uuid::Uuid {
    let mut walker = Walker::new(1);
    phone.start_activity(ActivityKind::Walk).unwrap();
    for second in 0..300 {
        pocket.clock.advance(1_000);
        phone.feed_samples(&walker.walk(1_000)).unwrap();
        let fix = Fix {
            t_ms: MORNING + second * 1_000,
            lat: 31.2 + second as f64 * 1.4 / 111_320.0,
            lon: 121.5,
            ..Fix::default()
        };
        phone.feed_fix(fix).unwrap();
    }
    phone.finish().unwrap().line.summary.id
}

/// What an export was written to.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn unzip(bytes: Vec<u8>) -> std::collections::BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let count = archive.len();
    let read = |i| {
        let mut file = archive.by_index(i).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        (file.name().unwrap().into_owned(), text)
    };
    (0..count).map(read).collect()
}

#[tokio::test]
async fn an_export_holds_what_was_recorded_and_what_the_server_keeps() {
    let (pocket, _server) = pocket_and_server().await;
    let phone = pocket.open();
    phone
        .set_body(BodyProfile {
            height_cm: Some(171),
            ..BodyProfile::default()
        })
        .unwrap();
    phone.set_daily_goal(9_000).unwrap();
    sign_in(&phone).await;
    let id = walk(&phone, &pocket);
    phone.name_record(id, "晨走", "").unwrap();
    pocket.clock.advance(2 * MINUTE);
    phone.sync_now().await.unwrap();

    let (into, seen) = (Shared::default(), Arc::new(Mutex::new(Vec::new())));
    let told = Arc::clone(&seen);
    let report = phone
        .export_data(into.clone(), move |progress: ExportProgress| {
            told.lock().unwrap().push(progress)
        })
        .await
        .unwrap();
    assert_eq!((report.records, report.server_missing), (1, None));
    let seen = seen.lock().unwrap().clone();
    assert!(seen.windows(2).all(|two| two[0].done < two[1].done));
    assert_eq!(
        seen.last().map(|last| (last.done, last.of)),
        Some((seen.len() as u64, seen.len() as u64))
    );

    let files = unzip(into.0.lock().unwrap().clone());
    assert_eq!(files.len() as u64, report.files);
    let json = |name: &str| -> Value { serde_json::from_str(&files[name]).unwrap() };
    assert_eq!(json("about.json")["member"], "m_one");
    for name in json("about.json")["files"].as_object().unwrap().keys() {
        assert!(files.keys().any(|file| file.starts_with(name)), "{name}");
    }
    assert_eq!(json("body.json")["height_cm"], 171);
    assert_eq!(json("settings.json")["daily_goals"][0][1], 9_000);
    assert_eq!(json("records.json")[0]["title"], "晨走");
    let steps = json("records.json")[0]["summary"]["steps"].as_u64().unwrap();
    let minutes = json("minutes.json");
    let minutes = minutes.as_array().unwrap();
    assert_eq!(
        minutes
            .iter()
            .map(|row| row["steps"].as_u64().unwrap())
            .sum::<u64>(),
        steps
    );
    assert_eq!(minutes.len() as u64, report.minutes);
    assert_eq!(json("uploads.json")[0]["state"], "answered");
    assert_eq!(json("server.json")["phone"], "+8613800138000");
    assert!(json("server_said.json")["today"]["value"].is_object());
    let route = &files[&format!("routes/{id}.gpx")];
    assert_eq!(
        haigou_route::gpx::read(route.as_bytes()).unwrap().segments[0].len(),
        300
    );
    // No secret goes out.
    let all: String = files.values().cloned().collect();
    assert!(!all.contains("access-") && !all.contains("refresh-"));
}

#[tokio::test]
async fn an_export_needs_no_network_and_is_whole_or_not_there() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    walk(&phone, &pocket);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("haigou.zip");
    let report = phone.export_to_file(&path, |_| {}).await.unwrap();
    assert_eq!(report.server_missing, Some(PhoneError::NotSignedIn));
    let files = unzip(std::fs::read(&path).unwrap());
    assert!(files["about.json"].contains("\"not_signed_in\"") && !files.contains_key("server.json"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);

    let nowhere = folder.path().join("no/such/folder.zip");
    let error = phone.export_to_file(&nowhere, |_| {}).await.unwrap_err();
    assert_eq!(error.code(), "export_failed");
    // Given up after the first part: nothing is left of it.
    let given_up = pocket.dir.path().join("given-up.zip");
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    {
        let export = phone.export_to_file(&given_up, move |_| {
            tell.send(()).unwrap();
            let _ = wait.recv();
        });
        tokio::select! {
            _ = export => panic!("it waits at its first part"),
            part = told.recv() => part.unwrap(),
        }
    }
    assert!(given_up.with_extension("zip.part").exists());
    drop(go);
    assert!(told.recv().await.is_none(), "no second part, and the end of it");
    let gone = || !given_up.with_extension("zip.part").exists();
    for _ in 0..500 {
        if gone() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(gone() && !given_up.exists());
    let error = phone.export_data(FullDisk, |_| {}).await.unwrap_err();
    assert_eq!(error.code(), "export_failed");
}

/// Takes some bytes and no more.
struct FullDisk;

impl Write for FullDisk {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What is in the phone's folder, its journal files aside.
fn left(pocket: &Pocket) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(pocket.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm"))
        .collect();
    names.sort();
    names
}

/// Nothing of anybody is known.
fn is_as_new(phone: &Arc<Phone>, pocket: &Pocket) {
    assert_eq!(phone.status().borrow().account, Account::SignedOut);
    assert!(phone.records().borrow().records.is_empty());
    assert_eq!(phone.today().borrow().walk, 0);
    assert_eq!(phone.history().borrow().year.total.steps(), 0);
    assert_eq!(
        (phone.body(), phone.daily_goal()),
        (Ok(BodyProfile::default()), Ok(8_000))
    );
    assert_eq!(phone.wallet().borrow().wallet, None);
    assert!(phone.bands().borrow().bands.is_empty());
    for secret in ["session", "device_key", "band_keys"] {
        assert_eq!(pocket.keys.load(secret), Ok(None), "{secret}");
    }
}

/// A phone on which everything is that can be.
async fn lived(pocket: &Pocket) -> Arc<Phone> {
    let phone = pocket.open();
    sign_in(&phone).await;
    phone.refresh_wallet().await.unwrap();
    phone
        .set_body(BodyProfile {
            height_cm: Some(171),
            ..BodyProfile::default()
        })
        .unwrap();
    phone.set_daily_goal(9_000).unwrap();
    let band = haigou_wearable::BandId("C8:0F:10:00:00:01".to_owned());
    phone.add_band(band, "huami", "Band").unwrap();
    pocket.keys.save("band_keys", b"{}").unwrap();
    walk(&phone, pocket);
    std::fs::write(pocket.dir.path().join("damaged-20260101-000000.sqlite"), "x").unwrap();
    std::fs::write(pocket.dir.path().join("somebody-else's.txt"), "x").unwrap();
    phone
}

#[tokio::test]
async fn a_wipe_leaves_nothing_and_the_app_goes_on_as_new() {
    let (mut pocket, _server) = pocket_and_server().await;
    let phone = lived(&pocket).await;
    let (mut today, mut live) = (phone.today(), phone.live());
    assert!(today.borrow_and_update().walk > 0 && live.borrow_and_update().activity.is_none());
    // Also with something under way.
    phone.start_activity(ActivityKind::Run).unwrap();
    phone.wipe().await.unwrap();
    is_as_new(&phone, &pocket);
    assert_eq!(
        left(&pocket),
        ["phone.sqlite", "recording.log", "somebody-else's.txt"]
    );
    assert_eq!(
        std::fs::metadata(pocket.dir.path().join("recording.log"))
            .unwrap()
            .len(),
        0
    );
    assert_eq!(
        (
            today.borrow_and_update().walk,
            live.borrow_and_update().activity.clone()
        ),
        (0, None)
    );
    // It can be lived with again.
    sign_in(&phone).await;
    pocket.clock.advance(MINUTE);
    let steps = walk(&phone, &pocket);
    assert!(phone.record(steps).is_ok());
    phone.sign_out().await.unwrap();
    // Signed out and without a network too.
    drop(phone);
    pocket.transport = Some(Arc::new(common::NoNetwork));
    let phone = pocket.open();
    phone.wipe().await.unwrap();
    is_as_new(&phone, &pocket);
}

#[tokio::test]
async fn a_wipe_that_was_killed_anywhere_is_done_at_the_next_opening() {
    let (pocket, _server) = pocket_and_server().await;
    drop(lived(&pocket).await);
    // The mark is there, and some of the files are gone.
    std::fs::write(pocket.dir.path().join("wiping"), "").unwrap();
    std::fs::remove_file(pocket.dir.path().join("damaged-20260101-000000.sqlite")).unwrap();
    let phone = pocket.open();
    is_as_new(&phone, &pocket);
    assert_eq!(
        left(&pocket),
        ["phone.sqlite", "recording.log", "somebody-else's.txt"]
    );
    assert_eq!(
        std::fs::metadata(pocket.dir.path().join("recording.log"))
            .unwrap()
            .len(),
        0
    );
    // Nothing but the mark is left.
    drop(phone);
    for name in ["phone.sqlite", "phone.sqlite-wal", "phone.sqlite-shm"] {
        let _ = std::fs::remove_file(pocket.dir.path().join(name));
    }
    std::fs::write(pocket.dir.path().join("wiping"), "").unwrap();
    is_as_new(&pocket.open(), &pocket);
}

#[tokio::test]
async fn a_store_that_can_t_be_opened_can_be_wiped() {
    let (pocket, _server) = pocket_and_server().await;
    drop(lived(&pocket).await);
    common::database(&pocket.file())
        .pragma_update(None, "user_version", 1_000)
        .unwrap();
    assert_eq!(Phone::open(pocket.options()).err().unwrap().code(), "store_newer");
    Phone::wipe_unopened(&pocket.options()).unwrap();
    is_as_new(&pocket.open(), &pocket);
    let nowhere = haigou_phone::PhoneOptions {
        dir: pocket.dir.path().join("nowhere"),
        ..pocket.options()
    };
    assert_eq!(Phone::wipe_unopened(&nowhere), Ok(()));
}

#[tokio::test]
async fn an_answer_that_comes_after_a_wipe_is_nobody_s() {
    let (mut pocket, server) = pocket_and_server().await;
    let gate = Arc::new(Gate {
        inner: haigou_phone::HttpTransport::new(std::time::Duration::from_secs(10)).unwrap(),
        arrived: tokio::sync::Notify::new(),
        open: tokio::sync::Notify::new(),
    });
    pocket.transport = Some(gate.clone());
    let phone = pocket.open();
    sign_in(&phone).await;
    // The token is past its time: the question leads to a refresh, and that is held up.
    server.expire_tokens();
    let asking = Arc::clone(&phone);
    let question = tokio::spawn(async move { asking.refresh_wallet().await });
    gate.arrived.notified().await;
    phone.wipe().await.unwrap();
    gate.open.notify_one();
    assert_eq!(question.await.unwrap(), Err(PhoneError::NotSignedIn));
    is_as_new(&phone, &pocket);
}

/// Holds up refreshes of the session until it is opened.
struct Gate {
    inner: haigou_phone::HttpTransport,
    arrived: tokio::sync::Notify,
    open: tokio::sync::Notify,
}

#[async_trait::async_trait]
impl haigou_phone::Transport for Gate {
    async fn send(
        &self,
        request: haigou_phone::HttpRequest,
    ) -> Result<haigou_phone::HttpResponse, haigou_phone::NoAnswer> {
        let held = request.url.ends_with("/auth/refresh");
        let answer = self.inner.send(request).await;
        if held {
            self.arrived.notify_one();
            self.open.notified().await;
        }
        answer
    }
}
