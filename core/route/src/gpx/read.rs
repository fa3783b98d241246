//! Reading, point by point.

use std::io::BufRead;

use chrono::{DateTime, NaiveDateTime};
use quick_xml::{
    Error as XmlError,
    errors::{IllFormedError, SyntaxError},
    events::{BytesStart, Event},
};

use super::lines::Lines;
use crate::{Fix, Gait, GpxError};

/// Larger files are refused: a day at one point a second with extensions is about 30 MB.
pub const MOST_BYTES: u64 = 128 * 1024 * 1024;
/// Files with more points are refused: eleven days at one point a second.
pub const MOST_POINTS: usize = 1_000_000;
/// No GPX file nests deeper than this.
const DEEPEST: usize = 64;
/// No field that is read is longer than this.
const LONGEST_FIELD: usize = 256;
/// A cadence below this is strides a minute, as Garmin counts (one foot); from here on, steps.
const LEAST_STEP_CADENCE: f64 = 120.0;

/// What a file holds, in its order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entry {
    /// A track segment begins.
    Segment,
    /// A track point.
    Fix(Fix),
    /// A track point without a time, which can't be measured.
    Untimed,
}

/// A whole file.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recording {
    /// The track points that have a time, by segment, over all tracks.
    pub segments: Vec<Vec<Fix>>,
    /// How many track points have none.
    pub untimed: usize,
    /// What the tracks' `type` says.
    pub gait: Gait,
}

/// Reads a whole file into memory.
///
/// # Errors
/// Whatever is wrong with the file; never a part of it silently. [`GpxError::NoTrack`] where no track point has a time.
pub fn read(source: impl BufRead) -> Result<Recording, GpxError> {
    let mut reader = Reader::new(source);
    let mut recording = Recording::default();
    while let Some(entry) = reader.next_entry()? {
        match entry {
            Entry::Segment => recording.segments.push(Vec::new()),
            Entry::Untimed => recording.untimed += 1,
            Entry::Fix(fix) => {
                if let Some(segment) = recording.segments.last_mut() {
                    segment.push(fix);
                }
            }
        }
    }
    recording.segments.retain(|segment| !segment.is_empty());
    recording.gait = reader.gait();
    if recording.segments.is_empty() {
        Err(GpxError::NoTrack)
    } else {
        Ok(recording)
    }
}

/// Reads entry by entry; memory does not grow with the file.
pub struct Reader<R> {
    xml: quick_xml::Reader<Lines<R>>,
    buffer: Vec<u8>,
    /// Local names of the elements that are open.
    open: Vec<String>,
    /// The text of the innermost element so far.
    text: String,
    point: Option<Point>,
    points: usize,
    gait: Gait,
    /// The root has been seen.
    begun: bool,
}

/// A point whose end has not come yet.
#[derive(Default)]
struct Point {
    fix: Fix,
    timed: bool,
}

impl<R: BufRead> Reader<R> {
    /// Reads from the beginning of a file.
    pub fn new(source: R) -> Self {
        // One byte more than may be: so a file of just that size is read, and a larger one noticed.
        let mut xml = quick_xml::Reader::from_reader(Lines::new(source, MOST_BYTES + 1));
        xml.config_mut().expand_empty_elements = true;
        Self {
            xml,
            buffer: Vec::new(),
            open: Vec::new(),
            text: String::new(),
            point: None,
            points: 0,
            gait: Gait::Auto,
            begun: false,
        }
    }

    /// What the tracks' `type` said so far.
    #[must_use]
    pub fn gait(&self) -> Gait {
        self.gait
    }

    /// The next entry; none at the end of a complete file.
    ///
    /// # Errors
    /// Whatever is wrong, with its line.
    pub fn next_entry(&mut self) -> Result<Option<Entry>, GpxError> {
        loop {
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            let event = self.xml.read_event_into(&mut buffer);
            let found = match event {
                Ok(Event::Eof) => {
                    self.check_end()?;
                    return Ok(None);
                }
                Ok(event) => self.take(event),
                Err(error) => Err(self.explain(&error)),
            };
            if self.xml.get_ref().is_exhausted() {
                return Err(GpxError::TooLarge {
                    limit: format!("{} MiB", MOST_BYTES / (1024 * 1024)),
                });
            }
            self.buffer = buffer;
            if let Some(entry) = found? {
                return Ok(Some(entry));
            }
        }
    }

    fn take(&mut self, event: Event<'_>) -> Result<Option<Entry>, GpxError> {
        match event {
            Event::Start(start) => self.begin(&start),
            Event::End(_) => self.end(),
            Event::Text(text) => self.collect(&text.xml10_content()),
            Event::CData(text) => self.collect(&text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(letter)) => self.collect(letter.encode_utf8(&mut [0; 4])),
                Ok(None) => self.collect("&"),
                Err(error) => Err(self.explain(&error)),
            },
            Event::DocType(_) => Err(GpxError::Dtd { line: self.line() }),
            _ => Ok(None),
        }
    }

    fn begin(&mut self, start: &BytesStart<'_>) -> Result<Option<Entry>, GpxError> {
        let name = start.local_name().as_ref().to_owned();
        if !self.begun {
            self.check_root(&name, start)?;
            self.begun = true;
        }
        self.text.clear();
        self.open.push(name);
        if self.open.len() > DEEPEST {
            let what = format!("elements are nested more than {DEEPEST} deep");
            return Err(GpxError::Syntax {
                line: self.line(),
                what,
            });
        }
        match self.open.last().map(String::as_str) {
            Some("trkseg") => Ok(Some(Entry::Segment)),
            Some("trkpt") => {
                let lat = self.coordinate(start, "lat")?;
                let lon = self.coordinate(start, "lon")?;
                self.point = Some(Point {
                    fix: Fix {
                        lat,
                        lon,
                        ..Fix::default()
                    },
                    timed: false,
                });
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    fn end(&mut self) -> Result<Option<Entry>, GpxError> {
        let name = self.open.pop().unwrap_or_default();
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        if name == "trkpt" {
            return self.complete();
        }
        if name == "type" && self.open.last().is_some_and(|parent| parent == "trk") {
            self.gait = gait_of(text);
        }
        let line = self.line();
        let Some(point) = &mut self.point else {
            return Ok(None);
        };
        if text.is_empty() {
            return Ok(None);
        }
        match name.as_str() {
            "ele" => point.fix.altitude_m = Some(number("ele", text, line)?),
            "speed" => point.fix.speed_mps = Some(number("speed", text, line)?),
            "hr" | "heartrate" => point.fix.heart_rate = whole(number("hr", text, line)?),
            "cad" | "cadence" => point.fix.cadence = steps_per_minute(number("cad", text, line)?),
            "time" => {
                point.fix.t_ms = moment(text, line)?;
                point.timed = true;
            }
            _ => {}
        }
        Ok(None)
    }

    fn complete(&mut self) -> Result<Option<Entry>, GpxError> {
        self.points += 1;
        if self.points > MOST_POINTS {
            return Err(GpxError::TooLarge {
                limit: format!("{MOST_POINTS} points"),
            });
        }
        let point = self.point.take().unwrap_or_default();
        Ok(Some(if point.timed {
            Entry::Fix(point.fix)
        } else {
            Entry::Untimed
        }))
    }

    fn collect(&mut self, text: &str) -> Result<Option<Entry>, GpxError> {
        if self.text.len() + text.len() <= LONGEST_FIELD {
            self.text.push_str(text);
        }
        Ok(None)
    }

    fn check_root(&self, name: &str, start: &BytesStart<'_>) -> Result<(), GpxError> {
        let line = self.line();
        if name != "gpx" {
            return Err(GpxError::NotGpx {
                line,
                what: format!("its root is <{}>", cut(name)),
            });
        }
        match self.attribute(start, "version")?.as_deref() {
            Some("1.0" | "1.1") => Ok(()),
            Some(other) => Err(GpxError::NotGpx {
                line,
                what: format!("its version is {:?}", cut(other)),
            }),
            None => Err(GpxError::NotGpx {
                line,
                what: "it has no version".to_owned(),
            }),
        }
    }

    fn check_end(&self) -> Result<(), GpxError> {
        match self.open.last() {
            Some(element) => Err(self.truncated(element)),
            None if !self.begun => Err(GpxError::NotGpx {
                line: self.line(),
                what: "it is empty".to_owned(),
            }),
            None => Ok(()),
        }
    }

    fn coordinate(&self, start: &BytesStart<'_>, name: &'static str) -> Result<f64, GpxError> {
        number(
            name,
            self.attribute(start, name)?.unwrap_or_default().trim(),
            self.line(),
        )
    }

    fn attribute(&self, start: &BytesStart<'_>, name: &str) -> Result<Option<String>, GpxError> {
        let syntax = |what: String| GpxError::Syntax {
            line: self.line(),
            what,
        };
        let attribute = start.try_get_attribute(name).map_err(|e| syntax(e.to_string()))?;
        Ok(attribute.map(|a| a.value.into_owned()))
    }

    fn explain(&self, error: &XmlError) -> GpxError {
        let line = self.line();
        match error {
            XmlError::Io(e) => GpxError::Io {
                line,
                what: e.to_string(),
            },
            XmlError::Syntax(SyntaxError::InvalidBangMarkup) => GpxError::Syntax {
                line,
                what: error.to_string(),
            },
            XmlError::Syntax(_) if self.begun => {
                self.truncated(self.open.last().map_or("gpx", String::as_str))
            }
            XmlError::IllFormed(IllFormedError::MissingEndTag(name)) => self.truncated(name),
            _ => GpxError::Syntax {
                line,
                what: error.to_string(),
            },
        }
    }

    fn truncated(&self, element: &str) -> GpxError {
        GpxError::Truncated {
            line: self.line(),
            element: cut(element),
            points: self.points,
        }
    }

    fn line(&self) -> u64 {
        self.xml.get_ref().line()
    }
}

/// A number as XML Schema writes it; NaN and infinity are numbers here, and refused by the tracker as positions.
fn number(field: &'static str, text: &str, line: u64) -> Result<f64, GpxError> {
    text.parse().map_err(|_| GpxError::Field {
        line,
        field,
        found: cut(text),
        expected: "a number",
    })
}

/// Milliseconds since 1970; a time without an offset is UTC, as GPX says.
fn moment(text: &str, line: u64) -> Result<i64, GpxError> {
    let with_offset = DateTime::parse_from_rfc3339(text).map(|t| t.timestamp_millis());
    let without = || {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map(|t| t.and_utc().timestamp_millis())
    };
    with_offset.or_else(|_| without()).map_err(|_| GpxError::Field {
        line,
        field: "time",
        found: cut(text),
        expected: "a time such as 2026-03-01T08:30:00Z",
    })
}

fn gait_of(text: &str) -> Gait {
    let text = text.to_lowercase();
    if text.contains("run") {
        Gait::Run
    } else if text.contains("walk") || text.contains("hik") {
        Gait::Walk
    } else {
        Gait::Auto
    }
}

fn steps_per_minute(cadence: f64) -> Option<u8> {
    whole(if cadence < LEAST_STEP_CADENCE {
        2.0 * cadence
    } else {
        cadence
    })
}

/// A rate from 1 to 255; nothing else is one.
fn whole(rate: f64) -> Option<u8> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within the range just checked"
    )]
    (1.0..255.5).contains(&rate).then(|| rate.round() as u8)
}

/// At most 80 characters, for messages.
fn cut(text: &str) -> String {
    text.chars().take(80).collect()
}
