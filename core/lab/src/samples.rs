//! Recordings of an accelerometer: CSV with `t_ms`, `t_s`, `t_us` or `t_ns`, and `x,y,z` in m/s² or `magnitude`.

use crate::LabError;
use crate::input::Table;
use haigou_motion::{STANDARD_GRAVITY, Sample};
use std::path::Path;

/// What stands behind the acceleration of a row.
#[derive(Debug, Clone, Copy)]
enum Reading {
    /// Columns of the three axes, in m/s².
    Axes([usize; 3]),
    /// A column of magnitudes, in units of which so many make 1 g.
    Magnitude { column: usize, rest: f64 },
}

/// The samples of a recording, one after the other.
pub struct Samples {
    table: Table,
    time: usize,
    /// How many of the time's units make a microsecond, as a fraction.
    per_us: (i64, i64),
    reading: Reading,
    any: bool,
}

impl Samples {
    /// Opens a recording. `rest` is the magnitude that stands for 1 g; without it, it is the mean of the quietest
    /// second, for an accelerometer at rest reads 1 g (axes need none).
    ///
    /// # Errors
    /// When the file can't be read, lacks a column, or shows no rest.
    pub fn open(file: &Path, rest: Option<f64>) -> Result<Self, LabError> {
        let table = Table::open(file)?;
        let units = [
            ("t_ms", (1_000, 1)),
            ("t_s", (1_000_000, 1)),
            ("t_us", (1, 1)),
            ("t_ns", (1, 1_000)),
        ];
        let found = units
            .iter()
            .find_map(|(name, per_us)| Some((table.column(name)?, *per_us)));
        let (time, per_us) = found.ok_or_else(|| table.lacks("`t_ms`, `t_s` or `t_ns`"))?;
        let axes = (table.column("x"), table.column("y"), table.column("z"));
        let reading = match (axes, table.column("magnitude"), rest) {
            ((Some(x), Some(y), Some(z)), _, _) => Reading::Axes([x, y, z]),
            (_, Some(column), Some(rest)) => Reading::Magnitude { column, rest },
            (_, Some(column), None) => {
                let raw = Reading::Magnitude { column, rest: 1.0 };
                let mut look = Self {
                    table,
                    time,
                    per_us,
                    reading: raw,
                    any: false,
                };
                let rest = look
                    .quietest_second()?
                    .ok_or_else(|| LabError::Rest(file.to_owned()))?;
                return Self::open(file, Some(rest));
            }
            _ => return Err(table.lacks("`x`, `y` and `z`, nor `magnitude`")),
        };
        Ok(Self {
            table,
            time,
            per_us,
            reading,
            any: false,
        })
    }

    /// The next sample, or `None` at the end.
    ///
    /// # Errors
    /// When a row lacks a cell or has one that is no number, and when there is no row at all.
    pub fn next_sample(&mut self) -> Result<Option<Sample>, LabError> {
        if !self.table.next_row()? {
            return if self.any {
                Ok(None)
            } else {
                Err(LabError::Empty(self.table.file().to_owned()))
            };
        }
        self.any = true;
        let t_us = self.time_us()?;
        Ok(Some(match self.reading {
            Reading::Axes([x, y, z]) => {
                let [x, y, z] = [
                    self.table.number(x)?,
                    self.table.number(y)?,
                    self.table.number(z)?,
                ];
                let length = (x * x + y * y + z * z).sqrt();
                Sample {
                    t_us,
                    magnitude_g: narrow(length / f64::from(STANDARD_GRAVITY)),
                }
            }
            Reading::Magnitude { column, rest } => Sample {
                t_us,
                magnitude_g: narrow(self.table.number(column)? / rest),
            },
        }))
    }

    fn time_us(&self) -> Result<i64, LabError> {
        let (times, parts) = self.per_us;
        if let Ok(whole) = self.table.text(self.time).parse::<i64>() {
            let t_us = whole.checked_mul(times).map(|t| t / parts);
            return t_us.ok_or_else(|| self.table.invalid(self.time, "lies too far from zero"));
        }
        let t_us = self.table.number(self.time)? * whole_f64(times) / whole_f64(parts);
        to_i64(t_us).ok_or_else(|| self.table.invalid(self.time, "lies too far from zero"))
    }

    /// The mean of the second that varies least, if there is a positive one.
    fn quietest_second(&mut self) -> Result<Option<f64>, LabError> {
        let mut best: Option<(f64, f64)> = None;
        let mut second = Second::default();
        while let Some(sample) = self.next_sample()? {
            if let Some(full) = second.push(sample.t_us, f64::from(sample.magnitude_g))
                && best.is_none_or(|best| full.0 < best.0)
            {
                best = Some(full);
            }
        }
        Ok(best.map(|(_, mean)| mean))
    }
}

/// A second of readings, as it fills up.
#[derive(Default)]
struct Second {
    from_us: i64,
    until_us: i64,
    count: f64,
    mean: f64,
    squares: f64,
}

impl Second {
    const LEAST_READINGS: f64 = 8.0;

    /// Takes a reading; one that begins the next second hands over how much the last one varied (deviation ÷
    /// mean), and its mean. Seconds with holes and without acceleration are left out.
    fn push(&mut self, t_us: i64, x: f64) -> Option<(f64, f64)> {
        let spans_us = t_us.saturating_sub(self.from_us);
        let mut full = None;
        if self.count <= 0.0 || !(0..1_000_000).contains(&spans_us) {
            let covers = self.until_us.saturating_sub(self.from_us) > 800_000;
            if covers && self.count >= Self::LEAST_READINGS && self.mean > 0.0 {
                full = Some(((self.squares / self.count).sqrt() / self.mean, self.mean));
            }
            *self = Self {
                from_us: t_us,
                ..Self::default()
            };
        }
        self.until_us = t_us;
        self.count += 1.0;
        let off = x - self.mean;
        self.mean += off / self.count;
        self.squares += off * (x - self.mean);
        full
    }
}

/// A double as a single; what is too large becomes infinite, and is dropped by the counter.
#[expect(
    clippy::cast_possible_truncation,
    reason = "accelerations need no more than a single's digits"
)]
fn narrow(x: f64) -> f32 {
    x as f32
}

/// A small whole number to calculate with.
fn whole_f64(whole: i64) -> f64 {
    whole as f64
}

/// The nearest whole number, if there is one of 64 bits.
#[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
fn to_i64(x: f64) -> Option<i64> {
    const LIMIT: f64 = 9.2e18;
    (-LIMIT..LIMIT).contains(&x).then_some(x.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        (folder, file)
    }

    fn all(text: &str, rest: Option<f64>) -> Result<Vec<Sample>, LabError> {
        let (_folder, file) = written("a.csv", text);
        let mut samples = Samples::open(&file, rest)?;
        let mut all = vec![];
        while let Some(sample) = samples.next_sample()? {
            all.push(sample);
        }
        Ok(all)
    }

    #[test]
    fn times_in_every_unit() {
        for (unit, text) in [
            ("t_ms", "1500"),
            ("t_s", "1.5"),
            ("t_us", "1500000"),
            ("t_ns", "1500000000"),
        ] {
            let samples = all(&format!("{unit},x,y,z\n{text},0,0,9.80665\n"), None).unwrap();
            assert_eq!(
                samples,
                [Sample {
                    t_us: 1_500_000,
                    magnitude_g: 1.0
                }],
                "{unit}"
            );
        }
    }

    #[test]
    fn columns_in_any_order_with_spaces_and_a_byte_order_mark() {
        let samples = all("\u{feff}Z , note, T_ms, y, x\r\n9.80665, hi, 7.5, 0, 0\r\n", None).unwrap();
        assert_eq!(
            samples,
            [Sample {
                t_us: 7_500,
                magnitude_g: 1.0
            }]
        );
    }

    #[test]
    fn magnitudes_are_told_in_g() {
        assert!((all("t_s,magnitude\n0,300\n", Some(200.0)).unwrap()[0].magnitude_g - 1.5).abs() < 1e-6);
    }

    #[test]
    fn the_quietest_second_stands_for_one_g() {
        let mut text = String::from("t_s,magnitude\n");
        for i in 0..200 {
            let still = (100..150).contains(&i);
            let raw = if still {
                20_000 + i % 2
            } else {
                20_000 + (i * 7_919) % 9_000
            };
            text += &format!("{},{raw}\n", f64::from(i) / 25.0);
        }
        let samples = all(&text, None).unwrap();
        assert!(
            (samples[120].magnitude_g - 1.0).abs() < 1e-3,
            "{}",
            samples[120].magnitude_g
        );
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, code, said) in [
            ("", "file_empty", "is empty"),
            ("t_ms,x,y,z\n", "file_empty", "is empty"),
            ("t,x,y,z\n0,1,2,3\n", "column_missing", "it has: t, x, y, z"),
            ("t_ms,x,y\n0,1,2\n", "column_missing", "`magnitude`"),
            (
                "t_ms,x,y,z\n0,1,2,3\n10,1,2\n",
                "cell_invalid",
                "line 3, field `z`: is missing",
            ),
            (
                "t_ms,x,y,z\n0,1,2,\n",
                "cell_invalid",
                "line 2, field `z`: is empty",
            ),
            (
                "t_ms,x,y,z\n0,1,two,3\n",
                "cell_invalid",
                "line 2, field `y`: \"two\" is not a number",
            ),
            (
                "t_ms,x,y,z\n0,NaN,2,3\n",
                "cell_invalid",
                "line 2, field `x`: NaN is not a finite",
            ),
            (
                "t_ms,x,y,z\n0,1,-inf,3\n",
                "cell_invalid",
                "line 2, field `y`: -inf is not a finite",
            ),
            (
                "t_s,x,y,z\n9000000000000000000,1,2,3\n",
                "cell_invalid",
                "line 2, field `t_s`: lies too far",
            ),
            ("t_s,magnitude\n0,5\n", "rest_unknown", "--rest"),
        ] {
            let error = all(text, None).unwrap_err();
            assert_eq!(error.code(), code, "{text:?}: {error}");
            assert!(error.to_string().contains(said), "{text:?}: {error}");
        }
    }
}
