//! Two rulebooks side by side: what the second changes, in words.

use serde::Serialize;
use serde_json::Value;

use crate::rulebook::Rulebook;
use crate::said::Said;
use crate::settings::settings;

/// A setting that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The key, for example `partners.junior.hi_value`.
    pub path: String,
    /// Its value in the first rulebook.
    pub before: Value,
    /// Its value in the second.
    pub after: Value,
    /// The change in words: `junior partner: Hi-Value: 10 % → 12 %`.
    pub words: Said,
}

/// The settings in which two rulebooks differ, in the order of the rulebook's keys.
///
/// Figures are compared by what they say: `0.2` and `0.20` are the same rate.
#[must_use]
pub fn diff(before: &Rulebook, after: &Rulebook) -> Vec<Change> {
    settings(before)
        .into_iter()
        .zip(settings(after))
        .filter(|(before, after)| before.shown != after.shown)
        .map(|(before, after)| Change {
            words: Said::new(
                format!("{}: {} → {}", after.name.zh, before.shown.zh, after.shown.zh),
                format!("{}: {} → {}", after.name.en, before.shown.en, after.shown.en),
            ),
            path: after.path,
            before: before.value,
            after: after.value,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preset;
    use crate::tests::changed;
    use serde_json::json;

    fn sport() -> Rulebook {
        Preset::Sport.rulebook().unwrap()
    }

    #[test]
    fn a_change_in_words() {
        for (path, value, zh, en) in [
            (
                "partners.junior.hi_value",
                json!("0.12"),
                "初级合伙人奖励: 嗨值: 10 % → 12 %",
                "junior partner: Hi-Value: 10 % → 12 %",
            ),
            (
                "partners.max_depth",
                json!(2),
                "合伙人奖励层数: 不限 → 2 层",
                "levels of partner pay: no limit → 2",
            ),
            (
                "partners.junior.when",
                json!({"team": 7}),
                "初级合伙人条件: 直推 10 人、团队 100 人 → 团队 7 人",
                "junior partner, conditions: 10 direct referrals, 100 in the team → 7 in the team",
            ),
            (
                "challenge.ladder",
                json!([{"steps": 5000, "rate": "0.002"}]),
                "运动阶梯: 3000 步 0.1 %、6000 步 0.3 %、10000 步 0.5 % → 5000 步 0.2 %",
                "step ladder: 3000 steps 0.1 %; 6000 steps 0.3 %; 10000 steps 0.5 % → 5000 steps 0.2 %",
            ),
            (
                "market.listings",
                json!(true),
                "嗨贝会员挂单: 关 → 开",
                "Hi-Shell listed for other members: off → on",
            ),
            (
                "airdrop.first_day",
                json!("498.00000000"),
                "首年每日空投: 未设 → 498",
                "daily drop of the first year: not set → 498",
            ),
            (
                "shell_price",
                json!("2.5"),
                "嗨贝首日价格: 1.0000 元 → 2.5000 元",
                "price of a Hi-Shell: 1.0000 CNY → 2.5000 CNY",
            ),
        ] {
            let changes = diff(&sport(), &changed(Preset::Sport, path, value.clone()).unwrap());
            let [change] = &changes[..] else {
                panic!("{path}: {changes:?}");
            };
            assert_eq!(change.path, path);
            assert_eq!(change.words, Said::new(zh, en));
        }
    }

    #[test]
    fn nothing_differs_from_itself_however_it_is_written() {
        assert_eq!(diff(&sport(), &sport()), []);
        for (path, value) in [
            ("partners.junior.hi_value", "0.1"),
            ("offline.member_multiple", "10.0"),
            ("register.member.hi_value", "100"),
        ] {
            assert_eq!(
                diff(&sport(), &changed(Preset::Sport, path, json!(value)).unwrap()),
                []
            );
        }
    }

    #[test]
    fn the_presets_differ_both_ways_alike() {
        let classic = Preset::Classic.rulebook().unwrap();
        let there = diff(&classic, &sport());
        let back = diff(&sport(), &classic);
        assert!(there.len() > 30);
        for (there, back) in there.iter().zip(&back) {
            assert_eq!(
                (&there.path, &there.before, &there.after),
                (&back.path, &back.after, &back.before)
            );
        }
    }
}
