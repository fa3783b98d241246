//! The member's own data: profile, consents, export, deletion.

mod kit;

use haigou_contract::{Consent, Profile, Purpose};
use haigou_store::{Query as _, StoreError};
use kit::{Api, Phone};
use serde_json::{Value, json};

const ME: &str = "/api/v1/me";
const CONSENTS: &str = "/api/v1/me/consents";

async fn signed_in(api: &Api, tail: u32) -> Phone {
    let mut phone = Phone::new(tail);
    api.sign_in(&mut phone).await;
    phone
}

#[tokio::test]
async fn a_profile_changes_where_something_is_given() {
    let api = Api::new().await;
    let phone = signed_in(&api, 1).await;
    let me: Profile = api.send(phone.get(ME)).await.as_type();
    assert_eq!(
        (me.nickname.as_str(), me.language.tag(), me.vip),
        ("", "en", false)
    );
    let named = api
        .send(phone.change("PATCH", ME, "k1", &json!({"nickname": " 小明 "})))
        .await;
    assert_eq!(
        (
            named.status.as_u16(),
            &named.body["nickname"],
            &named.body["language"]
        ),
        (200, &json!("小明"), &json!("en"))
    );
    let spoken = api
        .send(phone.change("PATCH", ME, "k2", &json!({"language": "zh-CN"})))
        .await;
    assert_eq!(
        (&spoken.body["nickname"], &spoken.body["language"]),
        (&json!("小明"), &json!("zh-CN"))
    );
    let too_long = [json!("x".repeat(33)), json!("名".repeat(21_846))];
    for (nth, bad) in [json!(""), json!("  "), json!("a\nb"), json!(7)]
        .iter()
        .chain(&too_long)
        .enumerate()
    {
        let change = phone.change("PATCH", ME, &format!("bad{nth}"), &json!({"nickname": bad}));
        let refused = api.send(change).await;
        assert_eq!(
            (refused.problem().as_str(), &refused.body["field"]),
            ("invalid", &json!("nickname")),
            "{nth}"
        );
    }
    let me: Profile = api.send(phone.get(ME)).await.as_type();
    assert_eq!(me.nickname, "小明");
}

#[tokio::test]
async fn consents_are_given_and_taken_back_one_by_one() {
    let api = Api::new().await;
    let phone = signed_in(&api, 1).await;
    let given: Vec<Consent> = api.send(phone.get(CONSENTS)).await.as_type();
    assert_eq!(given.len(), 1, "registration accepted the terms");
    assert_eq!(
        (given[0].purpose, given[0].version.as_str(), given[0].given),
        (Purpose::Terms, "1", true)
    );

    let say = |given| json!({"purpose": "health", "version": "2", "given": given});
    assert_eq!(
        api.send(phone.change("POST", CONSENTS, "k1", &say(true)))
            .await
            .status,
        201
    );
    api.clock.advance(1_000);
    assert_eq!(
        api.send(phone.change("POST", CONSENTS, "k2", &say(false)))
            .await
            .status,
        201
    );
    let all: Vec<Consent> = api.send(phone.get(CONSENTS)).await.as_type();
    let health: Vec<bool> = all
        .iter()
        .filter(|c| c.purpose == Purpose::Health)
        .map(|c| c.given)
        .collect();
    assert_eq!(health, [false, true], "the newest first");

    let terms = json!({"purpose": "terms", "version": "1", "given": false});
    assert_eq!(
        api.send(phone.change("POST", CONSENTS, "k3", &terms))
            .await
            .problem(),
        "wrong_state"
    );
    let long = json!({"purpose": "health", "version": "2".repeat(65_536), "given": true});
    assert_eq!(
        api.send(phone.change("POST", CONSENTS, "k4", &long)).await.body["field"],
        "version"
    );
}

#[tokio::test]
async fn an_export_holds_everything_in_full() {
    let api = Api::new().await;
    let phone = signed_in(&api, 1).await;
    let export = api.send(phone.get("/api/v1/me/export")).await;
    assert_eq!(export.status, 200, "{}", export.text);
    assert_eq!(export.body["phone"], "+8613800000001");
    assert_eq!(export.headers["cache-control"], "no-store");
    for part in ["profile", "devices", "consents", "sport", "wallet"] {
        assert!(!export.body[part].is_null(), "{part}: {}", export.text);
    }
    assert_eq!(
        export.body["wallet"]["statement"].as_array().unwrap().len(),
        2,
        "what registration gave"
    );
    assert_eq!(api.get("/api/v1/me/export").await.problem(), "unauthenticated");
}

#[tokio::test]
async fn a_deleted_account_is_gone_and_its_number_starts_anew() {
    let api = Api::new().await;
    let mut sponsor = signed_in(&api, 1).await;
    let invite_code = api.send(sponsor.get(ME)).await.body["invite_code"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut friend = Phone::new(2);
    api.sign_in_with(&mut friend, Some(&invite_code)).await;
    api.send(sponsor.change("PATCH", ME, "k1", &json!({"nickname": "Unforgettable"})))
        .await;

    let code = api.code(&sponsor.number).await;
    let deleted = api
        .send(sponsor.signed("DELETE", ME, "k2", &json!({"code": code})))
        .await;
    assert_eq!(deleted.status, 204, "{}", deleted.text);
    assert_eq!(api.send(sponsor.get(ME)).await.problem(), "gone");
    let again = api
        .send(sponsor.signed("DELETE", ME, "k2", &json!({"code": code})))
        .await;
    assert_eq!(again.problem(), "gone");
    let refreshed = sponsor.refresh(&api, &sponsor.session().refresh_token).await;
    assert_eq!(refreshed.problem(), "gone");

    let friend_now: Profile = api.send(friend.get(ME)).await.as_type();
    assert_eq!(friend_now.sponsor, None, "whose number it was is forgotten");
    let line = api.store.read_blocking(|r| {
        r.query_one("SELECT sponsor FROM person WHERE member = 2", &[], |row| {
            row.opt_int(0)
        })
    });
    assert_eq!(
        line,
        Ok::<_, StoreError>(Some(Some(1))),
        "his place in the line stays"
    );
    for (table, column) in [
        ("member", "nickname"),
        ("member", "phone"),
        ("device", "name"),
        ("idempotency", "answer"),
    ] {
        let sql = format!(
            "SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%Unforgettable%' OR {column} LIKE '%{}'",
            sponsor.number
        );
        let left = api
            .store
            .read_blocking(|r| r.query_one(&sql, &[], |row| row.int(0)));
        assert_eq!(left, Ok::<_, StoreError>(Some(0)), "{table}.{column}");
    }
    let code = api.code("+8613800000003").await;
    let mut body = Phone::new(3).sign_in_body(&code);
    body["invite_code"] = json!(invite_code);
    assert_eq!(
        api.post("/api/v1/auth/sessions", &body).await.problem(),
        "unknown_sponsor"
    );

    let old = sponsor.session().member.clone();
    api.sign_in(&mut sponsor).await;
    assert!(sponsor.session().registered);
    assert_ne!(sponsor.session().member, old);
    let me: Profile = api.send(sponsor.get(ME)).await.as_type();
    assert_eq!((me.direct, me.nickname.as_str()), (0, ""));
}

#[tokio::test]
async fn deleting_needs_a_fresh_code_and_the_device_itself() {
    let api = Api::new().await;
    let mut phone = Phone::new(1);
    let used = api.code(&phone.number).await;
    let answer = api
        .post("/api/v1/auth/sessions", &phone.sign_in_body(&used))
        .await;
    phone.session = Some(answer.as_type());
    let with = |code: &str| json!({"code": code});
    assert_eq!(
        api.send(phone.signed("DELETE", ME, "k1", &with(&used)))
            .await
            .problem(),
        "code_expired"
    );
    let code = api.code(&phone.number).await;
    let wrong = if code == "111111" { "222222" } else { "111111" };
    assert_eq!(
        api.send(phone.signed("DELETE", ME, "k2", &with(wrong)))
            .await
            .problem(),
        "code_wrong"
    );
    assert_eq!(
        api.send(phone.signed("DELETE", ME, "k3", &with("1"))).await.body["field"],
        "code"
    );
    let unsigned = api.send(phone.change("DELETE", ME, "k4", &with(&code))).await;
    assert_eq!(unsigned.problem(), "signature_invalid");
    let thief = Phone {
        session: phone.session.clone(),
        ..Phone::with_key(1, 99)
    };
    let stolen = api.send(thief.signed("DELETE", ME, "k5", &with(&code))).await;
    assert_eq!(stolen.problem(), "signature_invalid");
    assert_eq!(api.send(phone.get(ME)).await.status, 200);
    assert_eq!(
        api.send(phone.signed("DELETE", ME, "k6", &with(&code)))
            .await
            .status,
        204
    );
}

#[tokio::test]
async fn a_registration_earns_what_the_rulebook_says() {
    let api = Api::new().await;
    let sponsor = signed_in(&api, 1).await;
    let invite_code = api.send(sponsor.get(ME)).await.body["invite_code"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut friend = Phone::new(2);
    api.sign_in_with(&mut friend, Some(&invite_code)).await;
    let holds = |id: i64| -> Value {
        let held = api.store.read_blocking(|reader| {
            let member = haigou_ledger::MemberNo::new(id).unwrap();
            haigou_store::ledger::holdings(reader, member)
        });
        let held = held.unwrap();
        let all = held.iter().filter(|(_, amount)| !amount.is_zero());
        all.map(|(slot, amount)| (format!("{slot:?}"), json!(slot.asset().show(amount))))
            .collect()
    };
    // The preset `sport`: 100 + 100 for the new member; 50 + 50 for the sponsor, and 10 of his frozen 150 unfrozen.
    assert_eq!(
        holds(2),
        json!({"HiValueActive": "100.00", "ChallengeFrozen": "100.00"})
    );
    assert_eq!(
        holds(1),
        json!({"HiValueActive": "150.00", "ChallengeFrozen": "140.00", "ChallengeAvailable": "10.00"})
    );
}
