//! What nobody should send, and what shouldn't happen, end to end: a clear error with a code, and nothing lost.

use std::time::SystemTime;

use haigou_contract::{IDEMPOTENCY_KEY_HEADER, Minute, SIGNATURE_HEADER};
use haigou_store::Store;
use haigou_tests::{
    HOUR, Hand, MIDNIGHT, MINUTE, ServeProcess, Server, books, fast_folder, haigou, number_of,
};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

const UPLOADS: &str = "/api/v1/sport/uploads";

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A minute at noon and some, with so many steps.
fn minute(after_noon: i64, steps: i64) -> Value {
    let minute = Minute::at(MIDNIGHT + 12 * HOUR).0 + after_noon;
    json!({"minute": minute, "kind": "passive", "source": "counter", "steps": steps})
}

fn minutes(minutes: &[Value]) -> Value {
    json!({"minutes": minutes, "activities": []})
}

/// A server in the evening, and a hand that is signed in.
async fn evening(server: &Server) -> Hand {
    let mut hand = Hand::new(1);
    hand.sign_in(&server.url(), &number_of(1), async || {
        server.code_for(&number_of(1)).unwrap()
    })
    .await;
    hand
}

#[test]
fn uploads_that_no_phone_sends_are_refused_by_field_and_change_nothing() {
    let server = Server::start_at(MIDNIGHT + 20 * HOUR);
    let url = server.url();
    runtime().block_on(async {
        let hand = evening(&server).await;
        let mut odd = minute(0, 100);
        odd["colour"] = json!("red");
        let mut walk = minute(0, 100);
        walk["kind"] = json!("walk");
        let many: Vec<Value> = (0..1_441).map(|number| minute(number - 1_441, 1)).collect();
        for (body, field) in [
            (minutes(&[minute(0, 1_000_000_000)]), "minutes[0].steps"),
            (minutes(&[minute(0, -1)]), "minutes[0].steps"),
            (minutes(&[minute(0, i64::MAX)]), "minutes[0].steps"),
            (minutes(&[minute(1, 100), minute(1, 100)]), "minutes[1].minute"),
            (minutes(&[minute(2, 100), minute(1, 100)]), "minutes[1].minute"),
            (
                minutes(&[json!({"minute": -5, "kind": "passive", "source": "counter", "steps": 1})]),
                "minutes[0].minute",
            ),
            (minutes(&[walk]), "minutes[0].activity"),
            (minutes(&[odd]), "minutes[0].colour"),
            (minutes(&many), "minutes"),
        ] {
            let answer = hand.upload(&url, "bad", &body).await;
            let problem = answer.problem();
            assert_eq!(
                (problem.code.name(), problem.field.as_deref()),
                ("invalid", Some(field)),
                "{}",
                answer.body
            );
            assert!(
                problem.detail.is_some() && !problem.title.is_empty(),
                "{}",
                answer.body
            );
        }
        // What was refused keeps no key, and the good one counts.
        assert_eq!(
            hand.upload(&url, "bad", &minutes(&[minute(0, 100)])).await.body["counted_steps"],
            json!(100)
        );
    });
    let books = books(&server.store(), &number_of(1));
    assert_eq!(books.days.values().map(|day| day.claimed).sum::<u64>(), 100);
    assert!(books.audit.ok);
}

#[test]
fn what_cannot_be_believed_is_taken_and_not_counted() {
    let server = Server::start_at(MIDNIGHT + 20 * HOUR);
    let url = server.url();
    runtime().block_on(async {
        let hand = evening(&server).await;
        let of_day = |days: i64, of_day: i64| days * 1_440 + of_day - 720;
        let body = minutes(&[
            minute(of_day(-40, 600), 100),
            minute(0, 100),
            minute(1, 221),
            minute(of_day(1, 10), 100),
        ]);
        let first = hand.upload(&url, "k1", &body).await;
        let why = |answer: &Value| -> Vec<(String, u64)> {
            let parts = answer["not_counted"].as_array().unwrap().iter();
            parts
                .map(|part| {
                    (
                        part["reason"].as_str().unwrap().to_owned(),
                        part["steps"].as_u64().unwrap(),
                    )
                })
                .collect()
        };
        assert_eq!(
            (first.status, &first.body["counted_steps"]),
            (200, &json!(100)),
            "{}",
            first.body
        );
        let expected = [("too_old", 100), ("cadence_too_high", 221), ("future", 100)];
        assert_eq!(
            why(&first.body),
            expected.map(|(reason, steps)| (reason.to_owned(), steps))
        );
        // A replay under another key is an overlap; a taken minute is never overwritten.
        let replay = hand
            .upload(&url, "k2", &minutes(&[minute(0, 199), minute(2, 50)]))
            .await;
        assert_eq!(
            (&replay.body["counted_steps"], why(&replay.body)),
            (&json!(50), vec![("overlap".to_owned(), 199)])
        );
        assert_eq!(replay.body["days"][0]["passive"], json!(150));
    });
}

#[test]
fn an_activity_across_midnight_is_two_days_and_one_activity() {
    let server = Server::start_at(MIDNIGHT + 25 * HOUR);
    runtime().block_on(async {
        let hand = evening(&server).await;
        let id = "01890000-0000-7000-8000-000000000001";
        let midnight = MIDNIGHT + 24 * HOUR;
        let rows: Vec<Value> = (-10..10)
            .map(|number| {
                let minute = Minute::at(midnight).0 + number;
                json!({"minute": minute, "kind": "walk", "source": "motion", "steps": 110, "interval_cv": 40, "peak_cv": 90, "activity": id})
            })
            .collect();
        let summary = json!({
            "id": id, "kind": "walk", "started_ms": midnight - 10 * MINUTE, "ended_ms": midnight + 10 * MINUTE,
            "active_ms": 20 * MINUTE, "monotonic_ms": 20 * MINUTE, "steps": 2_200, "distance_m": 1_600.0, "ascent_m": 0.0,
            "kcal_gross": 100.0, "kcal_net": 80.0, "positions": 1_100, "mock_positions": 0
        });
        let answer = hand.upload(&server.url(), "k", &json!({"minutes": rows, "activities": [summary]})).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let walked: Vec<&Value> = answer.body["days"].as_array().unwrap().iter().map(|day| &day["walk"]).collect();
        assert_eq!(walked, [&json!(1_100), &json!(1_100)]);
        let judged = &answer.body["activities"][0];
        assert_eq!((&judged["trust"], &judged["counted_steps"], &judged["doubts"]), (&json!(100), &json!(2_200), &json!([])));
    });
}

#[test]
fn nobody_uploads_for_somebody_else() {
    let server = Server::start_at(MIDNIGHT + 20 * HOUR);
    let url = server.url();
    runtime().block_on(async {
        let hand = evening(&server).await;
        let body = minutes(&[minute(0, 100)]);
        // The token was stolen, the key was not.
        let mut thief = Hand::new(2);
        thief.token.clone_from(&hand.token);
        assert_eq!(thief.upload(&url, "k", &body).await.code(), "signature_invalid");
        let bytes = body.to_string().into_bytes();
        let unsigned = hand
            .send(
                "POST",
                &url,
                UPLOADS,
                &[(IDEMPOTENCY_KEY_HEADER, "k")],
                bytes.clone(),
            )
            .await
            .unwrap();
        assert_eq!(unsigned.code(), "signature_invalid");
        let nonsense = [(IDEMPOTENCY_KEY_HEADER, "k"), (SIGNATURE_HEADER, "AAAA")];
        assert_eq!(
            hand.send("POST", &url, UPLOADS, &nonsense, bytes)
                .await
                .unwrap()
                .code(),
            "signature_invalid"
        );
        for token in ["", "made-up"] {
            let mut stranger = hand.clone();
            token.clone_into(&mut stranger.token);
            assert_eq!(stranger.upload(&url, "k", &body).await.code(), "unauthenticated");
        }
        // None of that used up the key.
        assert_eq!(hand.upload(&url, "k", &body).await.status, 200);
        assert_eq!(
            hand.upload(&url, "k", &minutes(&[minute(0, 101)])).await.code(),
            "idempotency_mismatch"
        );
        server.set_clock(MIDNIGHT + 23 * HOUR);
        assert_eq!(hand.upload(&url, "k2", &body).await.code(), "session_expired");
    });
    let books = books(&server.store(), &number_of(1));
    assert_eq!(books.days.values().map(|day| day.claimed).sum::<u64>(), 100);
}

/// With room for one change in the queue, callers are told to come again, and whoever does is served once.
#[test]
fn a_full_queue_loses_nothing() {
    let server = Server::start_with(MIDNIGHT + 20 * HOUR, |settings| {
        (settings.queue, settings.batch) = (1, 1)
    });
    let url = server.url();
    let turned_away = runtime().block_on(async {
        let hand = evening(&server).await;
        let mut all = tokio::task::JoinSet::new();
        for number in 0..150 {
            let (hand, url) = (hand.clone(), url.clone());
            all.spawn(async move {
                let mut turned_away = 0;
                loop {
                    let answer = hand
                        .upload(&url, &format!("k{number}"), &minutes(&[minute(number, 7)]))
                        .await;
                    if answer.status == 200 {
                        return turned_away;
                    }
                    let problem = answer.problem();
                    assert_eq!(
                        (problem.code.name(), problem.retry_after_s.is_some()),
                        ("busy", true)
                    );
                    turned_away += 1;
                    tokio::time::sleep(std::time::Duration::from_millis(3)).await;
                }
            });
        }
        all.join_all().await.into_iter().sum::<u32>()
    });
    assert!(turned_away > 0, "the queue was never full");
    let books = books(&server.store(), &number_of(1));
    assert_eq!(books.days.values().map(|day| day.passive).sum::<u64>(), 150 * 7);
    assert!(books.audit.ok);
}

/// The disk is full in the middle of uploads: refused ones changed nothing, acknowledged ones are there, and with room
/// again the same requests go through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing() {
    let folder = fast_folder();
    let db = format!("sqlite:{}", folder.path().join("haigou.db").display());
    let small =
        tokio::task::block_in_place(|| ServeProcess::start_on_a_small_disk(folder.path(), &db, 3_000));
    let mut hand = Hand::new(1);
    hand.sign_in(&small.url, &number_of(1), async || small.code())
        .await;
    let now_ms = i64::try_from(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis()).unwrap();
    let upload = |number: i64| {
        let minute = Minute::at(now_ms).0 - 10 - number;
        minutes(&[json!({"minute": minute, "kind": "passive", "source": "counter", "steps": 9})])
    };
    let mut acknowledged = 0;
    let refused = loop {
        let answer = hand
            .upload(&small.url, &format!("k{acknowledged}"), &upload(acknowledged))
            .await;
        if answer.status != 200 {
            break answer;
        }
        acknowledged += 1;
        assert!(acknowledged < 20_000, "the disk is never full");
    };
    assert_eq!(refused.code(), "storage_unavailable", "{}", refused.body);
    assert_eq!(
        hand.get(&small.url, "/api/v1/me").await.status,
        200,
        "reading goes on"
    );
    small.kill();

    let roomy = tokio::task::block_in_place(|| ServeProcess::start(folder.path(), &db, &[]));
    let again = hand
        .upload(&roomy.url, &format!("k{acknowledged}"), &upload(acknowledged))
        .await;
    assert_eq!(
        (again.status, &again.body["counted_steps"]),
        (200, &json!(9)),
        "{}",
        again.body
    );
    roomy.kill();
    let books = books(&Store::open_read_only(&db).unwrap(), &number_of(1));
    let counted = books.days.values().map(|day| day.passive).sum::<u64>();
    assert_eq!(counted, 9 * u64::try_from(acknowledged + 1).unwrap());
    assert_eq!(haigou(folder.path(), &[("HAIGOU_DB", &db)], &["audit"]).code, 0);
}

#[test]
fn names_of_64_kb_are_refused_by_field() {
    let server = Server::start_at(MIDNIGHT + 20 * HOUR);
    let url = server.url();
    runtime().block_on(async {
        let hand = evening(&server).await;
        let name = "嗨".repeat(22_000);
        let body = json!({"nickname": name}).to_string().into_bytes();
        let renamed = hand
            .send(
                "PATCH",
                &url,
                "/api/v1/me",
                &[(IDEMPOTENCY_KEY_HEADER, "k")],
                body,
            )
            .await
            .unwrap();
        assert_eq!(
            (renamed.code(), renamed.problem().field.as_deref()),
            ("invalid", Some("nickname"))
        );
        let key = "k".repeat(65_536);
        let body = minutes(&[]).to_string().into_bytes();
        let keyed = hand
            .send("POST", &url, UPLOADS, &[(IDEMPOTENCY_KEY_HEADER, &key)], body)
            .await;
        assert!(keyed.is_err() || keyed.is_ok_and(|answer| (400..500).contains(&answer.status)));
        let appeal = json!({"day": "2026-03-02", "text": "x".repeat(65_536)})
            .to_string()
            .into_bytes();
        let appealed = hand
            .send(
                "POST",
                &url,
                "/api/v1/sport/appeals",
                &[(IDEMPOTENCY_KEY_HEADER, "a")],
                appeal,
            )
            .await;
        assert_eq!(appealed.unwrap().problem().field.as_deref(), Some("text"));
    });
}
