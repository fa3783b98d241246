//! GPX files from elsewhere: each is a record once, and earns nothing.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests stop where they must not go on"
)]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::string_slice,
    reason = "small figures and plain text"
)]

mod common;

use common::files::{gpx, run_file};
use common::server::pocket_and_server;
use common::{DAY, HOUR, MINUTE, MORNING, Pocket, sign_in};
use haigou_contract::ActivityKind;
use haigou_phone::{BodyProfile, PhoneError};
use proptest::prelude::*;

#[tokio::test]
async fn an_import_is_a_record_once_and_earns_nothing() {
    let (pocket, server) = pocket_and_server().await;
    let phone = pocket.open();
    phone
        .set_body(BodyProfile {
            birth_year: Some(1986),
            ..BodyProfile::default()
        })
        .unwrap();
    let before_signing_in = phone.import_gpx(run_file().as_bytes()).unwrap();
    sign_in(&phone).await;
    let record = phone.import_gpx(run_file().as_bytes()).unwrap();
    assert_eq!(record.line.summary.id, before_signing_in.line.summary.id);
    let summary = &record.line.summary;
    assert!(record.line.imported && record.line.on_this_phone);
    assert_eq!(
        (summary.kind, summary.steps, summary.started_ms),
        (ActivityKind::Run, 0, MORNING - HOUR)
    );
    assert!(
        (summary.distance_m - 5_374.0).abs() < 10.0,
        "{}",
        summary.distance_m
    );
    assert!((summary.active_ms - 1_799_000).abs() < 5_000 && summary.kcal_gross > 100.0);
    assert_eq!(
        (record.splits.len(), record.chart.len(), summary.heart_rate),
        (6, 54, Some(150))
    );
    // 208 - 0.7 x 40 = 180: 150 is in the fourth zone.
    assert!(record.zones.unwrap().time_ms[3] > 1_790_000);
    pocket.clock.advance(2 * MINUTE);
    phone.sync_now().await.unwrap();
    phone.sync_now().await.unwrap();
    assert!(server.book().activities.is_empty() && server.total() == 0);
    let history = phone.history().borrow().clone();
    assert_eq!(
        (history.day.total, history.personal),
        (Default::default(), Vec::new())
    );
    let today = phone.today().borrow().clone();
    assert_eq!(today.walk + today.run + today.passive, 0);
    // It goes out again as it is.
    let again = phone
        .import_gpx(phone.gpx(summary.id).unwrap().as_bytes())
        .unwrap();
    assert!((again.line.summary.distance_m - summary.distance_m).abs() < 1.0);
    // And goes for good; then it may come again.
    phone.delete_record(summary.id).unwrap();
    assert_eq!(phone.record(summary.id).unwrap_err(), PhoneError::NoSuchRecord);
    assert!(!phone.import_gpx(run_file().as_bytes()).unwrap().route.is_empty());
}

#[test]
fn tracks_and_segments_are_taken_in_the_order_of_their_times() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let segment = |from_s: i64| -> String {
        let points: Vec<_> = (0..600)
            .map(|s| {
                (
                    MORNING - HOUR + (from_s + s) * 1_000,
                    31.3 + (from_s + s) as f64 * 1.5 / 111_320.0,
                    None,
                )
            })
            .collect();
        let file = gpx(&points, "hiking");
        file[file.find("<trkseg>").unwrap()..file.find("</trk>").unwrap()].to_owned()
    };
    // The second comes first, and the first twice.
    let (first, second) = (segment(0), segment(1_200));
    let file = format!("<gpx version=\"1.1\"><trk>{second}{first}</trk><trk>{first}</trk></gpx>");
    let record = phone.import_gpx(file.as_bytes()).unwrap();
    let summary = &record.line.summary;
    assert_eq!(
        (summary.kind, summary.ended_ms - summary.started_ms),
        (ActivityKind::Walk, 1_799_000)
    );
    assert!(
        (summary.distance_m - 2.0 * 898.5).abs() < 8.0,
        "the way between doesn't count: {}",
        summary.distance_m
    );
    assert!(
        (summary.active_ms - 1_198_000).abs() < 6_000,
        "{}",
        summary.active_ms
    );
    assert_eq!(phone.gpx(summary.id).unwrap().matches("<trkseg>").count(), 2);
}

#[test]
fn a_file_that_can_t_be_taken_is_refused_with_a_code_and_leaves_nothing() {
    let pocket = Pocket::offline();
    let phone = pocket.open();
    let whole = run_file();
    let ahead = gpx(&[(MORNING + 3 * DAY, 31.0, None)], "");
    let beyond = "<gpx version=\"1.1\"><trk><trkseg><trkpt lat=\"99\" lon=\"0\"><time>2020-01-01T00:00:00Z</time></trkpt></trkseg></trk></gpx>";
    let many: Vec<_> = (0..haigou_phone::MOST_GPX_POINTS as i64 + 1)
        .map(|s| (MORNING - 400 * HOUR + s, 31.0, None))
        .collect();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (Vec::new(), "not_gpx"),
        (b"PK\x03\x04".to_vec(), "not_gpx"),
        (b"<kml/>".to_vec(), "not_gpx"),
        (whole.as_bytes()[..whole.len() / 2].to_vec(), "gpx_truncated"),
        (whole.replace("<ele>4", "<ele>high").into_bytes(), "gpx_field"),
        (format!("<!DOCTYPE gpx>{whole}").into_bytes(), "gpx_dtd"),
        (b"<gpx version=\"1.1\"><trk/></gpx>".to_vec(), "gpx_no_track"),
        (beyond.as_bytes().to_vec(), "gpx_no_track"),
        (ahead.into_bytes(), "gpx_time"),
        (gpx(&many, "").into_bytes(), "gpx_too_large"),
        (vec![b' '; haigou_phone::MOST_GPX_BYTES + 1], "gpx_too_large"),
    ];
    for (file, code) in cases {
        let error = phone.import_gpx(&file).unwrap_err();
        assert_eq!(error.code(), code, "{error:?}");
        for language in [
            haigou_contract::Language::Chinese,
            haigou_contract::Language::English,
        ] {
            assert!(error.text(language).chars().count() > 10);
        }
    }
    assert!(phone.records().borrow().records.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is done to a file: it is a record, or it is refused with a code and leaves nothing.
    #[test]
    fn no_file_breaks_the_import(
        changes in prop::collection::vec((0.0..1.0_f64, any::<u8>()), 0..8), cut in 0.2..1.2_f64,
        times in prop::collection::vec(-10_000_000_000_000_i64..10_000_000_000_000, 1..4),
    ) {
        let pocket = Pocket::offline();
        let phone = pocket.open();
        let mut points: Vec<_> = (0..20).map(|s| (MORNING - HOUR + s * 1_000, 31.0 + s as f64 * 1e-5, Some(120))).collect();
        points.extend(times.iter().map(|t_ms| (*t_ms, 31.0, None)));
        let mut file = gpx(&points, "walking").into_bytes();
        file.truncate((file.len() as f64 * cut) as usize);
        for (place, byte) in changes {
            let at = (place * file.len() as f64) as usize;
            if let Some(known) = file.get_mut(at) {
                *known = byte;
            }
        }
        match phone.import_gpx(&file) {
            Ok(record) => prop_assert!(record.line.summary.distance_m.is_finite() && record.line.imported),
            Err(error) => {
                prop_assert!(error.code().starts_with("gpx") || error.code() == "not_gpx", "{}", error.code());
                prop_assert!(phone.records().borrow().records.is_empty());
            }
        }
    }
}
