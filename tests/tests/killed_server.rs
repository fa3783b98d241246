//! `haigou serve` is killed with SIGKILL under a load of signed uploads: what was acknowledged is there afterwards, and
//! nothing is there twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use haigou_contract::{Day, Minute};
use haigou_store::Store;
use haigou_tests::{Hand, ServeProcess, books, fast_folder, haigou, number_of};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use tokio::sync::watch;

const MEMBERS: u32 = 6;
const KILLS: u32 = 8;
/// Uploads of each member; each is one minute.
const UPLOADS: u64 = 700;

/// An upload of one minute of yesterday or the days before. Too few steps for a walk, so nobody asks for a rest.
fn upload(number: u64) -> (u64, Value) {
    let now_ms = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let midnight = Minute::at(Day::at(i64::try_from(now_ms).unwrap()).start_ms());
    let steps = 1 + number % 39;
    let minute = midnight.0 - 1 - i64::try_from(number).unwrap();
    (
        steps,
        json!({"minutes": [{"minute": minute, "kind": "passive", "source": "counter", "steps": steps}], "activities": []}),
    )
}

/// Uploads everything, in order, each until it is acknowledged; counts in `acknowledged`.
async fn upload_all(hand: Hand, url: watch::Receiver<String>, acknowledged: Arc<AtomicU64>) -> u64 {
    let mut steps = 0;
    for number in 0..UPLOADS {
        let (of_it, body) = upload(number);
        let key = format!("minute-{number}");
        loop {
            let address = url.borrow().clone();
            match hand.try_upload(&address, &key, &body).await {
                Ok(answer) if answer.status == 200 => {
                    assert_eq!(answer.body["counted_steps"], json!(of_it), "{}", answer.body);
                    break;
                }
                Ok(answer) => assert_eq!(answer.status, 503, "{}", answer.body),
                // Whether it arrived, nobody knows: the same once more.
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
        steps += of_it;
        acknowledged.fetch_add(1, Ordering::SeqCst);
    }
    steps
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_sigkill() {
    let folder = fast_folder();
    let path = folder.path().to_path_buf();
    let db = format!("sqlite:{}", path.join("haigou.db").display());
    let serve = {
        let db = db.clone();
        move || {
            // Signing in happens once, from one address.
            let limits = [("HAIGOU_RULEBOOK", "sport")];
            ServeProcess::start(&path, &db, &limits)
        }
    };
    let mut server = tokio::task::block_in_place(&serve);
    let (tell, url) = watch::channel(server.url.clone());
    let acknowledged = Arc::new(AtomicU64::new(0));
    let mut uploading = Vec::new();
    for member in 0..MEMBERS {
        let mut hand = Hand::new(u8::try_from(member).unwrap());
        let session = hand
            .sign_in(&server.url, &number_of(member), async || server.code())
            .await;
        assert!(session.registered);
        uploading.push(tokio::spawn(upload_all(
            hand,
            url.clone(),
            Arc::clone(&acknowledged),
        )));
    }
    let mut dice = ChaCha8Rng::seed_from_u64(3);
    let (mut kills, whole) = (0, u64::from(MEMBERS) * UPLOADS);
    for kill in 1..=KILLS {
        // At some moment of each ninth of the work.
        let from = whole * u64::from(kill) / u64::from(KILLS + 1);
        let at = from + dice.random_range(0..100);
        while acknowledged.load(Ordering::SeqCst) < at.min(whole) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        kills += u32::from(acknowledged.load(Ordering::SeqCst) < whole);
        server.kill();
        server = tokio::task::block_in_place(&serve);
        tell.send(server.url.clone()).unwrap();
    }
    assert_eq!(kills, KILLS, "every kill came while uploads were under way");
    let mut steps = Vec::new();
    for one in uploading {
        steps.push(one.await.unwrap());
    }
    // The last death comes without a goodbye, too.
    server.kill();

    let store = Store::open_read_only(&db).unwrap();
    for (member, steps) in (0..).zip(steps) {
        let books = books(&store, &number_of(member));
        let counted: u64 = books.days.values().map(|day| day.passive).sum();
        let claimed: u64 = books.days.values().map(|day| day.claimed).sum();
        assert_eq!((counted, claimed), (steps, steps), "member {member}");
    }
    drop(store);
    let audit = haigou(folder.path(), &[("HAIGOU_DB", &db)], &["audit", "--json"]);
    assert_eq!(audit.code, 0, "{}", audit.out);
    let report: Value = serde_json::from_str(&audit.out).unwrap();
    assert_eq!(report["ok"], json!(true));
}
