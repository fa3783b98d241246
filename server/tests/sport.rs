//! Uploads over the API: what counts, what doesn't and why, and what it unfreezes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]

mod kit;

use haigou_contract::{
    ActivityRecord, Appeal, DaySteps, Doubt, Judgement, Page, StatementLine, Today, UploadAnswer, Wallet,
};
use kit::{Answer, Api, NOON, Phone};
use serde_json::{Value, json};

const UPLOADS: &str = "/api/v1/sport/uploads";
const RUN: &str = "6a1f2f0e-3f0c-4a8e-9a4e-2d7d1f9c0b11";
const WALK: &str = "0d1c9f54-52f7-4c53-8f6a-6c5a7c1b2e22";

/// The minute of the clock's begin.
const NOW: i64 = NOON / 60_000;
/// Minutes since midnight in Shanghai at the clock's begin.
const OF_DAY: i64 = (NOW + 8 * 60) % 1_440;

fn minute(number: i64, steps: u32) -> Value {
    json!({"minute": number, "kind": "passive", "source": "counter", "steps": steps})
}

fn of_activity(number: i64, steps: u32, kind: &str, activity: &str) -> Value {
    json!({"minute": number, "kind": kind, "source": "motion", "steps": steps, "distance_m": 80,
        "interval_cv": 35, "peak_cv": 90, "activity": activity})
}

fn machine(number: i64) -> Value {
    json!({"minute": number, "kind": "walk", "source": "motion", "steps": 120, "interval_cv": 4, "peak_cv": 8,
        "activity": WALK})
}

fn summary(id: &str, kind: &str, from: i64, minutes: i64, steps: u32) -> Value {
    let (start, end) = (from * 60_000, (from + minutes) * 60_000);
    json!({"id": id, "kind": kind, "started_ms": start, "ended_ms": end, "active_ms": end - start,
        "monotonic_ms": end - start, "steps": steps, "distance_m": f64::from(steps) * 0.7, "ascent_m": 3.0,
        "kcal_gross": 100.0, "kcal_net": 80.0, "positions": minutes * 50, "mock_positions": 0})
}

struct Walker {
    phone: Phone,
    sent: std::cell::Cell<u32>,
}

impl Walker {
    async fn new(api: &Api, tail: u32) -> Self {
        let mut phone = Phone::new(tail);
        api.sign_in(&mut phone).await;
        Self {
            phone,
            sent: std::cell::Cell::new(0),
        }
    }

    async fn try_upload(&self, api: &Api, minutes: &[Value], activities: &[Value]) -> Answer {
        self.sent.set(self.sent.get() + 1);
        let body = json!({"minutes": minutes, "activities": activities});
        api.send(
            self.phone
                .signed("POST", UPLOADS, &format!("u{}", self.sent.get()), &body),
        )
        .await
    }

    async fn upload(&self, api: &Api, minutes: &[Value], activities: &[Value]) -> UploadAnswer {
        let answer = self.try_upload(api, minutes, activities).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.as_type()
    }

    async fn get<T: serde::de::DeserializeOwned>(&self, api: &Api, path: &str) -> T {
        let answer = api.send(self.phone.get(path)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.as_type()
    }

    async fn challenge(&self, api: &Api) -> (String, String) {
        let today: Today = self.get(api, "/api/v1/sport/today").await;
        (
            today.challenge_frozen.to_string(),
            today.challenge_available.to_string(),
        )
    }
}

/// So many minutes of 100 steps, up to the clock's minute.
fn steps_until_now(minutes: i64) -> Vec<Value> {
    (NOW - minutes..NOW).map(|number| minute(number, 100)).collect()
}

#[tokio::test]
async fn steps_unfreeze_to_the_digit() {
    let api = Api::under("sport").await;
    let walker = Walker::new(&api, 1).await;
    assert_eq!(
        walker.challenge(&api).await,
        ("100.00".to_owned(), "0.00".to_owned())
    );

    let walk: Vec<_> = (NOW - 60..NOW)
        .map(|number| of_activity(number, 100, "walk", WALK))
        .collect();
    let answer = walker
        .upload(&api, &walk, &[summary(WALK, "walk", NOW - 60, 60, 6_000)])
        .await;
    assert_eq!((answer.counted_minutes, answer.counted_steps), (60, 6_000));
    assert_eq!(answer.not_counted, []);
    let unfrozen: Vec<_> = answer
        .unfrozen
        .iter()
        .map(|u| (u.steps, u.amount.to_string()))
        .collect();
    // 100.00 × 0.1 % = 0.10; 99.90 × 0.3 % = 0.29 (floored); the walk task 0.60.
    let expected = [(3_000, "0.10"), (6_000, "0.29"), (6_000, "0.60")];
    assert_eq!(
        unfrozen,
        expected.map(|(steps, amount)| (steps, amount.to_owned()))
    );
    assert_eq!(
        walker.challenge(&api).await,
        ("99.01".to_owned(), "0.99".to_owned())
    );
    let [
        Judgement {
            trust,
            doubts,
            counted_steps,
            ..
        },
    ] = &answer.activities[..]
    else {
        panic!("{answer:?}")
    };
    assert_eq!((*trust, &doubts[..], *counted_steps), (100, &[][..], 6_000));

    let today: Today = walker.get(&api, "/api/v1/sport/today").await;
    let goals: Vec<_> = today
        .goals
        .iter()
        .map(|g| (g.steps, g.counted, g.reached, g.amount.to_string()))
        .collect();
    let goal = |steps, counted, reached, amount: &str| (steps, counted, reached, amount.to_owned());
    assert_eq!(
        goals,
        [
            goal(3_000, 6_000, true, "0.10"),
            goal(6_000, 6_000, true, "0.29"),
            goal(10_000, 6_000, false, "0.49"),
            goal(6_000, 6_000, true, "0.60"),
            goal(3_000, 0, false, "0.80"),
        ]
    );
}

#[tokio::test]
async fn classic_counts_steps_and_unfreezes_nothing() {
    let api = Api::under("classic").await;
    let walker = Walker::new(&api, 1).await;
    let answer = walker.upload(&api, &steps_until_now(200), &[]).await;
    assert_eq!((answer.counted_steps, &answer.unfrozen[..]), (20_000, &[][..]));
    let today: Today = walker.get(&api, "/api/v1/sport/today").await;
    assert_eq!((today.steps.passive, today.goals.len()), (20_000, 0));
}

#[tokio::test]
async fn the_same_upload_counts_once_however_it_comes_back() {
    let api = Api::under("sport").await;
    let walker = Walker::new(&api, 1).await;
    let body = json!({"minutes": steps_until_now(40), "activities": []});
    let request = || walker.phone.signed("POST", UPLOADS, "same", &body);
    let first = api.send(request()).await;
    let again = api.send(request()).await;
    assert_eq!(first.text, again.text);
    assert_eq!(again.headers["idempotency-repeated"], "true");

    let replayed = walker.upload(&api, &steps_until_now(40), &[]).await;
    assert_eq!((replayed.counted_minutes, replayed.counted_steps), (0, 0));
    assert_eq!(replayed.unfrozen, []);
    let [refused] = &replayed.not_counted[..] else {
        panic!("{replayed:?}")
    };
    assert_eq!(
        (refused.reason, refused.steps, refused.to.0 - refused.from.0),
        (Doubt::Overlap, 4_000, 39)
    );
    assert_eq!(replayed.days[0].passive, 4_000);
    assert_eq!(replayed.days[0].claimed, 4_000);

    let other = json!({"minutes": steps_until_now(39), "activities": []});
    let mismatch = api
        .send(walker.phone.signed("POST", UPLOADS, "same", &other))
        .await;
    assert_eq!(mismatch.problem(), "idempotency_mismatch");
}

#[tokio::test]
async fn two_devices_of_a_member_share_the_minutes() {
    let api = Api::under("sport").await;
    let first = Walker::new(&api, 1).await;
    let mut tablet = Phone::with_key(1, 77);
    api.sign_in(&mut tablet).await;
    let second = Walker {
        phone: tablet,
        sent: std::cell::Cell::new(1_000),
    };

    first
        .upload(
            &api,
            &(NOW - 30..NOW - 10).map(|n| minute(n, 100)).collect::<Vec<_>>(),
            &[],
        )
        .await;
    let walk: Vec<_> = (NOW - 20..NOW)
        .map(|n| of_activity(n, 110, "walk", WALK))
        .collect();
    let answer = second
        .upload(&api, &walk, &[summary(WALK, "walk", NOW - 20, 20, 2_200)])
        .await;
    assert_eq!(answer.counted_steps, 1_100);
    assert_eq!((answer.days[0].walk, answer.days[0].passive), (1_100, 2_000));
    assert_eq!(answer.activities[0].counted_steps, 1_100);
    assert!(answer.activities[0].doubts.contains(&Doubt::Overlap));

    let record: ActivityRecord = first.get(&api, &format!("/api/v1/sport/activities/{WALK}")).await;
    assert_eq!(
        (record.judgement.counted_steps, record.not_counted[0].steps),
        (1_100, 1_100)
    );
    assert_eq!(record.not_counted[0].reason, Doubt::Overlap);
    assert_eq!(record.summary.steps, 2_200);

    let stranger = Walker::new(&api, 2).await;
    let missing = api
        .send(stranger.phone.get(&format!("/api/v1/sport/activities/{WALK}")))
        .await;
    assert_eq!(missing.problem(), "not_found");
    let own = stranger.upload(&api, &steps_until_now(30), &[]).await;
    assert_eq!(own.counted_steps, 3_000);
}

#[tokio::test]
async fn what_is_known_better_later_is_counted_once() {
    let api = Api::under("sport").await;
    let walker = Walker::new(&api, 1).await;
    walker
        .upload(&api, &[minute(NOW - 9, 40), minute(NOW - 8, 100)], &[])
        .await;
    let correct = async |corrections: Vec<Value>| -> UploadAnswer {
        walker.sent.set(walker.sent.get() + 1);
        let body = json!({"minutes": [minute(NOW - 3, 10)], "corrections": corrections, "activities": []});
        let key = format!("u{}", walker.sent.get());
        let answer = api.send(walker.phone.signed("POST", UPLOADS, &key, &body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.as_type()
    };
    // A band's history came: one minute was more, one less, one was never reported.
    let corrections = vec![minute(NOW - 9, 110), minute(NOW - 8, 90), minute(NOW - 7, 60)];
    let answer = correct(corrections.clone()).await;
    assert_eq!((answer.counted_minutes, answer.counted_steps), (2, 130));
    assert_eq!((answer.days[0].passive, answer.days[0].claimed), (270, 270));
    // The same again, under another key: nothing new but the overlap.
    let answer = correct(corrections).await;
    assert_eq!((answer.counted_minutes, answer.counted_steps), (0, 0));
    assert_eq!(answer.not_counted[0].reason, Doubt::Overlap);
    // More than legs can make isn't believed, and takes nothing away.
    let answer = correct(vec![minute(NOW - 9, 400)]).await;
    assert_eq!((answer.counted_steps, answer.days[0].passive), (0, 270));
    assert!(
        answer
            .not_counted
            .iter()
            .any(|part| part.reason == Doubt::CadenceTooHigh)
    );
}

#[tokio::test]
async fn a_machine_is_told_why_its_steps_dont_count() {
    let api = Api::under("sport").await;
    let cheat = Walker::new(&api, 1).await;
    let shaken: Vec<_> = (NOW - 120..NOW).map(machine).collect();
    let answer = cheat
        .upload(&api, &shaken, &[summary(WALK, "walk", NOW - 120, 120, 14_400)])
        .await;
    assert_eq!((answer.counted_steps, &answer.unfrozen[..]), (0, &[][..]));
    assert_eq!(answer.not_counted.len(), 1);
    assert_eq!(answer.not_counted[0].reason, Doubt::TooRegular);
    assert!(
        answer.not_counted[0].text.contains("machine"),
        "{}",
        answer.not_counted[0].text
    );
    assert!(answer.activities[0].trust <= 40);
    assert_eq!(answer.days[0].claimed, 14_400);
    let late: Vec<_> = (NOW - 240..NOW - 180).map(|n| minute(n, 400)).collect();
    let answer = cheat.upload(&api, &late, &[]).await;
    assert_eq!(answer.not_counted[0].reason, Doubt::CadenceTooHigh);
    assert_eq!(cheat.challenge(&api).await.1, "0.00");
}

#[tokio::test]
async fn midnight_parts_an_activity() {
    let api = Api::under("sport").await;
    let walker = Walker::new(&api, 1).await;
    let midnight = NOW - OF_DAY;
    let run: Vec<_> = (midnight - 20..midnight + 20)
        .map(|n| of_activity(n, 150, "run", RUN))
        .collect();
    let answer = walker
        .upload(&api, &run, &[summary(RUN, "run", midnight - 20, 40, 6_000)])
        .await;
    let days: Vec<_> = answer.days.iter().map(|day| (day.run, day.claimed)).collect();
    assert_eq!(days, [(3_000, 3_000), (3_000, 3_000)]);
    assert_eq!(answer.activities[0].counted_steps, 6_000);
    assert_eq!(
        (answer.activities[0].trust, &answer.activities[0].doubts[..]),
        (100, &[][..])
    );
    // Each day reaches the rung of 3,000 and the run task: 0.10 + 0.80, then 0.09 + 0.80 of what is left.
    let amounts: Vec<_> = answer.unfrozen.iter().map(|u| u.amount.to_string()).collect();
    assert_eq!(amounts, ["0.10", "0.80", "0.09", "0.80"]);
    assert_eq!(answer.unfrozen[2].day, answer.days[1].day);
}

#[tokio::test]
async fn thirty_days_without_a_network_come_in_whole() {
    let api = Api::under("sport").await;
    let walker = Walker::new(&api, 1).await;
    let begin = NOW - OF_DAY - 30 * 1_440;
    let mut counted = 0;
    for day in 0..30 {
        let minutes: Vec<_> = (0..1_440)
            .map(|of_day| {
                minute(
                    begin + day * 1_440 + of_day,
                    if of_day % 60 < 45 { 10 } else { 0 },
                )
            })
            .collect();
        counted += walker.upload(&api, &minutes, &[]).await.counted_steps;
    }
    assert_eq!(counted, 30 * 24 * 45 * 10);
    let days: Page<DaySteps> = walker.get(&api, "/api/v1/sport/days").await;
    assert_eq!(days.items.len(), 29);
    assert!(days.items.iter().all(|day| day.passive == 10_800));
    let too_old = walker.upload(&api, &[minute(NOW - 36 * 1_440, 100)], &[]).await;
    assert_eq!(too_old.not_counted[0].reason, Doubt::TooOld);
    let to_come = walker.upload(&api, &[minute(NOW + 5, 100)], &[]).await;
    assert_eq!(
        (to_come.not_counted[0].reason, to_come.days[0].claimed),
        (Doubt::Future, 0)
    );
    // What lay in the future then can still be counted once it has come.
    api.clock.advance(10 * 60_000);
    assert_eq!(
        walker
            .upload(&api, &[minute(NOW + 5, 100)], &[])
            .await
            .counted_steps,
        100
    );
}

#[tokio::test]
async fn nonsense_is_refused_with_its_field() {
    let api = Api::under("sport").await;
    let walker = Walker::new(&api, 1).await;
    for (minutes, activities, field) in [
        (vec![minute(NOW, 1_000_000_000)], vec![], "minutes[0].steps"),
        (
            vec![minute(NOW - 3, 1), minute(NOW - 1, u32::MAX)],
            vec![],
            "minutes[1].steps",
        ),
        (vec![minute(NOW, 1), minute(NOW, 1)], vec![], "minutes[1].minute"),
        (
            vec![minute(NOW, 1), minute(NOW - 1, 1)],
            vec![],
            "minutes[1].minute",
        ),
        (vec![minute(-7, 1)], vec![], "minutes[0].minute"),
        (
            vec![json!({"minute": NOW, "kind": "passive", "source": "counter", "steps": -1})],
            vec![],
            "minutes[0].steps",
        ),
        (
            vec![json!({"minute": NOW, "kind": "swim", "source": "counter", "steps": 1})],
            vec![],
            "minutes[0].kind",
        ),
        (
            vec![],
            vec![{
                let mut a = summary(RUN, "run", NOW - 9, 9, 900);
                a["distance_m"] = json!(1e308);
                a
            }],
            "activities[0].distance_m",
        ),
        (
            vec![],
            vec![{
                let mut a = summary(RUN, "run", NOW - 9, 9, 900);
                a["ascent_m"] = json!(-1.0);
                a
            }],
            "activities[0].ascent_m",
        ),
        (
            vec![],
            vec![{
                let mut a = summary(RUN, "run", NOW - 9, 9, 900);
                a["id"] = json!("no");
                a
            }],
            "activities[0].id",
        ),
    ] {
        let answer = walker.try_upload(&api, &minutes, &activities).await;
        assert_eq!(answer.problem(), "invalid", "{field}");
        assert_eq!(answer.body["field"], field);
    }
    let too_many: Vec<_> = (0..1_441).map(|n| minute(NOW - 2_000 + n, 1)).collect();
    assert_eq!(
        walker.try_upload(&api, &too_many, &[]).await.body["field"],
        "minutes"
    );
    let days: Page<DaySteps> = walker.get(&api, "/api/v1/sport/days").await;
    assert_eq!(days.items, []);
}

#[tokio::test]
async fn an_upload_must_be_signed_by_the_sessions_device() {
    let api = Api::under("sport").await;
    let walker = Walker::new(&api, 1).await;
    let body = json!({"minutes": steps_until_now(1), "activities": []});
    let unsigned = api.send(walker.phone.change("POST", UPLOADS, "k", &body)).await;
    assert_eq!(unsigned.problem(), "signature_invalid");
    let thief = Phone {
        key: Phone::new(99).key,
        session: walker.phone.session.clone(),
        ..Phone::new(1)
    };
    let forged = api.send(thief.signed("POST", UPLOADS, "k", &body)).await;
    assert_eq!(forged.problem(), "signature_invalid");
}

#[tokio::test]
async fn activities_are_listed_in_pages() {
    let api = Api::under("sport").await;
    let walker = Walker::new(&api, 1).await;
    let ids: Vec<String> = (0..7)
        .map(|n| format!("00000000-0000-4000-8000-00000000000{n}"))
        .collect();
    for (n, id) in (0..7).zip(&ids) {
        let from = NOW - 700 + n * 100;
        let minutes: Vec<_> = (from..from + 10)
            .map(|m| of_activity(m, 100, "walk", id))
            .collect();
        walker
            .upload(&api, &minutes, &[summary(id, "walk", from, 10, 1_000)])
            .await;
    }
    let mut found = Vec::new();
    let mut path = "/api/v1/sport/activities?limit=3".to_owned();
    loop {
        let page: Page<ActivityRecord> = walker.get(&api, &path).await;
        assert!(page.items.len() <= 3);
        found.extend(page.items.into_iter().map(|record| record.summary.id.to_string()));
        let Some(next) = page.next else { break };
        path = format!("/api/v1/sport/activities?limit=3&cursor={next}");
    }
    assert_eq!(found, ids.iter().rev().cloned().collect::<Vec<_>>());
    for wrong in ["cursor=x", "cursor=5.x", "limit=0", "limit=101", "other=1"] {
        let answer = api
            .send(walker.phone.get(&format!("/api/v1/sport/activities?{wrong}")))
            .await;
        assert_eq!(answer.problem(), "invalid", "{wrong}");
    }
    // The same activity again changes nothing, and one beside it at the same time is doubted.
    let again = walker
        .upload(&api, &[], &[summary(&ids[0], "walk", NOW - 700, 10, 9_999)])
        .await;
    assert_eq!(
        (again.activities[0].trust, again.activities[0].counted_steps),
        (100, 1_000)
    );
    let beside = walker
        .upload(&api, &[], &[summary(RUN, "run", NOW - 695, 10, 0)])
        .await;
    assert!(beside.activities[0].doubts.contains(&Doubt::ActivityOverlap));
}

#[tokio::test]
async fn a_member_can_disagree() {
    let api = Api::under("sport").await;
    let walker = Walker::new(&api, 1).await;
    let today: Today = walker.get(&api, "/api/v1/sport/today").await;
    let appeals = "/api/v1/sport/appeals";
    let post = |key: &'static str, body: Value| api.send(walker.phone.change("POST", appeals, key, &body));
    let said = json!({"day": today.steps.day, "text": " I walked. "});
    let made = post("a1", said.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(made.body["text"], "I walked.");
    assert_eq!(post("a1", said).await.text, made.text);
    for (key, body, problem, field) in [
        (
            "a2",
            json!({"day": today.steps.day, "text": " "}),
            "invalid",
            "text",
        ),
        (
            "a3",
            json!({"day": today.steps.day, "text": "好".repeat(1_001)}),
            "invalid",
            "text",
        ),
        (
            "a4",
            json!({"day": today.steps.day.next(), "text": "x"}),
            "invalid",
            "day",
        ),
        ("a5", json!({"day": "2026-02-30", "text": "x"}), "invalid", "day"),
        (
            "a6",
            json!({"day": today.steps.day, "text": "x", "activity": RUN}),
            "not_found",
            "activity",
        ),
    ] {
        let answer = post(key, body).await;
        assert_eq!(
            (answer.problem().as_str(), answer.body["field"].as_str()),
            (problem, Some(field))
        );
    }
    let listed: Page<Appeal> = walker.get(&api, appeals).await;
    assert_eq!(listed.items, [made.as_type::<Appeal>()]);
}

#[tokio::test]
async fn the_statement_gives_each_unfreezing_its_reason() {
    let api = Api::under("sport").await;
    let walker = Walker::new(&api, 1).await;
    walker.upload(&api, &steps_until_now(60), &[]).await;
    let page: Page<StatementLine> = walker.get(&api, "/api/v1/wallet/statement?asset=challenge").await;
    let said: Vec<_> = page
        .items
        .iter()
        .map(|line| (line.bucket.name(), line.amount.to_string(), line.text.as_str()))
        .collect();
    let line = |bucket, amount: &str, text| (bucket, amount.to_owned(), text);
    assert_eq!(
        said,
        [
            line(
                "available",
                "0.29",
                "Step ladder, 6000 steps: frozen challenge 99.90 × 0.3 % = 0.29"
            ),
            line(
                "frozen",
                "-0.29",
                "Step ladder, 6000 steps: frozen challenge 99.90 × 0.3 % = 0.29"
            ),
            line(
                "available",
                "0.10",
                "Step ladder, 3000 steps: frozen challenge 100.00 × 0.1 % = 0.10"
            ),
            line(
                "frozen",
                "-0.10",
                "Step ladder, 3000 steps: frozen challenge 100.00 × 0.1 % = 0.10"
            ),
            line(
                "frozen",
                "100.00",
                "Welcome grant at registration: 100.00 challenge"
            ),
        ]
    );
    let wallet: Wallet = walker.get(&api, "/api/v1/wallet").await;
    let of = |bucket: &str| {
        let mut found = wallet
            .balances
            .iter()
            .filter(|b| b.asset.name() == "challenge" && b.bucket.name() == bucket);
        found.next().unwrap().amount.to_string()
    };
    assert_eq!(
        (of("frozen").as_str(), of("available").as_str()),
        ("99.61", "0.39")
    );
}
