//! Forecasts: repeatable, and within what must hold.

use haigou_contract::Language;
use serde_json::json;

use super::*;
use crate::Preset;
use crate::tests::changed;

const EFFORT: Effort = Effort {
    years: 1,
    runs: 20,
    seed: 7,
};

fn told(rules: &Rulebook, growth: &Growth) -> Forecast {
    forecast(rules, growth, EFFORT, |_| ()).unwrap()
}

fn sport() -> Rulebook {
    Preset::Sport.rulebook().unwrap()
}

/// A platform where exactly what is expected happens on average, and nobody leaves, buys or walks.
fn quiet() -> Growth {
    let mut growth = Growth {
        uncertainty: 0.0,
        day_noise: 0.0,
        growth_per_month: 0.0,
        leave_per_month: 0.0,
        ..Growth::default()
    };
    growth.mall.per_month = 0.0;
    growth.bills.per_month = 0.0;
    growth.steps.walkers = 0.0;
    growth
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0)
}

#[test]
fn the_same_seed_gives_the_same_forecast_and_another_seed_another() {
    let growth = Growth::default();
    let first = told(&sport(), &growth);
    assert_eq!(first, told(&sport(), &growth));
    let other = Effort { seed: 8, ..EFFORT };
    assert_ne!(
        first.days,
        forecast(&sport(), &growth, other, |_| ()).unwrap().days
    );
}

#[test]
fn quantiles_rise_and_totals_only_grow() {
    for preset in Preset::ALL {
        let told = told(&preset.rulebook().unwrap(), &Growth::default());
        assert_eq!(told.days.len(), 365);
        for metric in Metric::ALL {
            for day in told.series(metric) {
                assert!(day.at.is_sorted() && day.at[0] >= 0.0, "{metric:?} {day:?}");
            }
        }
        for metric in [
            Metric::Members,
            Metric::Issued,
            Metric::Burned,
            Metric::Waiting,
            Metric::AirdropWorth,
        ] {
            let medians: Vec<f64> = told.series(metric).map(Quantiles::median).collect();
            assert!(medians.is_sorted(), "{metric:?}");
        }
        assert!(told.end(Metric::Issued).at[4] <= 390_000.0);
        assert!(told.end(Metric::PaidBack).at[4] <= 1.0);
    }
}

#[test]
fn what_is_issued_is_the_pool_and_the_schedule() {
    let classic = told(&Preset::Classic.rulebook().unwrap(), &Growth::default());
    assert!(close(
        classic.end(Metric::Issued).median(),
        25_900.0 + 498.0 * 365.0
    ));
    let sport = told(&sport(), &Growth::default());
    assert!((sport.end(Metric::Issued).median() - 180_000.0).abs() < 1e-5);
    let two = Effort { years: 2, ..EFFORT };
    let classic = Preset::Classic.rulebook().unwrap();
    let end = forecast(&classic, &Growth::default(), two, |_| ())
        .unwrap()
        .end(Metric::Issued);
    assert!(close(end.median(), 25_900.0 + 498.0 * 365.0 + 249.0 * 365.0));
}

#[test]
fn registrations_alone_come_to_what_can_be_reckoned_by_hand() {
    let mut growth = quiet();
    growth.registrations_per_day = 0.0;
    growth.referred = 0.5;
    let told = told(&sport(), &growth);
    let end = |metric| told.end(metric).median();
    assert!(close(end(Metric::Members), 1_000.0));
    // 1,000 members with 100 each, 500 sponsors' 50, and 10 stores' owners with 100.
    let network = 1_000.0 * 100.0 + 500.0 * 50.0 + 10.0 * 100.0;
    assert!(close(end(Metric::HiValue), network));
    assert!(close(end(Metric::AirdropWorth), 100_000.0 / network));
    // Nothing is sold, so challenge only becomes shopping credit: 30 % of what is available, in 30 days.
    let granted = 1_000.0 * 100.0 + 500.0 * 50.0;
    let unfrozen = 500.0 * 10.0 + 10.0 * 0.5 * 20.0;
    let kept = 0.99_f64.powi(365);
    assert!(close(
        end(Metric::Challenge),
        granted - unfrozen + unfrozen * kept
    ));
    assert!(close(end(Metric::Waiting), 0.0));
    assert!(close(end(Metric::RewardPool), 80_000.0));
    assert!(close(end(Metric::Burned), 0.0));
}

#[test]
fn growth_shows_in_the_members() {
    let mut growth = quiet();
    growth.growth_per_month = 0.5;
    let end = told(&sport(), &growth).end(Metric::Members).median();
    let daily = 1.5_f64.powf(1.0 / 30.0);
    let expected = 1_000.0 + 30.0 * (daily.powi(365) - 1.0) / (daily - 1.0);
    assert!((end / expected - 1.0).abs() < 0.02, "{end} {expected}");
}

#[test]
fn a_pool_that_is_too_small_leaves_rewards_waiting() {
    let small = changed(Preset::Sport, "airdrop.reward_pool", json!("10")).unwrap();
    let told = told(&small, &Growth::default());
    assert!(close(told.end(Metric::RewardPool).at[4], 0.0));
    assert!(told.end(Metric::Waiting).at[0] > 1_000.0);
}

#[test]
fn a_generous_rulebook_pays_members_back() {
    let mean = |rules: &Rulebook| told(rules, &Growth::default()).end(Metric::PaidBack).median();
    let mut generous = sport();
    generous.shell_price = crate::Price::parse("20000").unwrap();
    assert!(mean(&sport()) < 0.2);
    assert!(mean(&generous) > 0.8);
}

#[test]
fn partners_are_paid_no_more_by_fewer_levels_or_narrower_modes() {
    let value = |path: &str, value: serde_json::Value| {
        let mut rules: serde_json::Value = serde_json::from_str(Preset::Sport.json()).unwrap();
        rules["partners"]["junior"]["when"] = json!({"direct": 2});
        rules["partners"]["middle"]["when"] = json!({"direct_juniors": 2});
        rules["partners"]["senior"]["when"] = json!({"direct_middles": 2});
        rules["partners"][path] = value;
        let rules = Rulebook::from_json(&rules.to_string()).unwrap();
        told(&rules, &Growth::default()).end(Metric::HiValue).median()
    };
    let each = value("mode", json!("each"));
    let difference = value("mode", json!("difference"));
    let nearest = value("mode", json!("nearest"));
    let shallow = value("max_depth", json!(1));
    assert!(
        each > difference && difference > nearest && nearest >= shallow * 0.9,
        "{each} {difference} {nearest} {shallow}"
    );
    assert!(each > shallow);
}

#[test]
fn assumptions_that_cannot_be_are_named() {
    for (growth, path) in [
        (
            Growth {
                members: f64::NAN,
                ..Growth::default()
            },
            "members",
        ),
        (
            Growth {
                referred: 1.5,
                ..Growth::default()
            },
            "referred",
        ),
        (
            Growth {
                registrations_per_day: -1.0,
                ..Growth::default()
            },
            "registrations_per_day",
        ),
        (
            Growth {
                growth_per_month: f64::INFINITY,
                ..Growth::default()
            },
            "growth_per_month",
        ),
    ] {
        let refused = forecast(&sport(), &growth, EFFORT, |_| ()).unwrap_err();
        assert!(refused.to_string().starts_with(path), "{refused}");
    }
    for (years, runs) in [(0, 1), (6, 1), (1, 0), (1, 100_001)] {
        let effort = Effort { years, runs, seed: 1 };
        assert_eq!(
            forecast(&sport(), &Growth::default(), effort, |_| ()),
            Err(ForecastError::Effort)
        );
    }
}

#[test]
fn the_wildest_assumptions_stay_figures() {
    let mut growth = Growth {
        members: 1e8,
        registrations_per_day: 1e6,
        growth_per_month: 3.0,
        uncertainty: 2.0,
        day_noise: 2.0,
        referred: 1.0,
        ..Growth::default()
    };
    growth.mall.spread = 10.0;
    growth.bills.rebate = 1.0;
    let told = forecast(
        &sport(),
        &growth,
        Effort {
            years: 5,
            runs: 2,
            seed: 1,
        },
        |_| (),
    )
    .unwrap();
    assert!(
        told.days
            .iter()
            .flatten()
            .flat_map(|day| day.at)
            .all(f64::is_finite)
    );
}

#[test]
fn the_picture_is_a_whole_document_in_both_languages() {
    let mut rules = sport();
    rules.name = "<a & \"b\">".to_owned();
    let told = told(&rules, &Growth::default());
    for language in [Language::Chinese, Language::English] {
        let svg = picture(&told, language);
        let mut reader = quick_xml::Reader::from_str(&svg);
        let mut texts = 0;
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Start(tag) if tag.name().as_ref() == "text" => texts += 1,
                _ => {}
            }
        }
        assert!(texts > 10 * Metric::COUNT);
        for metric in Metric::ALL {
            assert!(svg.contains(metric.meaning().of(language)));
        }
        assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}
