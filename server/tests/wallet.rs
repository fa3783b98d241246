//! The wallet over the API: what registering earns, the airdrop over days, and the reason behind every line.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]

mod kit;

use haigou_contract::{AirdropDay, Page, Rules, StatementLine, Wallet};
use kit::{Api, Phone};
use serde::de::DeserializeOwned;

const DAY_MS: i64 = 86_400_000;

async fn get<T: DeserializeOwned>(api: &Api, phone: &Phone, path: &str) -> T {
    let answer = api.send(phone.get(path)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.as_type()
}

/// A member who registered, by the code of another if there is one.
async fn member(api: &Api, tail: u32, sponsor: Option<&Phone>) -> Phone {
    let code = match sponsor {
        Some(sponsor) => Some(
            api.send(sponsor.get("/api/v1/me")).await.body["invite_code"]
                .as_str()
                .unwrap()
                .to_owned(),
        ),
        None => None,
    };
    let mut phone = Phone::new(tail);
    api.sign_in_with(&mut phone, code.as_deref()).await;
    phone
}

/// Days pass; whoever wants to look after them signs in anew.
async fn later(api: &Api, days: i64, members: &mut [&mut Phone]) {
    api.clock.advance(days * DAY_MS);
    for phone in members {
        api.sign_in(phone).await;
    }
}

/// What stands in `asset.bucket`.
async fn held(api: &Api, phone: &Phone, account: &str) -> String {
    let wallet: Wallet = get(api, phone, "/api/v1/wallet").await;
    let mut balances = wallet.balances.iter();
    let found = balances.find(|balance| format!("{}.{}", balance.asset, balance.bucket) == account);
    found.unwrap().amount.to_string()
}

async fn statement(api: &Api, phone: &Phone, query: &str) -> Vec<StatementLine> {
    get::<Page<_>>(api, phone, &format!("/api/v1/wallet/statement{query}"))
        .await
        .items
}

fn audit_is_clean(api: &Api) {
    let report = api
        .store
        .read_blocking(|reader| haigou_server::audit(reader))
        .unwrap();
    assert!(report.ok, "{:?}", report.findings);
}

#[tokio::test]
async fn registering_under_sport_rewards_both_sides() {
    let api = Api::under("sport").await;
    let amy = member(&api, 1, None).await;
    let bob = member(&api, 2, Some(&amy)).await;
    for (phone, account, amount) in [
        (&amy, "hi_value.active", "150.00"),
        (&amy, "challenge.frozen", "140.00"),
        (&amy, "challenge.available", "10.00"),
        (&bob, "hi_value.active", "100.00"),
        (&bob, "challenge.frozen", "100.00"),
        (&bob, "hi_shell.available", "0.00000000"),
    ] {
        assert_eq!(held(&api, phone, account).await, amount, "{account}");
    }
    let wallet: Wallet = get(&api, &amy, "/api/v1/wallet").await;
    assert_eq!(wallet.balances.len(), 15);
    assert_eq!(
        (wallet.shell_price.to_string().as_str(), wallet.active),
        ("1.0000", true)
    );
    assert_eq!(
        (wallet.rulebook.name.as_str(), wallet.rulebook.version),
        ("sport", 1)
    );
    let lines = statement(&api, &amy, "").await;
    let said: Vec<_> = lines
        .iter()
        .map(|line| (line.rule.as_str(), line.amount.to_string(), line.event.as_str()))
        .collect();
    let line = |rule, amount: &str| (rule, amount.to_owned(), "registration");
    assert_eq!(
        said,
        [
            line("register.unfreeze", "10.00"),
            line("register.unfreeze", "-10.00"),
            line("register.direct", "50.00"),
            line("register.direct", "50.00"),
            line("register.member", "100.00"),
            line("register.member", "100.00"),
        ]
    );
    assert_eq!(
        lines[0].text,
        "A friend registered with your code: the lesser of 10.00 and the frozen challenge 150.00 = 10.00"
    );
    audit_is_clean(&api);
}

#[tokio::test]
async fn registering_under_classic_waits_for_a_pack() {
    let api = Api::under("classic").await;
    let amy = member(&api, 1, None).await;
    let mut bob = member(&api, 2, Some(&amy)).await;
    assert_eq!(held(&api, &amy, "hi_value.inactive").await, "300.00");
    assert_eq!(held(&api, &bob, "hi_value.inactive").await, "300.00");
    let wallet: Wallet = get(&api, &bob, "/api/v1/wallet").await;
    assert!(!wallet.active);
    later(&api, 3, &mut [&mut bob]).await;
    assert_eq!(held(&api, &bob, "hi_shell.available").await, "0.00000000");
    let days: Page<AirdropDay> = get(&api, &bob, "/api/v1/wallet/airdrop").await;
    assert_eq!(days.items.len(), 3);
    assert!(
        days.items
            .iter()
            .all(|day| day.drop.to_string() == "498.00000000" && day.share.is_zero())
    );
    audit_is_clean(&api);
}

#[tokio::test]
async fn the_airdrop_is_shared_day_by_day() {
    let api = Api::under("sport").await;
    let mut amy = member(&api, 1, None).await;
    let mut bob = member(&api, 2, Some(&amy)).await;
    let mut carl = member(&api, 3, Some(&amy)).await;
    // 200 + 100 + 100 active; 100,000 ÷ 365 = 273.97260273 a day.
    assert_eq!(held(&api, &carl, "hi_shell.available").await, "0.00000000");
    later(&api, 1, &mut [&mut amy, &mut carl]).await;
    assert_eq!(held(&api, &carl, "hi_shell.available").await, "68.49315068");
    assert_eq!(held(&api, &amy, "hi_shell.available").await, "136.98630136");
    // A fourth on the second day: 273.97260273 × 100 ÷ 550 from then on, also for those who look in only later.
    let _dora = member(&api, 4, Some(&amy)).await;
    later(&api, 6, &mut [&mut bob]).await;
    let share = "49.81320049";
    assert_eq!(held(&api, &bob, "hi_shell.available").await, "367.37235362");

    let days: Page<AirdropDay> = get(&api, &bob, "/api/v1/wallet/airdrop?limit=4").await;
    assert_eq!(days.items.len(), 4);
    assert!(
        days.items
            .iter()
            .all(|day| day.share.to_string() == share && day.network.to_string() == "550.00")
    );
    let rest: Page<AirdropDay> = get(
        &api,
        &bob,
        &format!("/api/v1/wallet/airdrop?limit=4&cursor={}", days.next.unwrap()),
    )
    .await;
    let shares: Vec<_> = rest.items.iter().map(|day| day.share.to_string()).collect();
    assert_eq!(
        (shares, rest.next),
        (
            vec![share.to_owned(), share.to_owned(), "68.49315068".to_owned()],
            None
        )
    );

    let lines = statement(&api, &bob, "?asset=hi_shell").await;
    assert_eq!(lines.len(), 7);
    let oldest = lines.last().unwrap();
    let day = rest.items[2].day;
    assert_eq!(oldest.amount.to_string(), "68.49315068");
    assert_eq!(
        oldest.text,
        format!("Airdrop of {day}: 273.97260273 × own 100.00 ÷ network 400.00 = 68.49315068")
    );
    assert_eq!(
        (oldest.rule.as_str(), oldest.event.as_str()),
        ("airdrop.share", "airdrop")
    );
    audit_is_clean(&api);
}

#[tokio::test]
async fn every_line_can_be_opened_and_no_page_loses_one() {
    let api = Api::under("sport").await;
    let mut amy = member(&api, 1, None).await;
    for tail in 2..7 {
        member(&api, tail, Some(&amy)).await;
    }
    later(&api, 5, &mut [&mut amy]).await;
    let all = statement(&api, &amy, "?limit=100").await;
    assert_eq!(all.len(), 2 + 5 * 4 + 5);
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: Page<StatementLine> =
            get(&api, &amy, &format!("/api/v1/wallet/statement?limit=4{cursor}")).await;
        paged.extend(page.items);
        let Some(next) = page.next else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, all);
    for line in &all {
        let opened: StatementLine = get(&api, &amy, &format!("/api/v1/wallet/statement/{}", line.line)).await;
        assert_eq!(&opened, line);
        assert_eq!((line.hash.len(), line.journal > 0), (64, true));
    }
    let total: rust_decimal::Decimal = all
        .iter()
        .filter(|line| line.asset.name() == "hi_shell")
        .map(|line| line.amount)
        .sum();
    assert_eq!(total.to_string(), held(&api, &amy, "hi_shell.available").await);

    let stranger = Phone::new(2);
    let mut stranger = stranger;
    api.sign_in(&mut stranger).await;
    for missing in ["x", "0-0", "99999-0", &all[0].line] {
        let answer = api
            .send(stranger.get(&format!("/api/v1/wallet/statement/{missing}")))
            .await;
        assert_eq!(answer.problem(), "not_found", "{missing}");
    }
    for wrong in ["cursor=x", "limit=0", "limit=-1", "asset=gold"] {
        let answer = api
            .send(amy.get(&format!("/api/v1/wallet/statement?{wrong}")))
            .await;
        assert_eq!(answer.problem(), "invalid", "{wrong}");
    }
}

#[tokio::test]
async fn the_rules_are_there_for_everybody_in_both_languages() {
    let api = Api::under("sport").await;
    let zh: Rules = api.get("/api/v1/rules").await.as_type();
    assert!(zh.sentences.iter().any(|text| text.contains("运动阶梯")));
    let amy = member(&api, 1, None).await;
    let en: Rules = get(&api, &amy, "/api/v1/rules").await;
    assert!(
        en.sentences
            .iter()
            .any(|text| text.starts_with("Step ladder: 3000 steps"))
    );
    assert_eq!(
        (en.rulebook.name.as_str(), zh.sentences.len()),
        ("sport", en.sentences.len())
    );
}
