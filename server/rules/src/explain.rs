//! A posting's reason in words, with its figures, for the member.

use std::collections::BTreeMap;

use haigou_contract::{Asset, Language};

/// A posting's figures by name, as the statement shows them.
pub type Figures = BTreeMap<String, String>;

/// Says why a posting was made, in one line: the event, the figures put in, and what came of them.
///
/// For example `运动阶梯 6000 步: 冻结挑战金 66.94 × 0.3 % = 0.20`, or
/// `Airdrop of 2026-01-01: 498 × own 1,000.00 ÷ network 100,000.00 = 4.98`.
#[must_use]
pub fn explain(rule: &str, figures: &Figures, language: Language) -> String {
    let figure = |name: &str| figures.get(name).map_or("?", String::as_str);
    let amount = |name: &str| grouped(figure(name));
    let shells = |name: &str| grouped(trimmed(figure(name)));
    let (day, steps) = (figure("day"), figure("steps"));
    match rule {
        "register.member" => {
            let grant = granted(figures, language);
            match language {
                Language::Chinese => format!("注册奖励: {grant}"),
                Language::English => format!("Welcome grant at registration: {grant}"),
            }
        }
        "register.direct" => {
            let grant = granted(figures, language);
            match language {
                Language::Chinese => format!("直推好友注册奖励: {grant}"),
                Language::English => format!("A friend registered with your code: {grant}"),
            }
        }
        "register.unfreeze" => {
            let (most, frozen, result) = (amount("unfreeze"), amount("frozen"), amount("amount"));
            match language {
                Language::Chinese => {
                    format!("直推好友注册解冻: {most} 与冻结挑战金 {frozen} 取较小者 = {result}")
                }
                Language::English => format!(
                    "A friend registered with your code: the lesser of {most} and the frozen challenge {frozen} = {result}"
                ),
            }
        }
        "steps.ladder" => {
            let (frozen, rate, result) = (amount("frozen"), percent(figure("rate")), amount("amount"));
            match language {
                Language::Chinese => format!("运动阶梯 {steps} 步: 冻结挑战金 {frozen} × {rate} = {result}"),
                Language::English => {
                    format!("Step ladder, {steps} steps: frozen challenge {frozen} × {rate} = {result}")
                }
            }
        }
        "steps.walk" | "steps.run" => {
            let (most, frozen, result) = (amount("unfreeze"), amount("frozen"), amount("amount"));
            let task = match (rule, language) {
                ("steps.run", Language::Chinese) => "跑步任务",
                ("steps.run", Language::English) => "Run task",
                (_, Language::Chinese) => "走路任务",
                (_, Language::English) => "Walk task",
            };
            match language {
                Language::Chinese => {
                    format!("{task} {steps} 步: {most} 与冻结挑战金 {frozen} 取较小者 = {result}")
                }
                Language::English => format!(
                    "{task}, {steps} steps: the lesser of {most} and the frozen challenge {frozen} = {result}"
                ),
            }
        }
        "airdrop.share" => {
            let (drop, share) = (shells("drop"), shells("amount"));
            let (own, network) = (amount("own"), amount("network"));
            match language {
                Language::Chinese => format!("{day} 空投: {drop} × 本人 {own} ÷ 全网 {network} = {share}"),
                Language::English => {
                    format!("Airdrop of {day}: {drop} × own {own} ÷ network {network} = {share}")
                }
            }
        }
        "activate" => language
            .pick(
                "成为活跃会员: 未生效嗨值全部转为生效",
                "Became active: all inactive Hi-Value counts from now on",
            )
            .to_owned(),
        other => {
            let mut text = other.to_owned();
            for (name, value) in figures {
                text.push_str(&format!(" {name}={value}"));
            }
            text
        }
    }
}

/// The assets granted, each with its name: `300.00 嗨值`.
fn granted(figures: &Figures, language: Language) -> String {
    Asset::ALL
        .into_iter()
        .filter_map(|asset| {
            let amount = grouped(figures.get(asset.name())?);
            Some(format!("{amount} {}", asset_name(asset, language)))
        })
        .collect::<Vec<_>>()
        .join(" + ")
}

/// The name of an asset on screen.
#[must_use]
pub const fn asset_name(asset: Asset, language: Language) -> &'static str {
    match asset {
        Asset::HiValue => language.pick("嗨值", "Hi-Value"),
        Asset::HiShell => language.pick("嗨贝", "Hi-Shell"),
        Asset::Challenge => language.pick("挑战金", "challenge"),
        Asset::Shopping => language.pick("购物金", "shopping credit"),
        Asset::Cash => language.pick("现金", "cash"),
    }
}

/// `100000.00` -> `100,000.00`.
pub(crate) fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = sign.to_owned();
    let length = whole.chars().count();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (length - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// `498.00000000` -> `498`.
fn trimmed(number: &str) -> &str {
    if number.contains('.') {
        number.trim_end_matches('0').trim_end_matches('.')
    } else {
        number
    }
}

/// A rate as a percentage: `0.003` -> `0.3 %`. Exact: only the point moves.
#[must_use]
pub(crate) fn percent(rate: &str) -> String {
    let (whole, fraction) = rate.split_once('.').unwrap_or((rate, ""));
    let mut digits = fraction.chars();
    let mut moved = whole.to_owned();
    for _ in 0..2 {
        moved.push(digits.next().unwrap_or('0'));
    }
    let whole = moved.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    format!("{} %", trimmed(&format!("{whole}.{}", digits.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(of: &[(&str, &str)]) -> Figures {
        of.iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn reasons_read_as_sums_that_can_be_checked() {
        let rung = figures(&[
            ("steps", "6000"),
            ("frozen", "66.94"),
            ("rate", "0.003"),
            ("amount", "0.20"),
        ]);
        assert_eq!(
            explain("steps.ladder", &rung, Language::Chinese),
            "运动阶梯 6000 步: 冻结挑战金 66.94 × 0.3 % = 0.20"
        );
        let share = figures(&[
            ("day", "2026-01-01"),
            ("drop", "498.00000000"),
            ("own", "1000.00"),
            ("network", "100000.00"),
            ("amount", "4.98000000"),
        ]);
        assert_eq!(
            explain("airdrop.share", &share, Language::English),
            "Airdrop of 2026-01-01: 498 × own 1,000.00 ÷ network 100,000.00 = 4.98"
        );
        assert_eq!(
            explain(
                "register.direct",
                &figures(&[("hi_value", "100.00")]),
                Language::Chinese
            ),
            "直推好友注册奖励: 100.00 嗨值"
        );
    }

    #[test]
    fn percentages_move_the_point_and_nothing_else() {
        for (rate, text) in [
            ("0.003", "0.3 %"),
            ("0.20", "20 %"),
            ("1", "100 %"),
            ("0", "0 %"),
            ("0.00000001", "0.000001 %"),
            ("0.1", "10 %"),
            ("10", "1000 %"),
        ] {
            assert_eq!(percent(rate), text, "{rate}");
        }
    }

    #[test]
    fn missing_figures_show_as_such() {
        let text = explain("steps.walk", &Figures::new(), Language::English);
        assert_eq!(
            text,
            "Walk task, ? steps: the lesser of ? and the frozen challenge ? = ?"
        );
    }
}
