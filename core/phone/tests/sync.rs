//! Each minute reaches the server once, whatever is lost on the way.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small figures"
)]

mod common;

use std::sync::Arc;

use common::server::pocket_and_server;
use common::walker::Walker;
use common::{DAY, HOUR, Lossy, MINUTE, NoNetwork, Pocket, sign_in};
use haigou_contract::{ActivityKind, Asset, ErrorCode};
use haigou_phone::screens::Account;
use haigou_phone::{Clock as _, CounterReading, Phone, PhoneError, SignInForm};
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

fn walk(phone: &Phone, pocket: &Pocket, walker: &mut Walker, seconds: u32) {
    for _ in 0..seconds {
        pocket.clock.advance(1_000);
        phone.feed_samples(&walker.walk(1_000)).unwrap();
    }
    phone.tick();
}

fn read_counter(phone: &Phone, pocket: &Pocket, raw: u64) {
    let (boot_id, mono_ms) = (pocket.clock.boot_id(), pocket.clock.mono_ms());
    phone
        .feed_counter_reading(CounterReading {
            boot_id,
            raw,
            mono_ms,
        })
        .unwrap();
}

#[tokio::test]
async fn a_walk_reaches_the_server_and_what_it_made_of_it_comes_back() {
    let (pocket, server) = pocket_and_server().await;
    let phone = pocket.open();
    assert_eq!(phone.sync_now().await, Err(PhoneError::NotSignedIn));
    phone.ask_code("+8613800138000").await.unwrap();
    sign_in(&phone).await;
    let mut walker = Walker::new(1);
    let id = phone.start_activity(ActivityKind::Walk).unwrap();
    walk(&phone, &pocket, &mut walker, 200);
    phone.finish().unwrap();
    let early = phone.sync_now().await.unwrap();
    assert!(
        early.unsynced_minutes >= 1,
        "the last minute is still open: {early:?}"
    );
    assert!(server.book().activities.is_empty());
    pocket.clock.advance(2 * MINUTE);
    let report = phone.sync_now().await.unwrap();
    assert_eq!(
        (report.left, report.unsynced_minutes, report.stopped),
        (0, 0, None)
    );
    let steps = server.book().activities[&id].steps;
    assert!(walker.steps.abs_diff(steps) < 8, "{steps} of {}", walker.steps);
    assert_eq!(server.book().too_early, 0);
    let record = phone.record(id).unwrap();
    assert_eq!(record.line.judgement.unwrap().counted_steps, u64::from(steps));
    let today = phone.today().borrow().clone();
    assert_eq!(
        today.counted.as_ref().map(|counted| counted.walk),
        Some(u64::from(steps))
    );
    let goal = &today.goals[0];
    assert_eq!(goal.missing, 3_000 - u64::from(steps));
    assert!(!today.offline && today.as_of.is_some_and(|as_of| as_of.age_ms == 0));
    phone.refresh_wallet().await.unwrap();
    assert_eq!(phone.wallet().borrow().wallet.as_ref().unwrap().balances.len(), 1);
    let page = phone
        .statement(Some(Asset::HiShell), Some("a&b=c"))
        .await
        .unwrap();
    assert_eq!(page.next.as_deref(), Some("asset=hi_shell&cursor=a%26b%3Dc"));
}

/// One schedule: walks, counters, syncs, kills and restarts, over a network that loses a third of everything.
async fn schedule(seed: u64) {
    let (mut pocket, server) = pocket_and_server().await;
    pocket.transport = Some(Arc::new(Lossy::new(seed, 35)));
    let mut dice = ChaCha8Rng::seed_from_u64(seed ^ 0xABCD);
    let mut walker = Walker::new(seed);
    let mut phone = pocket.open();
    let mut raw = 1_000_u64;
    let mut made = 0_u64;
    read_counter(&phone, &pocket, raw);
    sign_in(&phone).await;
    for _ in 0..dice.random_range(15..40) {
        match dice.random_range(0..9) {
            0 | 1 => {
                let minutes = dice.random_range(1..200);
                pocket.clock.advance(minutes * MINUTE);
                let steps = u64::try_from(minutes).unwrap() * dice.random_range(0..120);
                raw += steps;
                made += steps;
                read_counter(&phone, &pocket, raw);
                phone.tick();
            }
            2 => {
                let _ = phone.start_activity(ActivityKind::Walk);
                let before = walker.steps;
                walk(&phone, &pocket, &mut walker, dice.random_range(20..90));
                let _ = phone.finish();
                raw += u64::from(walker.steps - before);
                read_counter(&phone, &pocket, raw);
                phone.tick();
            }
            3 => server.expire_tokens(),
            4 => {
                drop(phone);
                phone = pocket.open();
            }
            5 => server.book().refuse.push(ErrorCode::Busy),
            _ => {
                let _ = phone.sync_now().await.unwrap();
            }
        }
    }
    let _ = phone.finish();
    pocket.clock.advance(3 * MINUTE);
    let mut report = phone.sync_now().await.unwrap();
    for _ in 0..300 {
        if report.left == 0 && report.unsynced_minutes == 0 && report.stopped.is_none() {
            break;
        }
        report = phone.sync_now().await.unwrap();
    }
    assert_eq!(
        (report.left, report.unsynced_minutes, report.refused),
        (0, 0, 0),
        "seed {seed}"
    );
    phone.close();
    let db = common::database(&pocket.file());
    let here: u64 = db
        .query_row(
            "SELECT SUM(steps) FROM minute WHERE source = 'counter'",
            [],
            |r| r.get(0),
        )
        .unwrap();
    let book = server.book();
    assert!(
        book.minutes.values().all(|(_, times)| *times == 1),
        "seed {seed}: a minute came twice"
    );
    assert_eq!(
        (book.mismatches, book.bad_signatures, book.too_early),
        (0, 0, 0),
        "seed {seed}"
    );
    let there: u64 = book
        .minutes
        .values()
        .map(|(minute, _)| u64::from(minute.steps))
        .sum();
    // Every step of the counter that the walks did not hear themselves is there; the walks add their own.
    assert!(there >= made, "seed {seed}: {there} < {made}");
    assert!(
        there <= made + u64::from(walker.steps) + 20,
        "seed {seed}: {there} > {made} + {}",
        walker.steps
    );
    assert!(here <= raw, "seed {seed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_minute_is_counted_once_over_forty_schedules() {
    for seed in 0..40 {
        schedule(seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thirty_days_without_a_network_arrive_whole() {
    let (mut pocket, server) = pocket_and_server().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    read_counter(&phone, &pocket, 0);
    phone.close();
    drop(phone);
    pocket.transport = Some(Arc::new(NoNetwork));
    let phone = pocket.open();
    // A step in every single minute of thirty days.
    for sixth in 1..=30 * 4_u64 {
        pocket.clock.advance(6 * HOUR);
        read_counter(&phone, &pocket, sixth * 360 * 7);
        phone.tick();
    }
    pocket.clock.advance(2 * MINUTE);
    let offline = phone.sync_now().await.unwrap();
    assert_eq!(offline.stopped, Some(PhoneError::Offline));
    assert!(phone.today().borrow().offline);
    drop(phone);
    pocket.transport = None;
    let phone = pocket.open();
    let report = phone.sync_now().await.unwrap();
    assert_eq!(
        (report.left, report.unsynced_minutes, report.stopped),
        (0, 0, None)
    );
    assert!(report.answered >= 30);
    let book = server.book();
    assert!(
        (43_200..=43_201).contains(&book.minutes.len()),
        "{}",
        book.minutes.len()
    );
    assert!(book.minutes.values().all(|(_, times)| *times == 1));
    drop(book);
    assert_eq!(server.total(), 43_200 * 7);
}

#[tokio::test]
async fn a_refused_upload_is_kept_with_its_reason_and_blocks_nothing() {
    let (pocket, server) = pocket_and_server().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    read_counter(&phone, &pocket, 0);
    pocket.clock.advance(10 * MINUTE);
    read_counter(&phone, &pocket, 500);
    pocket.clock.advance(2 * MINUTE);
    server.book().refuse.push(ErrorCode::Invalid);
    let report = phone.sync_now().await.unwrap();
    assert_eq!((report.refused, report.left), (1, 0));
    let refused = phone.status().borrow().refused_uploads.clone();
    assert_eq!((refused.len(), refused[0].code.as_str()), (1, "invalid"));
    assert!(!refused[0].text.is_empty());
    pocket.clock.advance(10 * MINUTE);
    read_counter(&phone, &pocket, 900);
    pocket.clock.advance(2 * MINUTE);
    assert_eq!(phone.sync_now().await.unwrap().answered, 1);
    let before = server.total();
    phone.retry_refused().unwrap();
    assert_eq!(phone.sync_now().await.unwrap().answered, 1);
    assert!(server.total() >= before + 450);
    assert!(phone.status().borrow().refused_uploads.is_empty());
}

#[tokio::test]
async fn a_session_that_ended_is_said_and_what_waits_goes_out_after_the_next_sign_in() {
    let (pocket, server) = pocket_and_server().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    read_counter(&phone, &pocket, 0);
    pocket.clock.advance(10 * MINUTE);
    read_counter(&phone, &pocket, 500);
    pocket.clock.advance(2 * MINUTE);
    server.book().refuse.push(ErrorCode::SessionEnded);
    let report = phone.sync_now().await.unwrap();
    assert_eq!((report.answered, report.left), (0, 1));
    assert!(
        matches!(phone.status().borrow().account, Account::Ended { ref code, .. } if code == "session_ended")
    );
    assert_eq!(phone.sync_now().await, Err(PhoneError::NotSignedIn));
    sign_in(&phone).await;
    assert_eq!(phone.sync_now().await.unwrap().answered, 1);
    assert_eq!(server.total(), 500);
    phone.sign_out().await.unwrap();
    assert_eq!(phone.status().borrow().account, Account::SignedOut);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_find_the_token_too_old_refresh_it_once() {
    let (pocket, server) = pocket_and_server().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    server.expire_tokens();
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let phone = phone.clone();
            tokio::spawn(async move { phone.refresh_today().await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(server.book().refreshes, 1);
}

#[tokio::test]
async fn a_sign_in_whose_answer_was_lost_is_the_same_sign_in() {
    let (mut pocket, server) = pocket_and_server().await;
    pocket.transport = Some(Arc::new(Lossy::new(5, 80)));
    let phone = pocket.open();
    sign_in(&phone).await;
    assert_eq!(server.book().sign_ins.len(), 1);
    let long = SignInForm::new("1".repeat(65_536), "1");
    assert_eq!(
        phone.sign_in(long).await,
        Err(PhoneError::OutOfBounds { field: "phone" })
    );
}

#[tokio::test]
async fn in_the_background_a_phone_syncs_by_itself_and_ends_when_it_is_dropped() {
    let (pocket, server) = pocket_and_server().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    read_counter(&phone, &pocket, 0);
    pocket.clock.advance(10 * MINUTE);
    read_counter(&phone, &pocket, 500);
    pocket.clock.advance(2 * MINUTE);
    let mut status = phone.status();
    phone.run_in_background();
    status
        .wait_for(|status| status.unsynced_minutes == 0 && status.synced_ms.is_some())
        .await
        .unwrap();
    assert_eq!(server.total(), 500);
    phone.network_changed();
    drop(phone);
    // The screens end with the phone.
    while status.changed().await.is_ok() {}
    pocket.open();
}

#[tokio::test]
async fn what_was_known_is_shown_without_a_network_and_marked_with_its_age() {
    let (mut pocket, _server) = pocket_and_server().await;
    let phone = pocket.open();
    sign_in(&phone).await;
    phone.refresh_wallet().await.unwrap();
    drop(phone);
    pocket.transport = Some(Arc::new(NoNetwork));
    pocket.clock.advance(DAY);
    let phone = pocket.open();
    assert_eq!(phone.refresh_wallet().await, Err(PhoneError::Offline));
    let wallet = phone.wallet().borrow().clone();
    assert!(wallet.wallet.is_some() && wallet.offline);
    assert_eq!(wallet.as_of.unwrap().age_ms, DAY);
    let today = phone.today().borrow().clone();
    assert_eq!(today.counted, None, "yesterday's figures aren't today's");
    assert_eq!((today.goals[0].goal.counted, today.goals[0].missing), (0, 3_000));
}
