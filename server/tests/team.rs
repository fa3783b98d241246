//! The team over the API: counts, the direct list page by page, and what the next tier takes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]

mod kit;

use haigou_contract::{DirectMember, Page, PartnerTier, Team, TierCondition};
use haigou_server::partners::AppointPartner;
use kit::{Api, Phone, number};
use serde::de::DeserializeOwned;
use serde_json::json;

const HOUR_MS: i64 = 3_600_000;

async fn get<T: DeserializeOwned>(api: &Api, phone: &Phone, path: &str) -> T {
    let answer = api.send(phone.get(path)).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer.as_type()
}

/// Registers with the code of another.
async fn below(api: &Api, tail: u32, sponsor: &Phone) -> Phone {
    let me = api.send(sponsor.get("/api/v1/me")).await;
    let code = me.body["invite_code"].as_str().unwrap().to_owned();
    let mut phone = Phone::new(tail);
    api.sign_in_with(&mut phone, Some(&code)).await;
    phone
}

#[tokio::test]
async fn a_team_is_counted_at_every_depth_and_says_what_the_next_tier_takes() {
    let api = Api::under("classic").await;
    let mut amy = Phone::new(1);
    api.sign_in(&mut amy).await;
    let alone: Team = get(&api, &amy, "/api/v1/team").await;
    assert_eq!(
        (alone.direct, alone.direct_active, alone.team, alone.tier),
        (0, 0, 0, None)
    );
    let bob = below(&api, 2, &amy).await;
    below(&api, 3, &amy).await;
    below(&api, 4, &bob).await;
    let team: Team = get(&api, &amy, "/api/v1/team").await;
    assert_eq!((team.direct, team.direct_active, team.team), (2, 0, 3));
    assert_eq!(
        (team.rulebook.name.as_str(), team.rulebook.version),
        ("classic", 1)
    );
    let next = team.next.unwrap();
    assert_eq!((next.tier, next.needs_vip), (PartnerTier::Junior, true));
    let figures: Vec<_> = next
        .conditions
        .iter()
        .map(|c| (c.of, c.needed, c.reached, c.missing))
        .collect();
    assert_eq!(
        figures,
        [
            (TierCondition::Direct, 10, 2, 8),
            (TierCondition::Team, 100, 3, 97)
        ]
    );
    assert_eq!(
        next.missing,
        [
            "Only VIP members become partners.",
            "8 more direct referrals (2 of 10).",
            "97 more members in the team (3 of 100).",
        ]
    );
    let chinese = in_chinese(&api, &amy).await;
    assert_eq!(chinese.next.unwrap().missing[1], "直推会员 2/10 人，还差 8 人。");
}

async fn in_chinese(api: &Api, phone: &Phone) -> Team {
    let mut request = phone.get("/api/v1/team");
    request
        .headers_mut()
        .insert("accept-language", "zh-CN".parse().unwrap());
    api.send(request).await.as_type()
}

#[tokio::test]
async fn under_sport_everybody_below_is_active_and_a_partner_sees_the_tier_above() {
    let api = Api::under("sport").await;
    let mut amy = Phone::new(1);
    api.sign_in(&mut amy).await;
    below(&api, 2, &amy).await;
    let appoint = AppointPartner {
        member: number(1),
        tier: PartnerTier::Junior,
    };
    api.desk.submit(appoint).await.unwrap();
    let team: Team = get(&api, &amy, "/api/v1/team").await;
    assert_eq!((team.direct_active, team.tier), (1, Some(PartnerTier::Junior)));
    assert_eq!(team.next.unwrap().tier, PartnerTier::Middle);
}

#[tokio::test]
async fn the_direct_list_comes_page_by_page_the_newest_first_without_full_numbers() {
    let api = Api::under("sport").await;
    let mut amy = Phone::new(1);
    api.sign_in(&mut amy).await;
    let mut last = None;
    for tail in 2..=7 {
        api.clock.advance(HOUR_MS);
        api.sign_in(&mut amy).await;
        last = Some(below(&api, tail, &amy).await);
    }
    // Somebody below one of them is in the team, not in the list.
    below(&api, 8, last.as_ref().unwrap()).await;
    let (mut seen, mut path) = (Vec::new(), "/api/v1/team/direct?limit=2".to_owned());
    loop {
        let page: Page<DirectMember> = get(&api, &amy, &path).await;
        assert!(page.items.len() <= 2);
        seen.extend(page.items);
        match page.next {
            Some(next) => path = format!("/api/v1/team/direct?limit=2&cursor={next}"),
            None => break,
        }
    }
    let numbers: Vec<_> = seen.iter().map(|member| member.phone.clone().unwrap()).collect();
    let expected: Vec<_> = (2..=7).rev().map(|tail| format!("+86138****{tail:04}")).collect();
    assert_eq!(numbers, expected);
    assert!(seen.is_sorted_by(|a, b| a.registered_at > b.registered_at));

    // Deleted members keep their place, without a number.
    let gone = last.unwrap();
    let code = api.code(&gone.number).await;
    let deleted = api
        .send(gone.signed("DELETE", "/api/v1/me", "del", &json!({"code": code})))
        .await;
    assert!(deleted.status.is_success(), "{}", deleted.text);
    let page: Page<DirectMember> = get(&api, &amy, "/api/v1/team/direct?limit=1").await;
    assert_eq!(page.items[0].phone, None);
}

#[tokio::test]
async fn strangers_and_odd_pages_are_refused() {
    let api = Api::under("sport").await;
    for path in ["/api/v1/team", "/api/v1/team/direct"] {
        assert_eq!(api.get(path).await.problem(), "unauthenticated");
    }
    let mut amy = Phone::new(1);
    api.sign_in(&mut amy).await;
    for (query, field) in [
        ("cursor=x", "cursor"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
    ] {
        let answer = api.send(amy.get(&format!("/api/v1/team/direct?{query}"))).await;
        assert_eq!(answer.problem(), "invalid");
        assert_eq!(answer.body["field"], field);
    }
    let empty: Page<DirectMember> = get(&api, &amy, "/api/v1/team/direct").await;
    assert!(empty.items.is_empty() && empty.next.is_none());
}
