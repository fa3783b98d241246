//! A posting's reason in words, with its figures, for the member.

mod sum;
#[cfg(test)]
mod tests;
mod title;

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
    let words = Words { figures, language };
    match (words.title(rule), words.sum(rule)) {
        (Some(title), Some(sum)) => format!("{title}: {sum}"),
        (Some(title), None) => title,
        (None, _) => words.as_it_stands(rule),
    }
}

/// A reason's figures, to be put into words of a language.
struct Words<'a> {
    figures: &'a Figures,
    language: Language,
}

impl Words<'_> {
    fn figure(&self, name: &str) -> &str {
        self.figures.get(name).map_or("?", String::as_str)
    }

    /// With all its decimals: `1,000.00`.
    fn amount(&self, name: &str) -> String {
        grouped(self.figure(name))
    }

    /// Without those that say nothing: `498`.
    fn short(&self, name: &str) -> String {
        grouped(trimmed(self.figure(name)))
    }

    /// `2 %`.
    fn rate(&self, name: &str) -> String {
        percent(self.figure(name))
    }

    /// With its asset: `0.80000000 嗨贝`, `75.00 元`.
    fn of(&self, asset: Asset, name: &str) -> String {
        let amount = self.amount(name);
        match asset {
            Asset::Cash => self.pick(format!("{amount} 元"), format!("CNY {amount}")),
            _ => format!("{amount} {}", asset_name(asset, self.language)),
        }
    }

    /// A price with two decimals, or as many as it has: `2.50 元`.
    fn price(&self) -> String {
        let price = self.figure("price");
        let shown = match trimmed(price).split_once('.') {
            Some((_, fraction)) if fraction.len() >= 2 => trimmed(price).to_owned(),
            Some((whole, fraction)) => format!("{whole}.{fraction:0<2}"),
            None => format!("{}.00", trimmed(price)),
        };
        let shown = grouped(&shown);
        self.pick(format!("{shown} 元"), format!("CNY {shown}"))
    }

    /// The assets that the figures name, each with its amount: `300.00 嗨值`.
    fn result(&self) -> String {
        let named = Asset::ALL
            .into_iter()
            .filter(|asset| self.figures.contains_key(asset.name()));
        named
            .map(|asset| self.of(asset, asset.name()))
            .collect::<Vec<_>>()
            .join(" + ")
    }

    fn pick(&self, zh: impl Into<String>, en: impl Into<String>) -> String {
        match self.language {
            Language::Chinese => zh.into(),
            Language::English => en.into(),
        }
    }

    /// A rule that has no words: its id and its figures.
    fn as_it_stands(&self, rule: &str) -> String {
        let figures = self.figures.iter();
        figures.fold(rule.to_owned(), |text, (name, value)| {
            format!("{text} {name}={value}")
        })
    }
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
pub(crate) fn trimmed(number: &str) -> &str {
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
