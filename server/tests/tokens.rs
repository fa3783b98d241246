//! What keeps a phone signed in, and what ends it.

mod kit;

use haigou_contract::Session;
use kit::{Api, Hold, Phone};
use serde_json::json;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

async fn signed_in(api: &Api) -> Phone {
    let mut phone = Phone::new(1);
    api.sign_in(&mut phone).await;
    phone
}

/// Renews the phone's tokens and uses them, as a phone does.
async fn renew(api: &Api, phone: &mut Phone) {
    let answer = phone.refresh(api, &phone.session().refresh_token).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    phone.session = Some(answer.as_type());
    assert_eq!(api.send(phone.get("/api/v1/me")).await.status, 200);
}

#[tokio::test]
async fn an_access_token_lives_15_minutes_and_is_renewed() {
    let api = Api::new().await;
    let mut phone = signed_in(&api).await;
    assert_eq!(phone.session().access_valid_for_s, 900);
    api.clock.advance(15 * MINUTE - 1);
    assert_eq!(api.send(phone.get("/api/v1/me")).await.status, 200);
    api.clock.advance(1);
    assert_eq!(
        api.send(phone.get("/api/v1/me")).await.problem(),
        "session_expired"
    );
    let old = phone.session().clone();
    renew(&api, &mut phone).await;
    assert_ne!(old.access_token, phone.session().access_token);
    assert_eq!(
        (old.member, old.device),
        (phone.session().member.clone(), phone.session().device.clone())
    );
}

#[tokio::test]
async fn a_phone_that_was_away_for_long_comes_back() {
    let api = Api::new().await;
    let mut phone = signed_in(&api).await;
    for _ in 0..5 {
        api.clock.advance(89 * DAY);
        renew(&api, &mut phone).await;
    }
    api.clock.advance(90 * DAY);
    let late = phone.refresh(&api, &phone.session().refresh_token).await;
    assert_eq!(late.problem(), "session_ended");
}

#[tokio::test]
async fn an_old_refresh_token_ends_the_session() {
    let api = Api::new().await;
    let mut phone = signed_in(&api).await;
    let stolen = phone.session().refresh_token.clone();
    renew(&api, &mut phone).await;
    assert_eq!(phone.refresh(&api, &stolen).await.problem(), "refresh_reused");
    assert_eq!(api.send(phone.get("/api/v1/me")).await.problem(), "session_ended");
    let newest = phone.refresh(&api, &phone.session().refresh_token).await;
    assert_eq!(newest.problem(), "session_ended");
}

#[tokio::test]
async fn a_thief_who_comes_first_is_found_out_by_the_owner() {
    let api = Api::new().await;
    let phone = signed_in(&api).await;
    let mut thief = Phone::new(1);
    thief.session = phone.session.clone();
    renew(&api, &mut thief).await;
    let owner = phone.refresh(&api, &phone.session().refresh_token).await;
    assert_eq!(owner.problem(), "refresh_reused");
    assert_eq!(api.send(thief.get("/api/v1/me")).await.problem(), "session_ended");
}

#[tokio::test]
async fn a_lost_answer_to_a_refresh_costs_nothing_however_late() {
    let api = Api::new().await;
    let mut phone = signed_in(&api).await;
    renew(&api, &mut phone).await;
    let token = phone.session().refresh_token.clone();
    let lost: Session = phone.refresh(&api, &token).await.as_type();
    api.clock.advance(2 * DAY);
    let lost_too: Session = phone.refresh(&api, &token).await.as_type();
    api.clock.advance(30 * DAY);
    renew(&api, &mut phone).await;

    for never_used in [lost, lost_too] {
        let mut other = Phone::new(1);
        other.session = Some(never_used);
        assert_eq!(
            api.send(other.get("/api/v1/me")).await.problem(),
            "session_expired",
            "it was replaced"
        );
    }
    assert_eq!(
        phone.refresh(&api, &token).await.problem(),
        "refresh_reused",
        "the newer pair was used"
    );
}

#[tokio::test]
async fn a_pair_that_was_replaced_ends_the_session_when_it_comes() {
    let api = Api::new().await;
    let phone = signed_in(&api).await;
    let token = &phone.session().refresh_token;
    let first: Session = phone.refresh(&api, token).await.as_type();
    let second: Session = phone.refresh(&api, token).await.as_type();
    assert_eq!(
        phone.refresh(&api, &first.refresh_token).await.problem(),
        "refresh_reused"
    );
    assert_eq!(
        phone.refresh(&api, &second.refresh_token).await.problem(),
        "session_ended"
    );
}

#[tokio::test]
async fn what_was_never_given_out_opens_nothing() {
    let api = Api::new().await;
    let mut phone = signed_in(&api).await;
    let session = phone.session().clone();
    let swap = |token: &str| {
        format!(
            "{}{}",
            if token.starts_with('A') { 'B' } else { 'A' },
            token.split_at(1).1
        )
    };
    for token in [
        "",
        "x",
        &"A".repeat(64),
        &"A".repeat(65_536),
        &swap(&session.refresh_token),
        "令牌",
    ] {
        assert_eq!(phone.refresh(&api, token).await.problem(), "unauthenticated");
    }
    for token in ["x".to_owned(), "A".repeat(64), swap(&session.access_token)] {
        phone.session = Some(Session {
            access_token: token,
            ..session.clone()
        });
        assert_eq!(
            api.send(phone.get("/api/v1/me")).await.problem(),
            "unauthenticated"
        );
    }
    phone.session = Some(Session {
        access_token: session.refresh_token.clone(),
        ..session.clone()
    });
    assert_eq!(
        api.send(phone.get("/api/v1/me")).await.problem(),
        "session_expired",
        "a refresh token is no access token"
    );
    assert_eq!(api.get("/api/v1/me").await.problem(), "unauthenticated");
    phone.session = Some(session);
    assert_eq!(api.send(phone.get("/api/v1/me")).await.status, 200);
}

#[tokio::test]
async fn signing_out_is_at_once() {
    let api = Api::new().await;
    let phone = signed_in(&api).await;
    assert_eq!(api.send(phone.get("/api/v1/me")).await.status, 200);
    assert_eq!(
        api.send(phone.delete("/api/v1/auth/sessions/current", "k"))
            .await
            .status,
        204
    );
    assert_eq!(api.send(phone.get("/api/v1/me")).await.problem(), "session_ended");
    assert_eq!(
        phone
            .refresh(&api, &phone.session().refresh_token)
            .await
            .problem(),
        "session_ended"
    );
}

#[tokio::test]
async fn a_device_is_signed_out_from_another_one() {
    let api = Api::new().await;
    let mut old = signed_in(&api).await;
    let mut new = Phone::with_key(1, 2);
    api.sign_in(&mut new).await;
    let devices = api.send(new.get("/api/v1/me/devices")).await;
    assert_eq!(devices.body.as_array().unwrap().len(), 2);
    assert_eq!(api.send(old.get("/api/v1/me")).await.status, 200);

    let path = format!("/api/v1/me/devices/{}", old.session().device);
    assert_eq!(api.send(new.delete(&path, "k")).await.status, 204);
    assert_eq!(
        api.send(new.delete(&path, "k")).await.status,
        204,
        "it stays signed out"
    );
    assert_eq!(api.send(old.get("/api/v1/me")).await.problem(), "session_ended");
    assert_eq!(
        old.refresh(&api, &old.session().refresh_token).await.problem(),
        "session_ended"
    );
    let devices = api.send(new.get("/api/v1/me/devices")).await;
    assert_eq!(devices.body.as_array().unwrap().len(), 1);
    assert_eq!(devices.body[0]["current"], json!(true));

    let device = old.session().device.clone();
    api.sign_in(&mut old).await;
    assert_eq!(old.session().device, device, "the same key is the same device");
    let mut stranger = Phone::new(3);
    api.sign_in(&mut stranger).await;
    assert_eq!(
        api.send(stranger.delete(&path, "k2")).await.problem(),
        "not_found"
    );
    assert_eq!(api.send(old.get("/api/v1/me")).await.status, 200);
}

#[tokio::test]
async fn a_new_sign_in_of_a_device_ends_its_old_session() {
    let api = Api::new().await;
    let mut phone = signed_in(&api).await;
    assert_eq!(api.send(phone.get("/api/v1/me")).await.status, 200);
    let old = phone.session.clone();
    api.sign_in(&mut phone).await;
    let new = std::mem::replace(&mut phone.session, old);
    assert_eq!(api.send(phone.get("/api/v1/me")).await.problem(), "session_ended");
    phone.session = new;
    assert_eq!(api.send(phone.get("/api/v1/me")).await.status, 200);
}

#[tokio::test]
async fn a_refresh_that_arrives_behind_its_own_repetition_ends_nothing() {
    let api = Api::new().await;
    let mut phone = signed_in(&api).await;
    let token = phone.session().refresh_token.clone();
    let refresh = |key: &str| {
        axum::http::Request::post("/api/v1/auth/refresh")
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(json!({"refresh_token": token}).to_string().into())
            .unwrap()
    };
    phone.session = Some(api.send(refresh("k1")).await.as_type());
    assert_eq!(api.send(phone.get("/api/v1/me")).await.status, 200);
    assert_eq!(api.send(refresh("k1")).await.problem(), "session_expired");
    assert_eq!(api.send(phone.get("/api/v1/me")).await.status, 200);
    assert_eq!(api.send(refresh("k2")).await.problem(), "refresh_reused");
    assert_eq!(api.send(phone.get("/api/v1/me")).await.problem(), "session_ended");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_slips_in_behind_a_sign_out() {
    let api = Api::new().await;
    let phone = signed_in(&api).await;
    assert_eq!(api.send(phone.get("/api/v1/me")).await.status, 200);
    let (let_go, held) = std::sync::mpsc::channel();
    let desk = api.desk.clone();
    let hold = tokio::spawn(async move { desk.submit(Hold(held)).await });
    let moment = std::time::Duration::from_millis(30);
    tokio::time::sleep(moment).await;
    let sign_out = api.send(phone.delete("/api/v1/auth/sessions/current", "k1"));
    let change = async {
        // It is admitted, because the sign-out still waits in the queue, and waits behind it.
        tokio::time::sleep(moment).await;
        api.send(phone.change("PATCH", "/api/v1/me", "k2", &json!({"nickname": "Late"})))
            .await
    };
    let release = async {
        tokio::time::sleep(3 * moment).await;
        let_go.send(()).unwrap();
    };
    let (sign_out, change, ()) = tokio::join!(sign_out, change, release);
    hold.await.unwrap().unwrap();
    assert_eq!(
        (sign_out.status.as_u16(), change.problem().as_str()),
        (204, "session_ended")
    );
}
