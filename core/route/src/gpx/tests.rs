use std::io::{BufReader, Cursor, Read};

use proptest::prelude::*;

use super::*;
use crate::{Fix, Gait, GpxError};

fn from_text(text: &str) -> Result<Recording, GpxError> {
    read(Cursor::new(text))
}

/// A file of one segment with the given points.
fn file(points: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<gpx version=\"1.1\"><trk><type>running</type><trkseg>\n{points}\n</trkseg></trk></gpx>"
    )
}

const POINT: &str = r#"<trkpt lat="46.5" lon="15.6"><ele>320.6</ele><time>2018-10-01T15:00:44.000Z</time><extensions><x:TrackPointExtension xmlns:x="g"><x:hr>100</x:hr><x:cad>82</x:cad></x:TrackPointExtension></extensions></trkpt>"#;

#[test]
fn reads_a_point_with_its_rates() {
    let recording = from_text(&file(POINT)).unwrap();
    let expected = Fix {
        t_ms: 1_538_406_044_000,
        lat: 46.5,
        lon: 15.6,
        altitude_m: Some(320.6),
        heart_rate: Some(100),
        cadence: Some(164),
        ..Fix::default()
    };
    assert_eq!(
        recording,
        Recording {
            segments: vec![vec![expected]],
            untimed: 0,
            gait: Gait::Run
        }
    );
}

#[test]
fn reads_gpx_1_0_with_speed_other_time_zones_and_several_segments() {
    let text = r#"<gpx version="1.0" xmlns="http://www.topografix.com/GPX/1/0"><wpt lat="1" lon="1"/><trk>
        <trkseg><trkpt lat="1" lon="2"><time>2020-01-01T08:00:00.5+08:00</time><speed>1.5</speed></trkpt></trkseg>
        <trkseg></trkseg>
        <trkseg><trkpt lat="1" lon="2"/><trkpt lat="1" lon="2"><time>2020-01-01T00:00:02</time></trkpt></trkseg>
        </trk></gpx>"#;
    let recording = from_text(text).unwrap();
    let times: Vec<Vec<i64>> = recording
        .segments
        .iter()
        .map(|s| s.iter().map(|f| f.t_ms).collect())
        .collect();
    assert_eq!(times, [[1_577_836_800_500], [1_577_836_802_000]]);
    assert_eq!(recording.segments[0][0].speed_mps, Some(1.5));
    assert_eq!(recording.untimed, 1);
}

#[test]
fn names_the_line_and_the_field() {
    let wrong = |from: &str, to: &str| {
        from_text(&file(&POINT.replace(from, to)))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(wrong("320.6", "high"), "line 3: ele is \"high\", not a number");
    assert_eq!(wrong("46.5", "46,5"), "line 3: lat is \"46,5\", not a number");
    assert_eq!(wrong("lon=\"15.6\"", ""), "line 3: lon is \"\", not a number");
    assert_eq!(
        wrong("2018-10-01", "2018-13-01"),
        "line 3: time is \"2018-13-01T15:00:44.000Z\", not a time such as 2026-03-01T08:30:00Z"
    );
}

#[test]
fn refuses_what_is_no_gpx() {
    for text in [
        "",
        "   ",
        "t_ms,lat,lon",
        "<html></html>",
        "<gpx></gpx>",
        "<gpx version=\"2.0\"></gpx>",
    ] {
        let error = from_text(text).unwrap_err();
        assert_eq!(error.code(), "not_gpx", "{text:?}: {error}");
    }
    assert_eq!(from_text(&file("")).unwrap_err(), GpxError::NoTrack);
    assert_eq!(
        from_text(&file("<trkpt lat=\"1\" lon=\"2\"/>")).unwrap_err(),
        GpxError::NoTrack
    );
}

#[test]
fn a_file_cut_anywhere_is_an_error_never_a_part() {
    let whole = file(&format!("{POINT}\n{POINT}"));
    for end in 0..whole.len() {
        let error = read(Cursor::new(&whole.as_bytes()[..end])).unwrap_err();
        assert!(
            matches!(error.code(), "gpx_truncated" | "not_gpx" | "gpx_syntax"),
            "{end}: {error}"
        );
    }
    let end = whole.rfind("<time>").unwrap();
    let expected = GpxError::Truncated {
        line: 4,
        element: "trkpt".to_owned(),
        points: 1,
    };
    assert_eq!(read(Cursor::new(&whole.as_bytes()[..end])).unwrap_err(), expected);
}

#[test]
fn refuses_an_entity_bomb() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE gpx [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n<gpx version=\"1.1\">&b;</gpx>";
    assert_eq!(from_text(bomb).unwrap_err(), GpxError::Dtd { line: 2 });
}

#[test]
fn refuses_a_gigabyte_and_endless_nesting() {
    let head = Cursor::new("<gpx version=\"1.1\"><trk>");
    let endless = head.chain(std::io::repeat(b' ').take(1 << 30));
    assert_eq!(read(BufReader::new(endless)).unwrap_err().code(), "gpx_too_large");

    let deep = format!("<gpx version=\"1.1\">{}", "<extensions>".repeat(10_000));
    assert_eq!(from_text(&deep).unwrap_err().code(), "gpx_syntax");
}

#[test]
fn what_is_not_a_number_goes_to_the_tracker_as_that() {
    let recording = from_text(&file(&POINT.replace("46.5", "NaN"))).unwrap();
    assert!(recording.segments[0][0].lat.is_nan());
}

#[test]
fn others_can_read_what_is_written() {
    let fix = Fix {
        t_ms: 1_000,
        lat: 31.2,
        lon: 121.5,
        heart_rate: Some(140),
        cadence: Some(171),
        ..Fix::default()
    };
    let mut out = Vec::new();
    write("晨跑 <1> & \u{0}更多", Gait::Run, &[vec![fix]], &mut out).unwrap();
    let text = String::from_utf8(out.clone()).unwrap();
    assert!(
        text.contains("<gpxtpx:hr>140</gpxtpx:hr>") && text.contains("<gpxtpx:cad>86</gpxtpx:cad>"),
        "{text}"
    );
    let theirs = ::gpx::read(Cursor::new(out)).unwrap();
    assert_eq!(theirs.version, ::gpx::GpxVersion::Gpx11);
    assert_eq!(theirs.tracks[0].name.as_deref(), Some("晨跑 <1> & 更多"));
    assert_eq!(
        theirs.tracks[0].segments[0].points[0].point().x_y(),
        (121.5, 31.2)
    );
}

fn any_fix() -> impl Strategy<Value = Fix> {
    let rate = prop::option::of(1_u8..=220);
    // Garmin's cadence counts one foot: only even figures come back whole.
    let cadence = prop::option::of((1_u8..=119).prop_map(|strides| 2 * strides));
    (
        0_i64..4_000_000_000_000,
        -90.0..=90.0,
        -180.0..=180.0,
        prop::option::of(-400.0..9000.0),
        rate,
        cadence,
    )
        .prop_map(|(t_ms, lat, lon, altitude_m, heart_rate, cadence)| Fix {
            t_ms,
            lat,
            lon,
            altitude_m,
            heart_rate,
            cadence,
            ..Fix::default()
        })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        segments in prop::collection::vec(prop::collection::vec(any_fix(), 1..20), 1..4), name in ".*",
    ) {
        let mut out = Vec::new();
        write(&name, Gait::Walk, &segments, &mut out).unwrap();
        let back = read(Cursor::new(out)).unwrap();
        prop_assert_eq!(back, Recording { segments, untimed: 0, gait: Gait::Walk });
    }

    #[test]
    fn no_input_is_fatal(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0_usize..400) {
        let mut whole = file(POINT).into_bytes();
        let at = at.min(whole.len());
        whole.splice(at..at, bytes);
        if let Err(error) = read(Cursor::new(whole)) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
