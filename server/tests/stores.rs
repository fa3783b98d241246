//! Stores over the API: applied for, approved, and bills that one side enters and the other confirms.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]

mod kit;

use haigou_contract::{Bill, BillStatus, ErrorCode, Page, StatementLine, Store, StoreStatus};
use haigou_rules::Preset;
use haigou_server::airdrop::StartRulebook;
use haigou_server::stores::{ApplyForMerchant, ApproveMerchant, PayBill};
use haigou_server::web::Refusal;
use haigou_store::{Command, DeskError};
use kit::{Answer, Api, Phone, give, number};
use serde_json::{Value, json};

async fn code<C: Command<Refusal = Refusal>>(api: &Api, command: C) -> Option<ErrorCode>
where
    C::Answer: std::fmt::Debug,
{
    match api.desk.submit(command).await {
        Ok(_) => None,
        Err(DeskError::Refused(refusal)) => Some(refusal.code),
        Err(other) => panic!("{other:?}"),
    }
}

/// Amy, whom bob names as his sponsor, and carl.
async fn three(api: &Api) -> (Phone, Phone, Phone) {
    let (mut amy, mut bob, mut carl) = (Phone::new(1), Phone::new(2), Phone::new(3));
    api.sign_in(&mut amy).await;
    let me = api.send(amy.get("/api/v1/me")).await;
    api.sign_in_with(&mut bob, me.body["invite_code"].as_str()).await;
    api.sign_in(&mut carl).await;
    (amy, bob, carl)
}

/// Carl's store, which gives a tenth away.
async fn noodles(api: &Api, carl: &Phone) -> Store {
    let asked = json!({"name": "Noodles", "region": "441900", "rebate": "0.10"});
    let store: Store = api
        .send(carl.change("POST", "/api/v1/stores", "store", &asked))
        .await
        .as_type();
    let merchant = "Noodles".to_owned();
    api.desk.submit(ApproveMerchant { merchant }).await.unwrap();
    store
}

async fn enter(api: &Api, owner: &Phone, store: &Store, key: &str, member: &str, amount: &str) -> Answer {
    let path = format!("/api/v1/stores/{}/bills", store.store);
    let says = json!({"member": member, "amount": amount});
    api.send(owner.signed("POST", &path, key, &says)).await
}

async fn confirm(api: &Api, member: &Phone, bill: &Bill, key: &str, says: &Value) -> Answer {
    let path = format!("/api/v1/bills/{}/confirm", bill.bill);
    api.send(member.signed("POST", &path, key, says)).await
}

async fn look(api: &Api, member: &Phone, bill: &Bill) -> Answer {
    api.send(member.get(&format!("/api/v1/bills/{}", bill.bill)))
        .await
}

fn gains(of: &[haigou_contract::Gain]) -> Vec<String> {
    of.iter()
        .map(|gain| format!("{} {}", gain.amount, gain.asset))
        .collect()
}

#[tokio::test]
async fn a_store_is_applied_for_and_takes_bills_once_it_is_approved() {
    let api = Api::under("classic").await;
    let (_, bob, carl) = three(&api).await;
    let ask = |key, name, region, rebate| {
        let asked = json!({"name": name, "region": region, "rebate": rebate});
        carl.change("POST", "/api/v1/stores", key, &asked)
    };
    let store: Store = api.send(ask("1", "Noodles", "441900", "0.10")).await.as_type();
    assert_eq!(store.status, StoreStatus::Applied);
    for (key, name, region, rebate, refusal) in [
        ("2", "Noodles", "441900", "0.10", "duplicate"),
        ("3", "Rice", "441900", "0.51", "bad_amount"),
        ("4", "Rice", "441900", "1e-1", "bad_amount"),
        ("5", "Rice", "4419", "0.10", "invalid"),
        ("6", " ", "441900", "0.10", "invalid"),
    ] {
        assert_eq!(api.send(ask(key, name, region, rebate)).await.problem(), refusal);
    }
    let member = &bob.session().member;
    let early = enter(&api, &carl, &store, "7", member, "10.00").await;
    assert_eq!(early.problem(), "not_approved");
    let merchant = "Noodles".to_owned();
    api.desk
        .submit(ApproveMerchant {
            merchant: merchant.clone(),
        })
        .await
        .unwrap();
    assert_eq!(
        code(&api, ApproveMerchant { merchant }).await,
        Some(ErrorCode::WrongState)
    );
    let entered = enter(&api, &carl, &store, "8", member, "10.00").await;
    assert_eq!(entered.status, 201, "{}", entered.text);
    let mine: Vec<Store> = api.send(carl.get("/api/v1/stores/mine")).await.as_type();
    assert_eq!(mine[0].status, StoreStatus::Approved);
    assert_eq!(
        enter(&api, &bob, &store, "9", member, "10.00").await.problem(),
        "not_found"
    );
}

#[tokio::test]
async fn a_bill_brings_both_sides_what_it_said_before() {
    let api = Api::under("classic").await;
    let (amy, bob, carl) = three(&api).await;
    let store = noodles(&api, &carl).await;
    let member = bob.session().member.clone();
    let entered: Bill = enter(&api, &carl, &store, "1", &member, "1000.00")
        .await
        .as_type();
    assert_eq!(entered.status, BillStatus::Waiting);
    assert_eq!(entered.obstacle, Some(ErrorCode::Insufficient));

    give(&api, 3, "100").await;
    let shown: Bill = look(&api, &bob, &entered).await.as_type();
    assert_eq!((shown.obstacle, shown.status), (None, BillStatus::Waiting));
    assert_eq!(gains(&shown.member_gets), ["1000.00 hi_value"]);
    assert_eq!(
        gains(&shown.store_gets),
        ["200.00 hi_value", "-100.00000000 hi_shell"]
    );
    assert_eq!(look(&api, &amy, &entered).await.problem(), "not_found");
    let yes = json!({});
    assert_eq!(
        confirm(&api, &carl, &entered, "2", &yes).await.problem(),
        "not_found"
    );

    let confirmed = confirm(&api, &bob, &entered, "3", &yes).await;
    let bill: Bill = confirmed.as_type();
    assert_eq!(bill.status, BillStatus::Confirmed);
    assert_eq!(
        (&bill.member_gets, &bill.store_gets),
        (&shown.member_gets, &shown.store_gets)
    );
    assert_eq!(look(&api, &carl, &entered).await.as_type::<Bill>(), bill);
    let again = confirm(&api, &bob, &entered, "3", &yes).await;
    assert_eq!(
        (
            again.text,
            again.headers["idempotency-repeated"].to_str().unwrap()
        ),
        (confirmed.text, "true")
    );
    assert_eq!(
        confirm(&api, &bob, &entered, "4", &yes).await.problem(),
        "wrong_state"
    );

    let statement: Page<StatementLine> = api.send(carl.get("/api/v1/wallet/statement")).await.as_type();
    let lines: Vec<_> = statement
        .items
        .iter()
        .filter(|line| line.event == "bill")
        .collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    for line in lines {
        assert!(
            !line.text.contains('?') && line.text.contains("100.00"),
            "{}",
            line.text
        );
    }
    kit::audit_is_clean(&api);
}

#[tokio::test]
async fn a_bill_waits_ten_minutes() {
    let api = Api::under("sport").await;
    let (_, bob, carl) = three(&api).await;
    let store = noodles(&api, &carl).await;
    let me = api.send(bob.get("/api/v1/me")).await;
    let invite_code = me.body["invite_code"].as_str().unwrap().to_lowercase();
    let entered: Bill = enter(&api, &carl, &store, "1", &invite_code, "10.00")
        .await
        .as_type();
    assert_eq!(entered.member, bob.session().member);
    api.clock.advance(10 * 60 * 1000 + 1);
    let shown: Bill = look(&api, &bob, &entered).await.as_type();
    assert_eq!((shown.status, shown.member_gets.len()), (BillStatus::Expired, 0));
    let late = confirm(&api, &bob, &entered, "2", &json!({})).await;
    assert_eq!(late.problem(), "wrong_state");
    for (key, member, amount, refusal) in [
        ("3", "nobody", "10.00", "unknown_member"),
        ("4", &*entered.member, "0", "bad_amount"),
        ("5", &*entered.member, "-1.00", "bad_amount"),
        ("6", &*entered.member, "1.001", "bad_amount"),
        ("7", &*carl.session().member, "10.00", "self_dealing"),
    ] {
        let refused = enter(&api, &carl, &store, key, member, amount).await;
        assert_eq!(refused.problem(), refusal, "{member} {amount}");
    }
}

#[tokio::test]
async fn a_part_is_paid_in_hi_shell_where_the_rulebook_says_so() {
    let api = Api::under("sport").await;
    let (_, bob, carl) = three(&api).await;
    let store = noodles(&api, &carl).await;
    let mut rulebook = Preset::Sport.rulebook().unwrap();
    rulebook.market.deduct_store = false;
    api.desk
        .submit(StartRulebook {
            rulebook: rulebook.clone(),
        })
        .await
        .unwrap();
    let entered: Bill = enter(&api, &carl, &store, "1", &bob.session().member, "10.00")
        .await
        .as_type();
    let paying = |shells: &str| json!({"hi_shell": shells});
    assert_eq!(
        confirm(&api, &bob, &entered, "2", &paying("0")).await.problem(),
        "switched_off"
    );
    rulebook.market.deduct_store = true;
    api.desk.submit(StartRulebook { rulebook }).await.unwrap();
    for (key, shells, refusal) in [
        ("3", "0", "bad_amount"),
        ("4", "0.000000001", "bad_amount"),
        ("5", "10.01", "bad_amount"),
        ("6", "4", "insufficient"),
    ] {
        assert_eq!(
            confirm(&api, &bob, &entered, key, &paying(shells))
                .await
                .problem(),
            refusal,
            "{shells}"
        );
    }
    give(&api, 2, "5").await;
    let bill: Bill = confirm(&api, &bob, &entered, "7", &paying("4")).await.as_type();
    assert_eq!(bill.hi_shell.to_string(), "4.00000000");
    assert!(gains(&bill.member_gets).contains(&"-4.00000000 hi_shell".to_owned()));
    assert!(gains(&bill.store_gets).contains(&"4.00000000 hi_shell".to_owned()));
    kit::audit_is_clean(&api);
}

#[tokio::test]
async fn the_first_refusal_that_applies_is_given() {
    let api = Api::under("classic").await;
    three(&api).await;
    let merchant = ApplyForMerchant {
        name: "Noodles".to_owned(),
        owner: number(3),
        region: 441_900,
        rebate: "0.10".to_owned(),
        approve: false,
    };
    let stranger = ApplyForMerchant {
        owner: number(9),
        rebate: "2".to_owned(),
        ..merchant.clone()
    };
    assert_eq!(code(&api, stranger).await, Some(ErrorCode::UnknownMember));
    assert_eq!(code(&api, merchant.clone()).await, None);
    let twice = ApplyForMerchant {
        rebate: "2".to_owned(),
        ..merchant
    };
    assert_eq!(code(&api, twice).await, Some(ErrorCode::Duplicate));

    let bill = |buyer, merchant: &str, order: &str, amount: &str, hi_shell: Option<&str>| PayBill {
        order: Some(order.to_owned()),
        buyer: number(buyer),
        merchant: merchant.to_owned(),
        amount: amount.to_owned(),
        hi_shell: hi_shell.map(str::to_owned),
    };
    use ErrorCode::*;
    let both = [
        (bill(9, "Nobody", "b", "0", Some("0")), Some(UnknownMember)),
        (bill(3, "Nobody", "b", "0", Some("0")), Some(UnknownMerchant)),
        (bill(3, "Noodles", "b", "0", Some("0")), Some(SwitchedOff)),
        (bill(3, "Noodles", "b", "0", None), Some(BadAmount)),
        (bill(3, "Noodles", "b", "1.00", None), Some(NotApproved)),
    ];
    for (command, refusal) in both {
        assert_eq!(code(&api, command).await, refusal);
    }
    let approve = ApproveMerchant {
        merchant: "Noodles".to_owned(),
    };
    assert_eq!(code(&api, approve).await, None);
    give(&api, 3, "1").await;
    for (command, refusal) in [
        (bill(3, "Noodles", "b", "1.00", None), Some(SelfDealing)),
        (bill(2, "Noodles", "b", "10.10", None), Some(Insufficient)),
        (bill(2, "Noodles", "b", "10.00", None), None),
        (bill(2, "Noodles", "b", "0", Some("0")), Some(Duplicate)),
    ] {
        assert_eq!(code(&api, command).await, refusal);
    }
}
