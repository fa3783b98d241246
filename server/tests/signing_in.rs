//! Signing in: codes, limits, registration, the first session.

mod kit;

use haigou_contract::Profile;
use haigou_server::web::{Allowance, CodeLimits, WebSettings};
use haigou_store::{DeskOptions, Query as _};
use kit::{Api, Phone};
use serde_json::json;

const SESSIONS: &str = "/api/v1/auth/sessions";
const CODES: &str = "/api/v1/auth/codes";

async fn limited() -> Api {
    let codes = CodeLimits {
        resend_after_s: 60,
        per_hour: 3,
        per_day: 5,
        per_address: Some(Allowance::new(8, 60)),
    };
    let settings = WebSettings {
        codes,
        sign_ins_per_address: Some(Allowance::new(6, 60)),
        ..WebSettings::unlimited()
    };
    Api::with(settings, DeskOptions::default()).await
}

#[tokio::test]
async fn a_code_and_a_key_open_a_session_and_register_once() {
    let api = Api::new().await;
    let mut phone = Phone::new(1);
    let first = api.sign_in(&mut phone).await;
    assert_eq!((first.status.as_u16(), phone.session().registered), (201, true));
    let me: Profile = api.send(phone.get("/api/v1/me")).await.as_type();
    assert_eq!(
        (me.phone.as_str(), me.sponsor, me.direct),
        ("+86138****0001", None, 0)
    );
    assert_eq!(me.member, phone.session().member);

    let member = phone.session().member.clone();
    let second = api.sign_in(&mut phone).await;
    assert_eq!((second.status.as_u16(), phone.session().registered), (200, false));
    assert_eq!(phone.session().member, member);
    let devices = api.send(phone.get("/api/v1/me/devices")).await;
    assert_eq!(
        devices.body.as_array().unwrap().len(),
        1,
        "the same key is the same device: {}",
        devices.text
    );
}

#[tokio::test]
async fn a_number_is_the_same_person_however_it_is_written() {
    let api = Api::new().await;
    let mut phone = Phone::new(1);
    api.sign_in(&mut phone).await;
    let mut same = Phone::new(1);
    let code = {
        let sent = api.post(CODES, &json!({"phone": "138 0000 0001"})).await;
        assert_eq!(sent.status, 200);
        api.sms.code_for("+8613800000001").unwrap()
    };
    same.number = "13800000001".to_owned();
    let answer = api.post(SESSIONS, &same.sign_in_body(&code)).await;
    assert_eq!(
        answer.body["member"],
        json!(phone.session().member),
        "{}",
        answer.text
    );
}

#[tokio::test]
async fn the_answer_does_not_tell_who_is_registered() {
    let api = Api::new().await;
    let mut phone = Phone::new(1);
    api.sign_in(&mut phone).await;
    let [known, unknown] = ["+8613800000001", "+8613800000002"].map(|number| json!({"phone": number}));
    let (known, unknown) = (api.post(CODES, &known).await, api.post(CODES, &unknown).await);
    assert_eq!((known.status, known.text), (unknown.status, unknown.text));
    let [known, unknown] = [Phone::new(1), Phone::new(2)].map(|phone| phone.sign_in_body("000000"));
    let (known, unknown) = (
        api.post(SESSIONS, &known).await,
        api.post(SESSIONS, &unknown).await,
    );
    assert_eq!((known.status, known.text), (unknown.status, unknown.text));
}

#[tokio::test]
async fn a_code_is_tried_five_times_at_most() {
    let api = Api::new().await;
    let phone = Phone::new(1);
    let code = api.code(&phone.number).await;
    let wrong = if code == "111111" { "222222" } else { "111111" };
    for _ in 0..5 {
        assert_eq!(
            api.post(SESSIONS, &phone.sign_in_body(wrong)).await.problem(),
            "code_wrong"
        );
    }
    assert_eq!(
        api.post(SESSIONS, &phone.sign_in_body(&code)).await.problem(),
        "code_expired"
    );
    let code = api.code(&phone.number).await;
    assert_eq!(api.post(SESSIONS, &phone.sign_in_body(&code)).await.status, 201);
}

#[tokio::test]
async fn a_code_lives_five_minutes_and_the_newest_counts() {
    let api = Api::new().await;
    let phone = Phone::new(1);
    let old = api.code(&phone.number).await;
    api.clock.advance(5 * 60_000);
    assert_eq!(
        api.post(SESSIONS, &phone.sign_in_body(&old)).await.problem(),
        "code_expired"
    );
    let first = api.code(&phone.number).await;
    api.clock.advance(1);
    let mut second = api.code(&phone.number).await;
    while second == first {
        second = api.code(&phone.number).await;
    }
    assert_eq!(
        api.post(SESSIONS, &phone.sign_in_body(&first)).await.problem(),
        "code_wrong"
    );
    api.clock.advance(5 * 60_000 - 1);
    assert_eq!(api.post(SESSIONS, &phone.sign_in_body(&second)).await.status, 201);
}

#[tokio::test]
async fn a_used_code_opens_nothing_for_another_device() {
    let api = Api::new().await;
    let phone = Phone::new(1);
    let code = api.code(&phone.number).await;
    assert_eq!(api.post(SESSIONS, &phone.sign_in_body(&code)).await.status, 201);
    let thief = Phone::with_key(1, 99);
    assert_eq!(
        api.post(SESSIONS, &thief.sign_in_body(&code)).await.problem(),
        "code_expired"
    );
}

#[tokio::test]
async fn a_lost_answer_to_a_sign_in_costs_nothing() {
    let api = Api::new().await;
    let mut phone = Phone::new(1);
    let code = api.code(&phone.number).await;
    let lost = api.post(SESSIONS, &phone.sign_in_body(&code)).await;
    let again = api.post(SESSIONS, &phone.sign_in_body(&code)).await;
    assert_eq!((lost.status, again.status.as_u16()), (again.status, 201));
    assert_eq!(
        (&lost.body["member"], &lost.body["device"]),
        (&again.body["member"], &again.body["device"])
    );
    assert_ne!(lost.body["access_token"], again.body["access_token"]);

    phone.session = Some(lost.as_type());
    assert_eq!(
        api.send(phone.get("/api/v1/me")).await.problem(),
        "session_expired"
    );
    phone.session = Some(again.as_type());
    assert_eq!(api.send(phone.get("/api/v1/me")).await.status, 200);
    let third = api.post(SESSIONS, &phone.sign_in_body(&code)).await;
    assert_eq!(
        third.problem(),
        "code_expired",
        "the tokens arrived: the code is used up"
    );
}

#[tokio::test]
async fn the_device_proves_its_key() {
    let api = Api::new().await;
    let phone = Phone::new(1);
    let code = api.code(&phone.number).await;
    let mut body = phone.sign_in_body(&code);
    body["device"]["public_key"] = Phone::new(2).sign_in_body(&code)["device"]["public_key"].clone();
    assert_eq!(api.post(SESSIONS, &body).await.problem(), "signature_invalid");
    body["device"]["public_key"] = json!("AAAA");
    let refused = api.post(SESSIONS, &body).await;
    assert_eq!(
        (refused.problem().as_str(), &refused.body["field"]),
        ("invalid", &json!("device.public_key"))
    );
    assert_eq!(api.post(SESSIONS, &phone.sign_in_body(&code)).await.status, 201);
}

#[tokio::test]
async fn registration_asks_for_consent_and_a_sponsor_who_exists() {
    let api = Api::new().await;
    let phone = Phone::new(1);
    let code = api.code(&phone.number).await;
    let mut body = phone.sign_in_body(&code);
    body["accept_terms"] = json!(false);
    assert_eq!(api.post(SESSIONS, &body).await.problem(), "consent_required");
    body["accept_terms"] = json!(true);
    for nobody in ["ABCDEFGH", "no", "\u{0}", &"A".repeat(65_536)] {
        body["invite_code"] = json!(nobody);
        let refused = api.post(SESSIONS, &body).await;
        let problem = refused.problem();
        assert!(
            ["unknown_sponsor", "code_expired"].contains(&problem.as_str()),
            "{problem}"
        );
    }
    let nobody = api
        .store
        .read_blocking(|r| r.query_one("SELECT COUNT(*) FROM member", &[], |row| row.int(0)));
    assert_eq!(nobody, Ok::<_, haigou_store::StoreError>(Some(0)));
}

#[tokio::test]
async fn a_sponsor_is_named_by_his_code_however_it_is_typed() {
    let api = Api::new().await;
    let (mut sponsor, mut friend) = (Phone::new(1), Phone::new(2));
    api.sign_in(&mut sponsor).await;
    let code = api.send(sponsor.get("/api/v1/me")).await.body["invite_code"]
        .as_str()
        .unwrap()
        .to_owned();
    let (head, tail) = code.split_at(4);
    let typed = format!(" {}-{tail}", head.to_lowercase());
    api.sign_in_with(&mut friend, Some(&typed)).await;
    let me: Profile = api.send(friend.get("/api/v1/me")).await.as_type();
    assert_eq!(me.sponsor.as_deref(), Some("+86138****0001"));
    let sponsor_now: Profile = api.send(sponsor.get("/api/v1/me")).await.as_type();
    assert_eq!(sponsor_now.direct, 1);

    api.sign_in_with(&mut friend, Some("nobody's")).await;
    let me: Profile = api.send(friend.get("/api/v1/me")).await.as_type();
    assert_eq!(
        me.sponsor.as_deref(),
        Some("+86138****0001"),
        "a sponsor is never changed later"
    );
}

#[tokio::test]
async fn a_number_gets_only_so_many_codes() {
    let api = limited().await;
    let ask = json!({"phone": "+8613800000001"});
    assert_eq!(
        api.post(CODES, &ask).await.body,
        json!({"valid_for_s": 300, "resend_after_s": 60})
    );
    let soon = api.post(CODES, &ask).await;
    assert_eq!(
        (soon.problem().as_str(), soon.body["retry_after_s"].as_u64()),
        ("rate_limited", Some(60))
    );
    for _ in 0..2 {
        api.clock.advance(60_000);
        assert_eq!(api.post(CODES, &ask).await.status, 200);
    }
    api.clock.advance(60_000);
    let hour = api.post(CODES, &ask).await;
    assert_eq!(
        (hour.problem().as_str(), hour.body["retry_after_s"].as_u64()),
        ("rate_limited", Some(3_600 - 180))
    );
    api.clock.advance(3_600_000);
    assert_eq!(api.post(CODES, &ask).await.status, 200);
    assert_eq!(api.sms.sent(), 4);
}

#[tokio::test]
async fn an_address_gets_only_so_many_codes_and_tries() {
    let api = limited().await;
    for number in 1..=8 {
        let ask = json!({"phone": format!("+861380000{number:04}")});
        assert_eq!(api.post(CODES, &ask).await.status, 200);
    }
    let ask = json!({"phone": "+8613800000099"});
    assert_eq!(api.post(CODES, &ask).await.problem(), "rate_limited");
    for number in 1..=6 {
        let answer = api
            .post(SESSIONS, &Phone::new(number).sign_in_body("123456"))
            .await;
        assert!(answer.status != 429, "{}", answer.text);
    }
    assert_eq!(
        api.post(SESSIONS, &Phone::new(7).sign_in_body("123456"))
            .await
            .problem(),
        "rate_limited"
    );
    api.clock.advance(61_000);
    assert_eq!(api.post(CODES, &ask).await.status, 200);
}

#[tokio::test]
async fn asking_again_with_the_same_key_sends_nothing_more() {
    let api = limited().await;
    let ask = |key: &str| {
        axum::http::Request::post(CODES)
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(json!({"phone": "+8613800000001"}).to_string().into())
            .unwrap()
    };
    let first = api.send(ask("k1")).await;
    let again = api.send(ask("k1")).await;
    assert_eq!((first.status.as_u16(), first.text), (200, again.text));
    assert_eq!(api.sms.sent(), 1);
    assert_eq!(api.send(ask("k2")).await.problem(), "rate_limited");
    assert_eq!(
        api.send(ask("a key with blanks")).await.problem(),
        "idempotency_key_missing"
    );
}

#[tokio::test]
async fn an_sms_that_was_not_sent_does_not_count() {
    let api = limited().await;
    let ask = json!({"phone": "+8613800000001"});
    api.sms.set_down(true);
    assert_eq!(api.post(CODES, &ask).await.problem(), "sms_unavailable");
    api.sms.set_down(false);
    assert_eq!(api.post(CODES, &ask).await.status, 200);
}

#[tokio::test]
async fn names_codes_and_numbers_of_any_size_are_refused_with_their_field() {
    let api = Api::new().await;
    let long = "名".repeat(22_000);
    let phone = Phone::new(1);
    let code = api.code(&phone.number).await;
    for (pointer, field, problem) in [
        ("/device/name", "device.name", "invalid"),
        ("/device/public_key", "device.public_key", "invalid"),
        ("/code", "code", "invalid"),
        ("/phone", "phone", "phone_invalid"),
        ("/proof", "proof", "signature_invalid"),
        ("/device/platform", "device.platform", "invalid"),
    ] {
        let mut body = phone.sign_in_body(&code);
        *body.pointer_mut(pointer).unwrap() = json!(long);
        let refused = api.post(SESSIONS, &body).await;
        assert_eq!(
            (refused.problem().as_str(), &refused.body["field"]),
            (problem, &json!(field))
        );
        assert!(refused.text.len() < 2_000, "the input isn't sent back: {pointer}");
    }
    for blank in ["", "   ", "\u{202e}\u{0}\n"] {
        let mut body = phone.sign_in_body(&code);
        body["device"]["name"] = json!(blank);
        assert_eq!(api.post(SESSIONS, &body).await.body["field"], "device.name");
    }
    let mut body = phone.sign_in_body(&code);
    body["device"]["name"] = json!("\u{200e}Li's \u{202e}phone\n");
    let mut phone = phone;
    phone.session = Some(api.post(SESSIONS, &body).await.as_type());
    assert_eq!(
        api.send(phone.get("/api/v1/me/devices")).await.body[0]["name"],
        "Li's phone"
    );
}

#[tokio::test]
async fn neither_codes_nor_tokens_are_kept_as_they_are() {
    let api = Api::new().await;
    let mut phone = Phone::new(1);
    let code = api.code(&phone.number).await;
    let answer = api.post(SESSIONS, &phone.sign_in_body(&code)).await;
    phone.session = Some(answer.as_type());
    api.send(phone.get("/api/v1/me")).await;
    api.desk.stop().await;
    for file in std::fs::read_dir(api.folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds(&phone.session().access_token) && !holds(&phone.session().refresh_token));
        assert!(!holds(&code));
    }
}

#[tokio::test]
async fn behind_a_proxy_each_address_has_its_own_limit() {
    // A request without a connection comes from 0.0.0.0: here that is the proxy.
    let ask = |number: u32, forwarded: &str| {
        axum::http::Request::post(CODES)
            .header("content-type", "application/json")
            .header("x-forwarded-for", forwarded)
            .body(
                json!({"phone": format!("+861380000{number:04}")})
                    .to_string()
                    .into(),
            )
            .unwrap()
    };
    let codes = CodeLimits {
        per_address: Some(Allowance::new(1, 1)),
        ..WebSettings::unlimited().codes
    };
    let settings = WebSettings {
        codes,
        ..WebSettings::unlimited()
    };
    let open = Api::with(settings.clone(), DeskOptions::default()).await;
    assert_eq!(open.send(ask(1, "1.1.1.1")).await.status, 200);
    assert_eq!(
        open.send(ask(2, "2.2.2.2")).await.problem(),
        "rate_limited",
        "anybody could write that header"
    );

    let trusted_proxies = vec!["0.0.0.0/32".parse().unwrap()];
    let proxied = Api::with(
        WebSettings {
            trusted_proxies,
            ..settings
        },
        DeskOptions::default(),
    )
    .await;
    assert_eq!(proxied.send(ask(1, "1.1.1.1")).await.status, 200);
    assert_eq!(
        proxied.send(ask(2, "6.6.6.6, 1.1.1.1")).await.problem(),
        "rate_limited"
    );
    assert_eq!(proxied.send(ask(2, "2.2.2.2")).await.status, 200);
}
