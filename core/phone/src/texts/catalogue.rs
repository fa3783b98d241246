//! Fluent's bundles, one a language, read once.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use haigou_contract::Language;

/// The sentences of both languages.
pub(super) const CHINESE: &str = include_str!("../../texts/zh-CN.ftl");
pub(super) const ENGLISH: &str = include_str!("../../texts/en.ftl");

static BUNDLES: LazyLock<[FluentBundle<FluentResource>; 2]> =
    LazyLock::new(|| [(Language::Chinese, CHINESE), (Language::English, ENGLISH)].map(bundle));

/// A value put into a sentence.
pub(crate) type Value<'v> = FluentValue<'v>;

fn bundle((language, source): (Language, &str)) -> FluentBundle<FluentResource> {
    // What can't be read of a file is left out; the tests hold that there is nothing of the kind.
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(readable, _)| readable);
    let mut bundle = FluentBundle::new_concurrent(language.tag().parse().into_iter().collect());
    // Both languages are written from left to right: marks around values would only be read out loud.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(grouped(&number.as_string())),
        _ => None,
    }));
    bundle.add_resource_overriding(resource);
    bundle
}

/// Says the sentence of a key.
pub(super) fn say(language: Language, key: &str, values: &[(&'static str, Value<'_>)]) -> String {
    let [chinese, english] = &*BUNDLES;
    let bundle = match language {
        Language::Chinese => chinese,
        Language::English => english,
    };
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let args: FluentArgs<'_> = values.iter().cloned().collect();
    let mut errors = Vec::new();
    let said = bundle.format_pattern(pattern, Some(&args), &mut errors);
    if !errors.is_empty() {
        tracing::warn!(key, ?errors, "a text can't be said as it is written");
    }
    said.into_owned()
}

/// A decimal number with its thousands apart, as both languages write it: `12,345.60`.
pub(crate) fn grouped(number: &str) -> String {
    let (whole, fraction) = number
        .split_once('.')
        .map_or((number, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let mut text = String::with_capacity(number.len() + digits.len() / 3);
    if digits.len() < whole.len() {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
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
