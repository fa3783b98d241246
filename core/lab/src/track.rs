//! `haigou-lab track`: a recording in, the figures of its track out.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::Path,
};

use haigou_route::{Body, Fix, Gait, GpxError, Rejected, Settings, Summary, Tracker, gpx};
use serde::Serialize;

/// Weights that a person can have, in kilograms.
const WEIGHTS_KG: std::ops::RangeInclusive<f64> = 20.0..=400.0;
/// What a CSV may have as columns; the first three it must have.
const COLUMNS: [&str; 7] = ["t_ms", "lat", "lon", "alt", "accuracy_m", "speed_mps", "hr"];
const NEEDED: usize = 3;

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

/// Why a recording could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum TrackError {
    /// The file can't be opened or read.
    #[error("{file}: {source}")]
    Open {
        /// The file as it was named.
        file: String,
        /// What the system says.
        source: io::Error,
    },
    /// It is no GPX file that can be read.
    #[error("{file}: {source}")]
    Gpx {
        /// The file as it was named.
        file: String,
        /// What is wrong, and where.
        source: GpxError,
    },
    /// It is no CSV file that can be read.
    #[error("{file}: line {line}: {what}")]
    Csv {
        /// The file as it was named.
        file: String,
        /// Line, from 1.
        line: u64,
        /// What is wrong, with the field's name.
        what: String,
    },
    /// It is too large.
    #[error("{file}: the file is larger than {} MiB; cut it into smaller recordings", gpx::MOST_BYTES / (1024 * 1024))]
    TooLarge {
        /// The file as it was named.
        file: String,
    },
    /// The weight is none.
    #[error("--weight: {0} is not a weight between 20 and 400 kg")]
    Weight(f64),
}

/// Measures a GPX or CSV file; which it is, is seen in its first character.
///
/// # Errors
/// Names the file, the line and the field. A file that is wrong in part is not measured in part.
pub fn measure(path: &Path, weight_kg: Option<f64>) -> Result<TrackReport, TrackError> {
    if let Some(weight) = weight_kg.filter(|w| !WEIGHTS_KG.contains(w)) {
        return Err(TrackError::Weight(weight));
    }
    let body = weight_kg.map_or_else(Body::default, |weight_kg| Body {
        weight_kg,
        ..Body::default()
    });
    let file = path.display().to_string();
    let open = |source| TrackError::Open {
        file: file.clone(),
        source,
    };
    let source = File::open(path).map_err(open)?;
    if source.metadata().map_err(open)?.len() > gpx::MOST_BYTES {
        return Err(TrackError::TooLarge { file });
    }
    // What grows while it is read is refused likewise.
    let mut source = BufReader::new(source.take(gpx::MOST_BYTES));
    if looks_like_xml(&mut source).map_err(open)? {
        let recording = gpx::read(source).map_err(|source| TrackError::Gpx {
            file: file.clone(),
            source,
        })?;
        let untimed = u64::try_from(recording.untimed).unwrap_or(u64::MAX);
        Ok(report(
            file,
            &track(&recording.segments, recording.gait, body),
            untimed,
        ))
    } else {
        let fixes = read_csv(source).map_err(|(line, what)| TrackError::Csv {
            file: file.clone(),
            line,
            what,
        })?;
        Ok(report(file, &track(&[fixes], Gait::Auto, body), 0))
    }
}

fn track(segments: &[Vec<Fix>], gait: Gait, body: Body) -> Summary {
    let mut tracker = Tracker::new(Settings {
        gait,
        body,
        ..Settings::default()
    });
    for segment in segments {
        if let Some(first) = segment.first() {
            tracker.break_before(first.t_ms);
        }
        for fix in segment {
            tracker.push(*fix);
        }
    }
    tracker.finish()
}

fn report(file: String, summary: &Summary, untimed: u64) -> TrackReport {
    let tenths = |figure: f64| (figure * 10.0).round() / 10.0;
    let rejected_points = summary.rejected.total() + untimed;
    TrackReport {
        file,
        points: summary.accepted + rejected_points,
        distance_m: tenths(summary.distance_m),
        elapsed_s: tenths(summary.elapsed_s),
        moving_s: tenths(summary.moving_s),
        ascent_m: tenths(summary.ascent_m),
        kcal: tenths(summary.energy.gross_kcal),
        rejected_points,
        rejected: summary.rejected,
        untimed,
    }
}

/// Skips a byte order mark and white space, and looks at what follows.
fn looks_like_xml(source: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let buffer = source.fill_buf()?;
        match buffer.first() {
            None => return Ok(false),
            Some(b'<') => return Ok(true),
            Some(b'\xef' | b'\xbb' | b'\xbf') => source.consume(1),
            Some(byte) if byte.is_ascii_whitespace() => source.consume(1),
            Some(_) => return Ok(false),
        }
    }
}

/// Fixes from a CSV with a header. An error is a line and what is wrong there.
fn read_csv(source: impl Read) -> Result<Vec<Fix>, (u64, String)> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source);
    let header = reader.headers().map_err(|e| explain(&e))?.clone();
    let column = |name: &str| header.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    if let Some(missing) = COLUMNS.iter().take(NEEDED).find(|name| column(name).is_none()) {
        return Err((
            1,
            format!(
                "the header has no column {missing}; it should read {}",
                COLUMNS.join(",")
            ),
        ));
    }
    let columns = COLUMNS.map(column);
    let mut fixes = Vec::new();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).map_err(|e| explain(&e))? {
        let line = row.position().map_or(0, csv::Position::line);
        fixes.push(fix_of(&row, columns).map_err(|what| (line, what))?);
    }
    if fixes.is_empty() {
        Err((2, "there is no position below the header".to_owned()))
    } else {
        Ok(fixes)
    }
}

fn fix_of(row: &csv::StringRecord, columns: [Option<usize>; 7]) -> Result<Fix, String> {
    let [t_ms, lat, lon, alt, accuracy, speed, hr] =
        columns.map(|at| at.and_then(|at| row.get(at)).unwrap_or_default());
    let number = |name: &str, cell: &str| {
        cell.parse::<f64>()
            .map_err(|_| format!("{name} is {cell:?}, not a number"))
    };
    let optional = |name: &str, cell: &str| (!cell.is_empty()).then(|| number(name, cell)).transpose();
    Ok(Fix {
        t_ms: t_ms
            .parse()
            .map_err(|_| format!("t_ms is {t_ms:?}, not a whole number of milliseconds"))?,
        lat: number("lat", lat)?,
        lon: number("lon", lon)?,
        altitude_m: optional("alt", alt)?,
        accuracy_m: optional("accuracy_m", accuracy)?,
        speed_mps: optional("speed_mps", speed)?,
        heart_rate: optional("hr", hr)?.and_then(beats),
        ..Fix::default()
    })
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

fn explain(error: &csv::Error) -> (u64, String) {
    let line = error.position().map_or(1, csv::Position::line);
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => {
            format!("{len} fields instead of {expected_len}; is the file cut off?")
        }
        csv::ErrorKind::Utf8 { .. } => "this is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    };
    (line, what)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn measure_text(text: &str) -> Result<TrackReport, TrackError> {
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
            ("", "line 1: the header has no column t_ms"),
            ("t_ms,lat\n1,2\n", "line 1: the header has no column lon"),
            ("t_ms,lat,lon\n", "line 2: there is no position"),
            (
                "t_ms,lat,lon\n0,1,2\n1,north,2\n",
                "line 3: lat is \"north\", not a number",
            ),
            (
                "t_ms,lat,lon\nnoon,1,2\n",
                "line 2: t_ms is \"noon\", not a whole number",
            ),
            ("t_ms,lat,lon\n0,1,2\n1,1\n", "line 3: 2 fields instead of 3"),
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
            Err(TrackError::Weight(_))
        ));
    }
}
