//! GPX files of other apps.

use super::{HOUR, MORNING};

/// A walk or run north: time, latitude, heart rate of each point.
pub fn gpx(points: &[(i64, f64, Option<u8>)], kind: &str) -> String {
    let points: String = points
        .iter()
        .map(|(t_ms, lat, bpm)| {
            let time = chrono::DateTime::from_timestamp_millis(*t_ms)
                .unwrap()
                .to_rfc3339();
            let bpm = bpm.map_or(String::new(), |bpm| {
                format!("<extensions><hr>{bpm}</hr></extensions>")
            });
            format!("<trkpt lat=\"{lat:.7}\" lon=\"121.5\"><ele>4</ele><time>{time}</time>{bpm}</trkpt>")
        })
        .collect();
    format!("<gpx version=\"1.1\"><trk><type>{kind}</type><trkseg>{points}</trkseg></trk></gpx>")
}

/// Half an hour's run at 3 m/s, an hour before the morning.
pub fn run_file() -> String {
    let points: Vec<_> = (0..1_800)
        .map(|s| {
            (
                MORNING - HOUR + s * 1_000,
                31.3 + s as f64 * 3.0 / 111_320.0,
                Some(150),
            )
        })
        .collect();
    gpx(&points, "running")
}
