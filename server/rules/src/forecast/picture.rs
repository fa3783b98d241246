//! A forecast as a picture: SVG, a panel per metric, readable on a light and on a dark page.

use std::fmt::Write as _;

use haigou_contract::Language;

use super::metric::{Metric, Unit};
use super::{Forecast, Quantiles};
use crate::said::Said;

const WIDTH: f64 = 1000.0;
const HEAD: f64 = 92.0;
const PANEL: (f64, f64) = (480.0, 226.0);
const MARGIN: f64 = 20.0;
/// The plot within its panel: left, top, right, bottom.
const PLOT: (f64, f64, f64, f64) = (70.0, 54.0, 462.0, 192.0);

/// Colours by class; a dark page turns them round. The bands are one green, more or less of it.
const STYLE: &str = "\
svg{font-family:'Noto Sans','Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}
.page{fill:#ffffff}.card{fill:#f6f8f7}.text{fill:#17211c}.dim{fill:#56645d}.grid{stroke:#dbe2de}.axis{stroke:#8a9891}
.wide{fill:#12805a;fill-opacity:.18}.narrow{fill:#12805a;fill-opacity:.34}.median{stroke:#0c6a49;fill:none}
@media (prefers-color-scheme:dark){
.page{fill:#101613}.card{fill:#18211c}.text{fill:#e8efeb}.dim{fill:#9fb0a7}.grid{stroke:#2a3730}.axis{stroke:#6d7f75}
.wide{fill:#3ddc97;fill-opacity:.16}.narrow{fill:#3ddc97;fill-opacity:.30}.median{stroke:#5fe8ad}}";

/// Draws a forecast.
#[must_use]
pub fn picture(forecast: &Forecast, language: Language) -> String {
    let rows = f64::from(u32::try_from(Metric::COUNT.div_ceil(2)).unwrap_or(u32::MAX));
    let height = HEAD + rows * (PANEL.1 + 12.0) + 34.0;
    let mut svg = Svg(String::new());
    svg.add(format_args!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{}">"#,
        escaped(title(forecast).of(language))
    ));
    svg.add(format_args!("<style>{STYLE}</style>"));
    svg.add(format_args!(
        r#"<rect class="page" width="{WIDTH}" height="{height}"/>"#
    ));
    svg.head(forecast, language);
    let (mut x, mut y) = (MARGIN / 2.0, HEAD);
    for metric in Metric::ALL {
        svg.panel(forecast, metric, language, (x, y));
        if x > WIDTH / 2.0 - PANEL.0 / 2.0 {
            (x, y) = (MARGIN / 2.0, y + PANEL.1 + 12.0);
        } else {
            x += PANEL.0 + MARGIN;
        }
    }
    svg.text(
        (MARGIN, height - 14.0),
        "dim",
        11,
        "start",
        language.pick(
            "统计模型，不是承诺: 假设不同，结果不同。嗨贝价格可涨可跌。",
            "A statistical model and no promise: other assumptions, another outcome. The price of Hi-Shell may rise or fall.",
        ),
    );
    svg.add(format_args!("</svg>"));
    svg.0
}

fn title(forecast: &Forecast) -> Said {
    let (name, years) = (&forecast.rulebook, forecast.effort.years);
    Said::new(
        format!("规则“{name}”的 {years} 年预测"),
        format!(
            "Rulebook \"{name}\": a forecast of {years} year{}",
            if years == 1 { "" } else { "s" }
        ),
    )
}

struct Svg(String);

impl Svg {
    fn add(&mut self, piece: std::fmt::Arguments<'_>) {
        // Writing to a string never fails.
        let _written = writeln!(self.0, "{piece}");
    }

    fn text(&mut self, at: (f64, f64), class: &str, size: u32, anchor: &str, text: &str) {
        self.add(format_args!(
            r#"<text class="{class}" x="{:.1}" y="{:.1}" font-size="{size}" text-anchor="{anchor}">{}</text>"#,
            at.0,
            at.1,
            escaped(text)
        ));
    }

    fn head(&mut self, forecast: &Forecast, language: Language) {
        let (growth, effort) = (&forecast.growth, forecast.effort);
        self.text((MARGIN, 38.0), "text", 22, "start", title(forecast).of(language));
        let drawn = match language {
            Language::Chinese => format!(
                "起始 {:.0} 人，首日新增 {:.0} 人，每月增速 {:.0} %；{} 次模拟，种子 {}",
                growth.members,
                growth.registrations_per_day,
                growth.growth_per_month * 100.0,
                effort.runs,
                effort.seed
            ),
            Language::English => format!(
                "from {:.0} members, {:.0} a day joining at first, {:.0} % more each month; {} runs, seed {}",
                growth.members,
                growth.registrations_per_day,
                growth.growth_per_month * 100.0,
                effort.runs,
                effort.seed
            ),
        };
        self.text((MARGIN, 64.0), "dim", 13, "start", &drawn);
        let legend = [
            ("wide", language.pick("九成情形", "9 in 10 runs")),
            ("narrow", language.pick("半数情形", "half of the runs")),
            ("median", language.pick("中位数", "median")),
        ];
        let mut x = WIDTH - MARGIN - 365.0;
        for (class, words) in legend {
            if class == "median" {
                self.add(format_args!(
                    r#"<path class="median" stroke-width="2" d="M{x:.1} 29h22"/>"#
                ));
            } else {
                self.add(format_args!(
                    r#"<rect class="{class}" x="{x:.1}" y="23" width="22" height="12"/>"#
                ));
            }
            self.text((x + 28.0, 34.0), "dim", 12, "start", words);
            x += 132.0;
        }
    }

    fn panel(&mut self, forecast: &Forecast, metric: Metric, language: Language, at: (f64, f64)) {
        self.add(format_args!(
            r#"<g transform="translate({:.1} {:.1})"><rect class="card" width="{}" height="{}" rx="8"/>"#,
            at.0, at.1, PANEL.0, PANEL.1
        ));
        let unit = metric.unit().words();
        let meaning = metric.meaning();
        let heading = match metric.unit() {
            Unit::Shells | Unit::Cny => format!("{} ({})", meaning.of(language), unit.of(language)),
            Unit::People | Unit::HiValue | Unit::Part => meaning.of(language).to_owned(),
        };
        self.text((14.0, 22.0), "text", 14, "start", &heading);
        let end = forecast.end(metric);
        let [low, _, median, _, high] = end.at.map(|figure| metric.shown(figure));
        let summary = match language {
            Language::Chinese => format!("期末中位 {median}，九成在 {low} 至 {high} 之间"),
            Language::English => format!("at the end {median}; 9 in 10 runs from {low} to {high}"),
        };
        self.text((14.0, 41.0), "dim", 12, "start", &summary);
        let days: Vec<Quantiles> = forecast.series(metric).collect();
        let scale = Scale::of(&days, metric);
        self.axes(&scale, metric, forecast.effort.years, language);
        let band = |low: fn(&Quantiles) -> f64, high: fn(&Quantiles) -> f64| {
            let up = scale.path(days.iter().map(high).enumerate());
            let down = scale.path(days.iter().map(low).enumerate().rev());
            format!("M{up}L{down}Z")
        };
        let wide = band(|q| q.at[0], |q| q.at[4]);
        let narrow = band(|q| q.at[1], |q| q.at[3]);
        let median = scale.path(days.iter().map(|day| day.median()).enumerate());
        self.add(format_args!(r#"<path class="wide" d="{wide}"/>"#));
        self.add(format_args!(r#"<path class="narrow" d="{narrow}"/>"#));
        self.add(format_args!(
            r#"<path class="median" stroke-width="2" d="M{median}"/>"#
        ));
        self.add(format_args!("</g>"));
    }

    fn axes(&mut self, scale: &Scale, metric: Metric, years: u32, language: Language) {
        let (left, top, right, bottom) = PLOT;
        for tick in scale.ticks() {
            let y = scale.y(tick);
            self.add(format_args!(r#"<path class="grid" d="M{left} {y:.1}H{right}"/>"#));
            self.text(
                (left - 8.0, y + 4.0),
                "dim",
                11,
                "end",
                &short(tick, scale.step, metric, language),
            );
        }
        self.add(format_args!(
            r#"<path class="axis" fill="none" d="M{left} {top}V{bottom}H{right}"/>"#
        ));
        let months = years * 12;
        for part in 0..=4 {
            let month = months * part / 4;
            let x = left + (right - left) * f64::from(part) / 4.0;
            let (words, anchor) = match (part, language) {
                (0, Language::Chinese) => ("上线".to_owned(), "start"),
                (0, Language::English) => ("launch".to_owned(), "start"),
                (_, Language::Chinese) => (format!("{month} 个月"), if part == 4 { "end" } else { "middle" }),
                (_, Language::English) => {
                    (format!("month {month}"), if part == 4 { "end" } else { "middle" })
                }
            };
            self.add(format_args!(r#"<path class="axis" d="M{x:.1} {bottom}v4"/>"#));
            self.text((x, bottom + 18.0), "dim", 11, anchor, &words);
        }
    }
}

/// Where figures and days lie in a plot.
struct Scale {
    days: f64,
    most: f64,
    step: f64,
}

impl Scale {
    /// From 0 to a round figure above the highest.
    fn of(days: &[Quantiles], metric: Metric) -> Self {
        let highest = days.iter().map(|day| day.at[4]).fold(0.0, f64::max);
        let least = match metric.unit() {
            Unit::Part => 0.01,
            Unit::Cny if highest > 0.0 => 0.01,
            Unit::Cny | Unit::People | Unit::HiValue | Unit::Shells => 4.0,
        };
        let rough = highest.max(least) / 4.0;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 2.5, 5.0, 10.0]
            .into_iter()
            .map(|round| round * power)
            .find(|step| *step >= rough)
            .unwrap_or(rough);
        Self {
            days: days.len().saturating_sub(1).max(1) as f64,
            most: step * (highest / step).ceil().max(1.0),
            step,
        }
    }

    fn ticks(&self) -> impl Iterator<Item = f64> + use<> {
        let (step, most) = (self.step, self.most);
        (0..=5_u32)
            .map(move |tick| f64::from(tick) * step)
            .take_while(move |tick| *tick <= most * 1.001)
    }

    fn y(&self, figure: f64) -> f64 {
        let (_, top, _, bottom) = PLOT;
        bottom - (bottom - top) * figure / self.most
    }

    fn path(&self, days: impl Iterator<Item = (usize, f64)>) -> String {
        let (left, _, right, _) = PLOT;
        days.map(|(day, figure)| {
            let x = left + (right - left) * day as f64 / self.days;
            format!("{x:.1} {:.1}", self.y(figure))
        })
        .collect::<Vec<_>>()
        .join("L")
    }
}

/// A tick's label: short, with the decimals that its step needs.
fn short(tick: f64, step: f64, metric: Metric, language: Language) -> String {
    if metric.unit() == Unit::Part {
        let decimals = if step < 0.01 { 1 } else { 0 };
        return format!("{:.decimals$} %", tick * 100.0);
    }
    let units: [(f64, &str); 3] = match language {
        Language::Chinese => [(1e8, " 亿"), (1e4, " 万"), (1.0, "")],
        Language::English => [(1e6, " M"), (1e3, " k"), (1.0, "")],
    };
    // One unit for all ticks of an axis: that of its step's, or the next larger where the figures ask for it.
    let (size, name) = units
        .into_iter()
        .find(|(size, _)| step * 4.0 >= *size)
        .unwrap_or((1.0, ""));
    let step = step / size;
    let decimals = [(1.0, 0), (0.1, 1), (0.01, 2), (0.001, 3)]
        .into_iter()
        .find(|(unit, _)| ((step / unit).round() - step / unit).abs() < 1e-6)
        .map_or(4, |(_, decimals)| decimals);
    if tick == 0.0 {
        "0".to_owned()
    } else {
        format!("{:.decimals$}{name}", tick / size)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
