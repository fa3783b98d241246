use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use haigou_contract::{ActivityKind, Asset, Doubt, Language, PartnerTier};
use proptest::prelude::*;

use super::catalogue::{CHINESE, ENGLISH, grouped};
use super::keys::ALL;
use super::*;

/// What one text needs: its own variables, and the texts that it refers to.
#[derive(Debug, Default)]
struct Needs {
    variables: BTreeSet<String>,
    texts: BTreeSet<String>,
    /// What its selectors choose by, numbers and plurals left out.
    choices: BTreeSet<String>,
}

impl Needs {
    fn pattern(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<&str>) {
        let selector = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                for variant in variants {
                    self.pattern(&variant.value);
                    if let VariantKey::Identifier { name } = variant.key
                        && !matches!(name, "one" | "other")
                    {
                        self.choices.insert(name.to_owned());
                    }
                }
                selector
            }
        };
        match selector {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.to_owned());
            }
            InlineExpression::MessageReference { id, .. } => {
                self.texts.insert(id.name.to_owned());
            }
            InlineExpression::Placeable { expression } => self.expression(expression),
            other => panic!("not used here: {other:?}"),
        }
    }
}

/// A file by its texts; each must stand there once.
fn needs(source: &str) -> BTreeMap<String, Needs> {
    let mut all = BTreeMap::new();
    for entry in fluent_syntax::parser::parse(source).unwrap().body {
        let Entry::Message(message) = entry else { continue };
        let mut needs = Needs::default();
        needs.pattern(&message.value.expect("a text says something"));
        let key = message.id.name.to_owned();
        assert!(all.insert(key, needs).is_none(), "{} twice", message.id.name);
    }
    all
}

/// All variables of a text, those of the texts that it refers to included.
fn variables(key: &str, all: &BTreeMap<String, Needs>, used: &mut BTreeSet<String>) -> BTreeSet<String> {
    let needs = all.get(key).unwrap_or_else(|| panic!("there is no text {key}"));
    let mut found = needs.variables.clone();
    for text in &needs.texts {
        used.insert(text.clone());
        found.extend(variables(text, all, used));
    }
    found
}

#[test]
fn every_text_is_in_both_languages_with_the_same_variables_and_is_said_somewhere() {
    let said: BTreeSet<&str> = ALL.iter().map(|(key, _)| *key).collect();
    assert_eq!(said.len(), ALL.len(), "a key stands there twice");
    for source in [CHINESE, ENGLISH] {
        let all = needs(source);
        let mut used = BTreeSet::new();
        for (key, wanted) in ALL {
            let wanted: BTreeSet<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(variables(key, &all, &mut used), wanted, "{key}");
        }
        let idle: Vec<_> = all
            .keys()
            .filter(|key| !said.contains(key.as_str()) && !used.contains(*key))
            .collect();
        assert!(idle.is_empty(), "nobody says {idle:?}");
    }
}

/// The law's list: no text may promise a return (advertising law, and the rules against illegal fund-raising).
#[test]
fn no_text_promises_a_return() {
    let chinese = ["赚", "收益", "升值", "保本", "翻倍", "回报"];
    let english = [
        "profit",
        "earn",
        "yield",
        "guarantee",
        "double your",
        "invest",
        "rising",
    ];
    for (source, words) in [(CHINESE, chinese.as_slice()), (ENGLISH, english.as_slice())] {
        // The file's own comments may name what is forbidden.
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            let said = line.to_lowercase();
            assert!(!words.iter().any(|word| said.contains(word)), "{line}");
        }
    }
}

#[test]
fn both_languages_choose_by_the_same_names() {
    let (chinese, english) = (needs(CHINESE), needs(ENGLISH));
    for (key, in_english) in &english {
        let Some(in_chinese) = chinese.get(key) else {
            continue;
        };
        // Where Chinese needs no choice, a default does.
        if !in_chinese.choices.is_empty() {
            assert_eq!(in_chinese.choices, in_english.choices, "{key}");
        }
    }
}

#[test]
fn every_name_that_is_chosen_by_has_its_words() {
    let all = needs(ENGLISH);
    let has = |key: &str, name: &str| assert!(all[key].choices.contains(name), "{key}: {name}");
    for asset in Asset::ALL {
        has("asset", asset.name());
    }
    for tier in PartnerTier::ALL.into_iter().map(Some).chain([None]) {
        has("tier_name", tier_choice(tier));
    }
    for kind in [ActivityKind::Walk, ActivityKind::Run] {
        has("activity", kind_name(kind));
    }
    for doubt in [
        Doubt::Overlap,
        Doubt::Future,
        Doubt::TooOld,
        Doubt::CadenceTooHigh,
        Doubt::TooRegular,
        Doubt::Stride,
        Doubt::TooFast,
        Doubt::MockPositions,
        Doubt::ClockChanged,
        Doubt::Inconsistent,
        Doubt::NoRest,
        Doubt::ActivityOverlap,
    ] {
        has("doubt", doubt_name(doubt));
        let wire = serde_json::to_string(&doubt).unwrap();
        assert_eq!(wire, format!("\"{}\"", doubt_name(doubt)));
    }
}

#[test]
fn times_are_said_as_people_say_them() {
    let said = |language, seconds: f64| {
        let (hours, minutes, seconds) = duration_parts(seconds);
        speech_kilometre(language, 1, hours, minutes, seconds)
    };
    for (seconds, chinese, english) in [
        (
            372.0,
            "1 公里，用时 6 分 12 秒",
            "Kilometre 1 in 6 minutes 12 seconds",
        ),
        (360.0, "1 公里，用时 6 分钟", "Kilometre 1 in 6 minutes"),
        (61.0, "1 公里，用时 1 分 1 秒", "Kilometre 1 in 1 minute 1 second"),
        (59.6, "1 公里，用时 1 分钟", "Kilometre 1 in 1 minute"),
        (41.0, "1 公里，用时 41 秒", "Kilometre 1 in 41 seconds"),
        (3600.0, "1 公里，用时 1 小时", "Kilometre 1 in 1 hour"),
        (
            7380.0,
            "1 公里，用时 2 小时 3 分钟",
            "Kilometre 1 in 2 hours 3 minutes",
        ),
        (
            3_661.0,
            "1 公里，用时 1 小时 1 分 1 秒",
            "Kilometre 1 in 1 hour 1 minute 1 second",
        ),
    ] {
        assert_eq!(said(Language::Chinese, seconds), chinese);
        assert_eq!(said(Language::English, seconds), english);
    }
}

#[test]
fn numbers_and_plurals_are_right_in_both_languages() {
    assert_eq!(
        message_not_counted(Language::English, 1),
        "1 step was not counted"
    );
    assert_eq!(
        message_not_counted(Language::English, 12_345),
        "12,345 steps were not counted"
    );
    assert_eq!(message_not_counted(Language::Chinese, 12_345), "12,345 步未计入");
    assert_eq!(
        shown_offline_earlier(Language::English, 3, 2, "12:03"),
        "Offline. Shown as of 2 March, 12:03."
    );
    assert_eq!(
        shown_offline_earlier(Language::Chinese, 3, 2, "12:03"),
        "无网络，以下是 3月2日 12:03 的数据。"
    );
    assert_eq!(grouped("-1234567.80"), "-1,234,567.80");
}

proptest! {
    #[test]
    fn grouping_only_adds_commas(units: i64, decimals in 0_u32..9) {
        let number = rust_decimal::Decimal::new(units, decimals).to_string();
        let text = grouped(&number);
        prop_assert_eq!(text.replace(',', ""), number);
        let whole = text.trim_start_matches('-').split('.').next().unwrap();
        prop_assert!(whole.split(',').skip(1).all(|group| group.len() == 3));
        prop_assert!(whole.split(',').all(|group| !group.is_empty() && group.len() <= 3));
    }

    #[test]
    fn no_value_breaks_a_sentence(text in ".{0,40}", count: u64, seconds: f64) {
        let (hours, minutes, rest) = duration_parts(seconds);
        for language in [Language::Chinese, Language::English] {
            let named = error_out_of_bounds(language, format!("_{text}"));
            prop_assert!(named.contains(&text), "{}", named);
            let whole = |said: &str| !said.contains(['{', '}', '$']);
            let counted = message_not_counted(language, count);
            prop_assert!(whole(&counted), "{}", counted);
            let spoken = speech_kilometre(language, count, hours, minutes, rest);
            prop_assert!(whole(&spoken), "{}", spoken);
        }
    }
}
