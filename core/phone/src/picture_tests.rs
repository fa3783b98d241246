use haigou_contract::Language;
use tiny_skia::Pixmap;

use super::text::Fonts;
use super::*;

const LANGUAGES: [Language; 2] = [Language::Chinese, Language::English];

fn record(way: Vec<Vec<(f64, f64)>>) -> Shared {
    Shared {
        kind: ActivityKind::Run,
        started_ms: 1_772_409_600_000,
        active_ms: 1_698_000,
        distance_m: 5_024.0,
        estimated: false,
        steps: 5_231,
        ascent_m: 12.0,
        imported: false,
        way,
    }
}

/// Round a lake, with a second small round.
fn round() -> Vec<(f64, f64)> {
    (0..1_500)
        .map(|i| f64::from(i) * std::f64::consts::TAU / 1_000.0)
        .map(|a| {
            let radius =
                0.006 * (1.0 + 0.25 * (3.0 * a).sin() + if a > std::f64::consts::TAU { -0.45 } else { 0.0 });
            (31.24 + radius * a.sin() * 0.8, 121.47 + radius * a.cos() * 1.4)
        })
        .collect()
}

/// The cases that a picture must stand, by name.
fn cases() -> Vec<(&'static str, Shared)> {
    let treadmill = Shared {
        distance_m: 8_260.0,
        estimated: true,
        steps: 9_876,
        ..record(Vec::new())
    };
    let gym = Shared {
        distance_m: 0.0,
        steps: 1_204,
        ..record(Vec::new())
    };
    let file = Shared {
        imported: true,
        steps: 0,
        ascent_m: 1_240.0,
        distance_m: 42_195.0,
        active_ms: 12_345_000,
        ..record(vec![round()])
    };
    let dot = Shared {
        kind: ActivityKind::Walk,
        distance_m: 0.0,
        steps: 12,
        active_ms: 61_000,
        ..record(vec![vec![(31.2, 121.5); 60]])
    };
    let east: Vec<_> = (0..500).map(|i| (31.2, 121.4 + f64::from(i) * 1e-4)).collect();
    let fiji: Vec<_> = (0..600)
        .map(|i| f64::from(i) / 600.0)
        .map(|s| (-16.8 + 0.03 * (s * 7.0).sin(), 179.95 + s * 0.1))
        .map(|(lat, lon)| (lat, if lon > 180.0 { lon - 360.0 } else { lon }))
        .collect();
    let paused = vec![round()[..400].to_vec(), round()[500..900].to_vec()];
    vec![
        ("loop", record(vec![round()])),
        (
            "line",
            Shared {
                kind: ActivityKind::Walk,
                ..record(vec![east])
            },
        ),
        ("dot", dot),
        (
            "date-line",
            Shared {
                distance_m: 14_820.0,
                active_ms: 5_030_000,
                ..record(vec![fiji])
            },
        ),
        ("treadmill", treadmill),
        ("gym", gym),
        ("file", file),
        ("paused", record(paused)),
    ]
}

fn draw(record: &Shared, options: PictureOptions, language: Language) -> Pixmap {
    Pixmap::decode_png(&layout::draw(record, options, language).unwrap()).unwrap()
}

#[test]
fn every_picture_is_whole_in_both_languages_shapes_and_themes() {
    // Where a person may look at them.
    let folder = std::env::var_os("HAIGOU_PICTURES").map(std::path::PathBuf::from);
    for (name, record) in cases() {
        for (shape, dark, hide_ends) in [
            (PictureShape::Square, false, false),
            (PictureShape::Square, true, true),
            (PictureShape::Tall, true, false),
            (PictureShape::Tall, false, true),
        ] {
            for language in LANGUAGES {
                let options = PictureOptions {
                    shape,
                    dark,
                    hide_ends,
                };
                let png = layout::draw(&record, options, language).unwrap();
                let picture = Pixmap::decode_png(&png).unwrap();
                assert_eq!((picture.width(), picture.height()), shape.size());
                assert!(png.len() < 200_000, "{name} takes {} bytes", png.len());
                if let Some(folder) = &folder {
                    let name = format!("{name}-{shape:?}-{dark}-{hide_ends}-{}.png", language.tag());
                    std::fs::write(folder.join(name), &png).unwrap();
                }
            }
        }
    }
}

/// How many pixels have just this colour.
fn count(picture: &Pixmap, colour: tiny_skia::Color) -> usize {
    let wanted = colour.premultiply().to_color_u8();
    picture.pixels().iter().filter(|pixel| **pixel == wanted).count()
}

#[test]
fn the_way_is_drawn_where_there_is_one_and_hidden_where_that_was_asked_for() {
    for dark in [false, true] {
        let green = canvas::Colours::of(dark).green;
        let options = |hide_ends| PictureOptions {
            dark,
            hide_ends,
            ..PictureOptions::default()
        };
        let seen =
            |record: &Shared, hide_ends| count(&draw(record, options(hide_ends), Language::Chinese), green);
        let brand = seen(&record(Vec::new()), false);
        let short = record(vec![
            (0..90).map(|i| (31.2 + f64::from(i) * 2e-5, 121.5)).collect(),
        ]);
        assert_eq!(
            seen(&short, true),
            brand,
            "all of it lies within 200 m of its ends"
        );
        assert!(seen(&short, false) > brand + 4_000);
        assert!(seen(&record(vec![round()]), true) > brand + 4_000);
    }
}

#[test]
fn no_character_is_missing() {
    let fonts = Fonts::load().unwrap();
    let mut texts = vec![words::GLYPHS.to_owned()];
    for language in LANGUAGES {
        texts.push(words::brand(language));
        for (_, record) in cases() {
            texts.push(words::kind(record.kind, language));
            texts.push(words::date(record.started_ms, true, language));
            texts.push(words::scale(record.steps, language));
            texts.push(words::scale(1, language));
            let figures = [
                words::distance(record.distance_m, record.estimated, language),
                words::time(record.active_ms, language),
                words::steps(record.steps, language),
                words::climb(record.ascent_m, language),
            ];
            for figure in figures
                .into_iter()
                .chain(words::pace(1_800_000, 5_000.0, language))
            {
                texts.extend([figure.value, figure.unit, figure.label]);
            }
        }
    }
    for letter in texts
        .iter()
        .flat_map(|text| text.chars())
        .filter(|letter| !letter.is_control())
    {
        assert!(
            fonts.regular.has(letter) && fonts.bold.has(letter),
            "the fonts lack {letter:?}: see fonts/README.md"
        );
    }
}
