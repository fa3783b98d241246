//! `haigou-lab track`: a recording in, the figures of its track out.

use crate::LabError;
use crate::input::Table;
use crate::steps::rounded;
use haigou_route::{Body, Fix, Rejected, Settings, Summary, Tracker, gpx};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

/// Weights that a person can have, in kilograms.
pub const WEIGHTS_KG: std::ops::RangeInclusive<f64> = 20.0..=400.0;

/// The figures of one recording, as they are printed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrackReport {
    /// The file as it was named.
    pub file: String,
    /// All positions in the file.
    pub points: u64,
    /// Metres, to the decimetre.
    pub distance_m: f64,
    /// Seconds from the first position to the last.
    pub elapsed_s: f64,
    /// Seconds without standing and lost signal.
    pub moving_s: f64,
    /// Metres up, to the decimetre.
    pub ascent_m: f64,
    /// Gross kilocalories, for 70 kg where no weight is given.
    pub kcal: f64,
    /// Positions that were not used: impossible, inaccurate, too far off, not later than the one before, or without a time.
    pub rejected_points: u64,
    /// The same by reason, for a message.
    #[serde(skip)]
    pub rejected: Rejected,
    /// Positions without a time.
    #[serde(skip)]
    pub untimed: u64,
}

/// Measures a GPX or CSV file; which it is, is seen in its first character.
///
/// # Errors
/// Names the file, the line and the field. A file that is wrong in part is not measured in part.
pub fn measure(file: &Path, weight_kg: Option<f64>) -> Result<TrackReport, LabError> {
    let refuse = |problem: String| LabError::Track {
        file: file.to_owned(),
        problem,
    };
    if let Some(weight) = weight_kg.filter(|weight| !WEIGHTS_KG.contains(weight)) {
        return Err(refuse(format!(
            "{weight} is not the weight of a person; 20 to 400 kg is"
        )));
    }
    let body = weight_kg.map_or_else(Body::default, |weight_kg| Body {
        weight_kg,
        ..Body::default()
    });
    let opened = File::open(file).map_err(LabError::unreadable(file))?;
    let length = opened.metadata().map_err(LabError::unreadable(file))?.len();
    let mut source = BufReader::new(opened);
    if looks_like_xml(&mut source).map_err(LabError::unreadable(file))? {
        if length > gpx::MOST_BYTES {
            let most = gpx::MOST_BYTES / (1024 * 1024);
            return Err(refuse(format!(
                "is larger than {most} MiB; cut it into smaller recordings"
            )));
        }
        let recording = gpx::read(source).map_err(|error| refuse(error.to_string()))?;
        let mut tracker = Tracker::new(Settings {
            gait: recording.gait,
            body,
            ..Settings::default()
        });
        for segment in &recording.segments {
            if let Some(first) = segment.first() {
                tracker.break_before(first.t_ms);
            }
            for fix in segment {
                tracker.push(*fix);
            }
        }
        let untimed = u64::try_from(recording.untimed).unwrap_or(u64::MAX);
        Ok(TrackReport::of(file, &tracker.finish(), untimed))
    } else {
        let mut tracker = Tracker::new(Settings {
            body,
            ..Settings::default()
        });
        let mut rows = Positions::open(file)?;
        while let Some(fix) = rows.next_fix()? {
            tracker.push(fix);
        }
        match tracker.finish() {
            summary if summary.accepted + summary.rejected.total() == 0 => {
                Err(LabError::Empty(file.to_owned()))
            }
            summary => Ok(TrackReport::of(file, &summary, 0)),
        }
    }
}

impl TrackReport {
    fn of(file: &Path, summary: &Summary, untimed: u64) -> Self {
        let rejected_points = summary.rejected.total() + untimed;
        Self {
            file: file.display().to_string(),
            points: summary.accepted + rejected_points,
            distance_m: rounded(summary.distance_m, 1),
            elapsed_s: rounded(summary.elapsed_s, 1),
            moving_s: rounded(summary.moving_s, 1),
            ascent_m: rounded(summary.ascent_m, 1),
            kcal: rounded(summary.energy.gross_kcal, 1),
            rejected_points,
            rejected: summary.rejected,
            untimed,
        }
    }
}

/// Whether a file begins with `<`, after a byte order mark and white space.
fn looks_like_xml(source: &mut impl BufRead) -> io::Result<bool> {
    loop {
        match source.fill_buf()?.first() {
            Some(b'<') => return Ok(true),
            Some(b'\xef' | b'\xbb' | b'\xbf' | b' ' | b'\t' | b'\r' | b'\n') => source.consume(1),
            Some(_) | None => return Ok(false),
        }
    }
}

/// The rows of a CSV as fixes, one by one.
struct Positions {
    table: Table,
    t_ms: usize,
    lat: usize,
    lon: usize,
    alt: Option<usize>,
    accuracy_m: Option<usize>,
    speed_mps: Option<usize>,
    hr: Option<usize>,
}

impl Positions {
    fn open(file: &Path) -> Result<Self, LabError> {
        let table = Table::open(file)?;
        let needed = |name: &'static str| table.column(name).ok_or_else(|| table.lacks(name));
        let (t_ms, lat, lon) = (needed("t_ms")?, needed("lat")?, needed("lon")?);
        let [alt, accuracy_m, speed_mps, hr] =
            ["alt", "accuracy_m", "speed_mps", "hr"].map(|name| table.column(name));
        Ok(Self {
            table,
            t_ms,
            lat,
            lon,
            alt,
            accuracy_m,
            speed_mps,
            hr,
        })
    }

    fn next_fix(&mut self) -> Result<Option<Fix>, LabError> {
        if !self.table.next_row()? {
            return Ok(None);
        }
        if let Some(missing) = self.table.first_missing() {
            return Err(self.table.invalid(missing, "is missing; the line ends before it"));
        }
        let time = self.table.text(self.t_ms).parse();
        Ok(Some(Fix {
            t_ms: time.map_err(|_| self.wrong(self.t_ms, "a whole number of milliseconds"))?,
            lat: self.number(self.lat)?,
            lon: self.number(self.lon)?,
            altitude_m: self.optional(self.alt)?,
            accuracy_m: self.optional(self.accuracy_m)?,
            speed_mps: self.optional(self.speed_mps)?,
            heart_rate: self.optional(self.hr)?.and_then(beats),
            ..Fix::default()
        }))
    }

    /// A number; NaN and infinity are for the tracker to refuse, as it does when a receiver sends them.
    fn number(&self, column: usize) -> Result<f64, LabError> {
        self.table
            .text(column)
            .parse()
            .map_err(|_| self.wrong(column, "a number"))
    }

    fn optional(&self, column: Option<usize>) -> Result<Option<f64>, LabError> {
        column
            .filter(|at| !self.table.text(*at).is_empty())
            .map(|at| self.number(at))
            .transpose()
    }

    fn wrong(&self, column: usize, expected: &str) -> LabError {
        let found: String = self.table.text(column).chars().take(60).collect();
        self.table
            .invalid(column, &format!("\"{found}\" is not {expected}"))
    }
}

/// Beats per minute; what no heart does is none.
fn beats(rate: f64) -> Option<u8> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the range just checked"
    )]
    (1.0..255.5).contains(&rate).then(|| rate.round() as u8)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn measure_text(text: &str) -> Result<TrackReport, LabError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        measure(file.path(), None)
    }

    /// A walk of 600 s to the north at 1.4 m/s.
    fn csv_walk() -> String {
        let rows = (0..601).map(|s| {
            format!(
                "{},{:.7},121.5,10,5,1.4,\n",
                1000 * s,
                31.0 + 1.4 * f64::from(s) / 110_862.0
            )
        });
        std::iter::once("t_ms,lat,lon,alt,accuracy_m,speed_mps,hr\n".to_owned())
            .chain(rows)
            .collect()
    }

    #[test]
    fn measures_a_csv() {
        let found = measure_text(&csv_walk()).unwrap();
        assert!((found.distance_m - 840.0).abs() < 5.0, "{found:?}");
        assert!((found.elapsed_s - 600.0).abs() < 1e-9);
        assert_eq!((found.points, found.rejected_points), (601, 0));
    }

    #[test]
    fn columns_in_any_order_and_empty_cells() {
        let found = measure_text("\u{feff}lon,lat,hr,t_ms\n121.5,31.2,,0\n121.5,31.2001,99,9000\n").unwrap();
        assert!((found.distance_m - 11.1).abs() < 0.2, "{found:?}");
    }

    #[test]
    fn measures_a_gpx() {
        let point = |lat: &str, time: &str| {
            format!("<trkpt lat=\"{lat}\" lon=\"2\"><time>2020-01-01T00:00:{time}Z</time></trkpt>")
        };
        let points = point("1", "00") + &point("1.0001", "08") + "<trkpt lat=\"1\" lon=\"2\"/>";
        let found = measure_text(&format!(
            "\n<gpx version=\"1.0\"><trk><trkseg>{points}</trkseg></trk></gpx>"
        ))
        .unwrap();
        assert!((found.distance_m - 11.1).abs() < 0.2, "{found:?}");
        assert_eq!((found.points, found.rejected_points, found.untimed), (3, 1, 1));
    }

    #[test]
    fn prints_just_the_agreed_fields() {
        let printed = serde_json::to_value(measure_text(&csv_walk()).unwrap()).unwrap();
        let mut fields: Vec<&str> = printed.as_object().unwrap().keys().map(String::as_str).collect();
        fields.sort_unstable();
        let agreed = [
            "ascent_m",
            "distance_m",
            "elapsed_s",
            "file",
            "kcal",
            "moving_s",
            "points",
            "rejected_points",
        ];
        assert_eq!(fields, agreed);
    }

    #[test]
    fn positions_that_are_none_are_counted_as_refused() {
        let text =
            csv_walk() + "601000,NaN,121.5,,,,\n602000,31,inf,,,,\n603000,31,121.5,,99,,\n5,31,121.5,,,,\n";
        let found = measure_text(&text).unwrap();
        assert_eq!(found.rejected_points, 4);
        assert_eq!(
            (
                found.rejected.invalid,
                found.rejected.bad_accuracy,
                found.rejected.time_not_advancing
            ),
            (2, 1, 1)
        );
        assert!((found.distance_m - 840.0).abs() < 5.0, "{found:?}");
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        let wrong = |text: &str| measure_text(text).unwrap_err().to_string();
        for (text, what) in [
            ("", "is empty"),
            ("t_ms,lat\n1,2\n", "no column lon"),
            ("t_ms,lat,lon\n", "is empty"),
            (
                "t_ms,lat,lon\n0,1,2\n1,north,2\n",
                "line 3, field `lat`: \"north\" is not a number",
            ),
            (
                "t_ms,lat,lon\nnoon,1,2\n",
                "line 2, field `t_ms`: \"noon\" is not a whole number",
            ),
            (
                "t_ms,lat,lon,alt\n0,1,2,3\n1,1,2\n",
                "line 3, field `alt`: is missing",
            ),
            (
                "<gpx version=\"1.1\"><trk>",
                "line 1: the file ends in the middle, inside <trk>",
            ),
        ] {
            assert!(wrong(text).contains(what), "{text:?}: {}", wrong(text));
        }
        assert!(
            measure(Path::new("/nowhere/x.gpx"), None)
                .unwrap_err()
                .to_string()
                .starts_with("/nowhere/x.gpx: ")
        );
        assert!(matches!(
            measure(Path::new("x"), Some(f64::NAN)),
            Err(LabError::Track { .. })
        ));
    }
}
