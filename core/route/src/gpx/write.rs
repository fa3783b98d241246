//! Writing GPX 1.1.

use std::io::Write;

use geo::Point;
use gpx::{Gpx, GpxVersion, Track, TrackSegment, Waypoint};
use quick_xml::{
    Reader, Writer,
    events::{BytesEnd, BytesStart, BytesText, Event},
};
use time::OffsetDateTime;

use crate::{Fix, Gait, GpxError};

const GARMIN: &str = "http://www.garmin.com/xmlschemas/TrackPointExtension/v1";

/// Writes segments of fixes as one track. Fixes that are no position on earth are left out, as GPX can't hold them. Cadence is
/// written as Garmin does, in strides a minute.
///
/// # Errors
/// [`GpxError::Write`] if the output can't be written or a time is beyond what a date can say.
pub fn write(name: &str, gait: Gait, segments: &[Vec<Fix>], output: impl Write) -> Result<(), GpxError> {
    let segments: Vec<Vec<&Fix>> = segments
        .iter()
        .map(|s| s.iter().filter(|f| on_earth(f)).collect())
        .collect();
    let mut plain = Vec::new();
    gpx::write(&document(name, gait, &segments)?, &mut plain).map_err(failed)?;
    add_extensions(&plain, segments.iter().flatten().copied(), output)
}

fn document(name: &str, gait: Gait, segments: &[Vec<&Fix>]) -> Result<Gpx, GpxError> {
    let mut track = Track {
        // Control characters and these two are none of XML's.
        name: Some(
            name.chars()
                .filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'))
                .collect(),
        ),
        type_: match gait {
            Gait::Auto => None,
            Gait::Walk => Some("walking".to_owned()),
            Gait::Run => Some("running".to_owned()),
        },
        ..Track::default()
    };
    for fixes in segments {
        let points = fixes.iter().map(|fix| waypoint(fix)).collect::<Result<_, _>>()?;
        track.segments.push(TrackSegment { points });
    }
    Ok(Gpx {
        version: GpxVersion::Gpx11,
        creator: Some("Haigou".to_owned()),
        tracks: vec![track],
        ..Gpx::default()
    })
}

fn waypoint(fix: &Fix) -> Result<Waypoint, GpxError> {
    let mut point = Waypoint::new(Point::new(fix.lon, fix.lat));
    point.elevation = fix.altitude_m.filter(|m| m.is_finite());
    let nanoseconds = i128::from(fix.t_ms) * 1_000_000;
    point.time = Some(
        OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)
            .map_err(failed)?
            .into(),
    );
    Ok(point)
}

/// Copies the document, and ends each point with what its fix knows of heart and feet.
fn add_extensions<'a>(
    plain: &[u8],
    mut fixes: impl Iterator<Item = &'a Fix>,
    output: impl Write,
) -> Result<(), GpxError> {
    let mut reader = Reader::from_reader(plain);
    let mut writer = Writer::new(output);
    loop {
        let event = reader.read_event().map_err(failed)?;
        match &event {
            Event::Eof => return Ok(()),
            Event::Start(start) if start.local_name().as_ref() == "gpx" => {
                let mut root = start.to_owned();
                root.push_attribute(("xmlns:gpxtpx", GARMIN));
                writer.write_event(Event::Start(root)).map_err(failed)?;
                continue;
            }
            Event::End(end) if end.local_name().as_ref() == "trkpt" => {
                let rates = fixes.next().map(rates).unwrap_or_default();
                if !rates.is_empty() {
                    write_rates(&mut writer, &rates).map_err(failed)?;
                }
            }
            _ => {}
        }
        writer.write_event(event).map_err(failed)?;
    }
}

fn rates(fix: &Fix) -> Vec<(&'static str, u8)> {
    let heart = fix.heart_rate.map(|bpm| ("gpxtpx:hr", bpm));
    let feet = fix.cadence.map(|steps| ("gpxtpx:cad", steps.div_ceil(2)));
    heart.into_iter().chain(feet).collect()
}

fn write_rates(writer: &mut Writer<impl Write>, rates: &[(&'static str, u8)]) -> std::io::Result<()> {
    const AROUND: [&str; 2] = ["extensions", "gpxtpx:TrackPointExtension"];
    for name in AROUND {
        writer.write_event(Event::Start(BytesStart::new(name)))?;
    }
    for (name, rate) in rates {
        writer.write_event(Event::Start(BytesStart::new(*name)))?;
        writer.write_event(Event::Text(BytesText::new(&rate.to_string())))?;
        writer.write_event(Event::End(BytesEnd::new(*name)))?;
    }
    for name in AROUND.into_iter().rev() {
        writer.write_event(Event::End(BytesEnd::new(name)))?;
    }
    Ok(())
}

fn on_earth(fix: &Fix) -> bool {
    (-90.0..=90.0).contains(&fix.lat) && (-180.0..=180.0).contains(&fix.lon)
}

fn failed(error: impl std::fmt::Display) -> GpxError {
    GpxError::Write(error.to_string())
}
