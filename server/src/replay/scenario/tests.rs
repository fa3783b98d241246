//! What a scenario may be, and what is said of one that can't be.

use super::*;

/// A scenario with these events and further fields.
fn text(events: &str, fields: &str) -> String {
    format!("{{\n\"rulebook\": \"classic\",\n\"events\": [\n{events}\n]{fields}\n}}")
}

/// Line and field of what is wrong.
fn flaw(text: &str) -> (usize, String) {
    let malformed = Scenario::parse(text).expect_err(text);
    assert!(!malformed.problem.is_empty());
    (malformed.line, malformed.field)
}

const AT: &str = "\"at\": \"2026-01-01T08:00:00+08:00\"";

#[test]
fn what_is_wrong_with_an_event_is_named_by_line_and_field() {
    for (fields, field) in [
        (r#""do": "dance""#, "do"),
        (r#""do": "register""#, "member"),
        (r#""do": "register", "member": 5"#, "member"),
        (r#""do": "register", "member": "a", "colour": "red""#, "colour"),
        (r#""do": "register", "member": "a", "member": "a""#, "member"),
        (r#""do": "pass", "do": "pass""#, "do"),
        (
            r#""do": "give", "member": "a", "account": "gold.available", "amount": "1""#,
            "account",
        ),
        (
            r#""do": "give", "member": "a", "account": "cash.held", "amount": "1""#,
            "account",
        ),
        (
            r#""do": "give", "member": "a", "account": "cash.debt", "amount": "1""#,
            "account",
        ),
        (
            r#""do": "give", "member": "a", "account": "hi_value.available", "amount": "1""#,
            "account",
        ),
        (r#""do": "fund", "amount": 5"#, "amount"),
        (r#""do": "fund", "amount": "1e3""#, "amount"),
        (r#""do": "fund", "amount": "NaN""#, "amount"),
        (r#""do": "fund", "amount": """#, "amount"),
        (r#""do": "fund", "amount": "+1""#, "amount"),
        (
            r#""do": "steps", "member": "a", "kind": "swim", "steps": 1"#,
            "kind",
        ),
        (
            r#""do": "steps", "member": "a", "kind": "walk", "steps": "1""#,
            "steps",
        ),
        (
            r#""do": "steps", "member": "a", "kind": "walk", "steps": 1.5"#,
            "steps",
        ),
        (r#""do": "tier", "member": "a", "tier": "none""#, "tier"),
        (r#""do": "buy", "member": "a""#, "product"),
        (
            r#""do": "buy", "member": "a", "product": "rice-50", "price": "1""#,
            "product",
        ),
        (r#""do": "buy", "member": "a", "kind": "goods""#, "product"),
        (
            r#""do": "buy", "member": "a", "kind": "toys", "price": "1""#,
            "kind",
        ),
        (
            r#""do": "buy", "member": "a", "product": "rice-50", "receive": "yes""#,
            "receive",
        ),
        (
            r#""do": "buy", "member": "a", "product": "rice-50", "pay": {"cash": "1"}"#,
            "pay.cash",
        ),
        (
            r#""do": "bill", "member": "a", "merchant": "m", "amount": "1", "pay": {"shopping": "1"}"#,
            "pay.shopping",
        ),
        (
            r#""do": "take", "member": "a", "amount": "1", "price": "1", "listing": "l""#,
            "listing",
        ),
        (
            r#""do": "merchant", "merchant": "m", "owner": "a", "region": "44190", "rebate": "0.1""#,
            "region",
        ),
        (
            r#""do": "centre", "centre": "c", "owner": "a", "region": "441900", "by": "luck""#,
            "by",
        ),
        (r#""do": "rulebook", "override": []"#, "override"),
        (
            r#""do": "rulebook", "override": {"market": {"teleport": true}}"#,
            "override.market.teleport",
        ),
        (
            r#""do": "rulebook", "override": {"market": true}"#,
            "override.market",
        ),
        (
            r#""do": "rulebook", "override": {"mall": {"direct": {"hi_value": "1.5"}}}"#,
            "override.mall.direct.hi_value",
        ),
        (
            r#""do": "rulebook", "override": {"mall": {"a": 1, "a": 2}}"#,
            "override.mall",
        ),
    ] {
        let events = format!("{{{AT}, \"do\": \"pass\"}},\n{{{AT}, {fields}}}");
        assert_eq!(
            flaw(&text(&events, "")),
            (5, format!("events[1].{field}")),
            "{fields}"
        );
    }
}

#[test]
fn times_need_an_offset_and_never_go_back() {
    for at in [
        "2026-01-01",
        "2026-01-01T08:00:00",
        "2026-02-30T08:00:00+08:00",
        "2026-01-01T25:00:00+08:00",
        "yesterday",
        "2026-01-01T08:00:00+8",
    ] {
        let events = format!("{{\"do\": \"pass\",\n\"at\": \"{at}\"}}");
        assert_eq!(flaw(&text(&events, "")), (5, "events[0].at".to_owned()), "{at}");
    }
    let two = |second: &str| {
        text(
            &format!("{{{AT}, \"do\": \"pass\"}},\n{{\"at\": \"{second}\", \"do\": \"pass\"}}"),
            "",
        )
    };
    for earlier in [
        "2026-01-01T07:59:59+08:00",
        "2026-01-01T07:59:59.999999+08:00",
        "2026-01-01T08:59:59+09:00",
    ] {
        assert_eq!(flaw(&two(earlier)), (5, "events[1].at".to_owned()), "{earlier}");
    }
    for not_earlier in [
        "2026-01-01T08:00:00+08:00",
        "2026-01-01T00:00:00Z",
        "2025-12-31T23:30:00-00:30",
    ] {
        assert!(Scenario::parse(&two(not_earlier)).is_ok(), "{not_earlier}");
    }
}

#[test]
fn what_is_wrong_with_the_whole_is_named_by_line_and_field() {
    for (fields, field) in [
        (r#""colour": "red""#, "colour"),
        (r#""events": []"#, "events"),
        (r#""name": 5"#, "name"),
        (r#""launch": "2026-13-01""#, "launch"),
        (r#""launch": "2026-1-1""#, "launch"),
        (
            r#""override": {"partners": {"junior": {"hi_value": "-0.1"}}}"#,
            "override.partners.junior.hi_value",
        ),
        (
            r#""override": {"challenge": {"ladder": [{"steps": 2, "rate": "0"}, {"steps": 1, "rate": "0"}]}}"#,
            "override.challenge.ladder[1].steps",
        ),
        (r#""override": {"offline": null}"#, "override.offline"),
        (r#""expect": {"balance": {}}"#, "expect.balance"),
        (
            r#""expect": {"balances": {"a": {"gold.active": "1"}}}"#,
            "expect.balances.a.gold.active",
        ),
        (
            r#""expect": {"balances": {"a": {"cash.held": "1.001"}}}"#,
            "expect.balances.a.cash.held",
        ),
        (
            r#""expect": {"balances": {"a": {"cash.held": "1", "cash.held": "1"}}}"#,
            "expect.balances.a",
        ),
        (r#""expect": {"balances": {"a": {}, "a": {}}}"#, "expect.balances"),
        (r#""expect": {"supply": {"gold": {}}}"#, "expect.supply.gold"),
        (
            r#""expect": {"supply": {"cash": {"fees": 1}}}"#,
            "expect.supply.cash.fees",
        ),
        (
            r#""expect": {"rejected": [{"code": "bad_luck", "event": 1}]}"#,
            "expect.rejected[0].code",
        ),
        (
            r#""expect": {"rejected": [{"code": "duplicate"}]}"#,
            "expect.rejected[0].event",
        ),
        (r#""expect": {"tiers": {"a": "king"}}"#, "expect.tiers.a"),
        (r#""expect": {"vip": "a"}"#, "expect.vip"),
        (
            r#""expect": {"centres": {"c": {"status": "open"}}}"#,
            "expect.centres.c.status",
        ),
        (r#""expect": {"price": "0"}"#, "expect.price"),
        (r#""expect": []"#, "expect"),
        (r#""expect": {"supply": []}"#, "expect.supply"),
        (
            r#""expect": {"rejected": [["duplicate", 0]]}"#,
            "expect.rejected[0]",
        ),
    ] {
        assert_eq!(
            flaw(&text("", &format!(",\n{fields}"))),
            (6, field.to_owned()),
            "{fields}"
        );
    }
    assert_eq!(flaw(r#"{"events": []}"#), (1, "rulebook".to_owned()));
    assert_eq!(
        flaw(r#"{"rulebook": "modern", "events": []}"#),
        (1, "rulebook".to_owned())
    );
    assert_eq!(
        flaw(&text("[\"2026-01-01T08:00:00+08:00\", \"pass\"]", "")),
        (4, "events[0]".to_owned())
    );
    for garbage in [
        "",
        "null",
        "[]",
        "{",
        "{}\n{}",
        "\u{feff}{}",
        "嗨",
        "{\"rulebook\": \"classic\", \"events\": []} 5",
    ] {
        assert_eq!(
            flaw(garbage).1,
            if garbage.starts_with("{}") { "rulebook" } else { "" },
            "{garbage}"
        );
    }
    assert_eq!(flaw(&"[".repeat(100_000)).0, 1);
}

#[test]
fn what_may_be_left_out_has_a_default() {
    let scenario = Scenario::parse(&text(&format!("{{{AT}, \"do\": \"pass\"}}"), "")).unwrap();
    assert_eq!(scenario.launch.to_string(), "2026-01-01");
    assert_eq!(scenario.name, "");
    let changed = r#", "override": {"partners": {"max_depth": 3, "junior": {"when": {"team": null}}}, "centre": {"joins_by": []}}"#;
    let rulebook = Scenario::parse(&text("", changed)).unwrap().rulebook;
    let junior = &rulebook.partners.junior;
    assert_eq!(
        (rulebook.partners.max_depth, junior.when.direct, junior.when.team),
        (Some(3), Some(10), None)
    );
    assert_eq!(junior.hi_value.to_string(), "0.10");
    assert_eq!(rulebook.centre.joins_by, []);
}
