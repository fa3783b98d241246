//! The words and figures on the picture. Every character of them is in `fonts/glyphs.txt`.

use chrono::{Datelike as _, Timelike as _};
use haigou_contract::{ActivityKind, Language, moment};

use crate::texts;

/// A figure with its unit, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    pub(super) value: String,
    pub(super) unit: String,
    pub(super) label: String,
}

/// What the picture is drawn with has these characters, and no others.
#[cfg(test)]
pub(super) const GLYPHS: &str = include_str!("../../fonts/glyphs.txt");

pub(super) fn brand(language: Language) -> String {
    texts::picture_brand(language)
}

pub(super) fn kind(kind: ActivityKind, language: Language) -> String {
    texts::picture_kind(language, texts::kind_name(kind))
}

/// Day and time of the start, in Shanghai.
pub(super) fn date(started_ms: i64, imported: bool, language: Language) -> String {
    let at = moment(started_ms);
    let year = at.year().to_string();
    let time = format!("{:02}:{:02}", at.hour(), at.minute());
    if imported {
        texts::picture_date_imported(language, year, at.month(), at.day(), time)
    } else {
        texts::picture_date(language, year, at.month(), at.day(), time)
    }
}

/// Kilometres with two decimals, rounded down: nobody is given metres that he didn't go. An estimate has one, and says so.
pub(super) fn distance(metres: f64, estimated: bool, language: Language) -> Figure {
    let metres = if metres.is_finite() { metres.max(0.0) } else { 0.0 };
    let (value, label) = if estimated {
        let kilometres = format!("{:.1}", metres / 1000.0);
        (
            texts::picture_about(language, kilometres),
            texts::picture_distance_estimated(language),
        )
    } else {
        let kilometres = format!("{:.2}", (metres / 10.0).floor() / 100.0);
        (kilometres, texts::picture_distance(language))
    };
    Figure {
        value,
        unit: texts::picture_km(language),
        label,
    }
}

/// Hours, minutes and seconds in motion.
pub(super) fn time(active_ms: i64, language: Language) -> Figure {
    let s = active_ms.max(0) / 1000;
    let value = if s < 3600 {
        format!("{}:{:02}", s / 60, s % 60)
    } else {
        format!("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
    };
    Figure {
        value,
        unit: String::new(),
        label: texts::picture_time(language),
    }
}

/// Minutes and seconds per kilometre; none where hardly anything was covered.
pub(super) fn pace(active_ms: i64, metres: f64, language: Language) -> Option<Figure> {
    let slowest_s = 3_600.0;
    let moved = metres >= 50.0 && active_ms > 0;
    let s_per_km = moved.then(|| crate::activity::seconds(active_ms) * 1000.0 / metres)?;
    let s = crate::minute::whole(s_per_km);
    (s_per_km < slowest_s).then(|| Figure {
        value: format!("{}′{:02}″", s / 60, s % 60),
        unit: texts::picture_per_km(language),
        label: texts::picture_pace(language),
    })
}

/// Steps in groups of three digits.
pub(super) fn steps(steps: u32, language: Language) -> Figure {
    Figure {
        value: texts::grouped(&steps.to_string()),
        unit: String::new(),
        label: texts::picture_steps(language),
    }
}

/// Metres climbed.
pub(super) fn climb(metres: f64, language: Language) -> Figure {
    Figure {
        value: texts::grouped(&crate::minute::whole(metres).to_string()),
        unit: texts::picture_m(language),
        label: texts::picture_climb(language),
    }
}

/// A length for the scale, in whole metres or kilometres.
pub(super) fn scale(metres: u32, language: Language) -> String {
    if metres >= 1000 {
        texts::picture_scale_km(language, metres / 1000)
    } else {
        texts::picture_scale_m(language, metres)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_as_people_write_them() {
        let english = Language::English;
        let value = |figure: Figure| format!("{}{}", figure.value, figure.unit);
        assert_eq!(value(distance(4_989.9, false, english)), "4.98km");
        assert_eq!(value(distance(4_989.9, true, english)), "≈5.0km");
        assert_eq!(value(distance(f64::NAN, false, english)), "0.00km");
        assert_eq!(value(time(59_999, english)), "0:59");
        assert_eq!(value(time(3_723_000, english)), "1:02:03");
        assert_eq!(
            pace(1_500_000, 5_000.0, english).map(value),
            Some("5′00″/km".to_owned())
        );
        assert_eq!(pace(1_500_000, 10.0, english), None);
        assert_eq!(pace(36_000_000, 1_000.0, english), None);
        assert_eq!(value(steps(1_234_567, english)), "1,234,567");
        assert_eq!(value(steps(999, english)), "999");
        assert_eq!(date(1_772_409_600_000, false, english), "2 March 2026, 08:00");
        assert_eq!(
            date(1_772_409_600_000, true, Language::Chinese),
            "2026年3月2日 08:00（导入）"
        );
        assert_eq!(scale(5_000, Language::Chinese), "5 公里");
    }
}
