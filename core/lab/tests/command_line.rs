//! The command as people and scripts meet it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test may panic"
)]

use serde_json::Value;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};

fn lab(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_haigou-lab"))
        .current_dir(folder)
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn json_lines(output: &Output) -> Vec<Value> {
    text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Thirty seconds at two steps a second, in m/s² along z, with the small variations of a person.
fn walk() -> String {
    let mut csv = String::from("t_ms,x,y,z\n");
    for i in 0..1_500_u32 {
        let t = f64::from(i) / 50.0;
        let pace = std::f64::consts::TAU * (2.0 * t + 0.08 * (0.7 * t).sin());
        let z = 9.806_65 * (1.0 + (0.3 + 0.06 * (1.9 * t).sin()) * pace.sin());
        csv += &format!("{},0,0,{z:.3}\n", i * 20);
    }
    csv
}

fn stillness() -> String {
    let rows = (0..500_u32).map(|i| format!("{},0,0,9.{}\n", i * 20, 80 + i % 3));
    std::iter::once("t_ms,x,y,z\n".to_owned()).chain(rows).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[test]
fn steps_are_counted_alike_plain_packed_and_as_magnitude() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("walk.csv"), walk()).unwrap();
    std::fs::write(folder.path().join("walk.csv.gz"), gzip(&walk())).unwrap();
    let magnitude = walk()
        .replace("t_ms,x,y,z", "t_ms,magnitude")
        .replace(",0,0,", ",");
    std::fs::write(folder.path().join("raw.csv"), magnitude).unwrap();
    let output = lab(
        folder.path(),
        &[
            "steps",
            "--json",
            "--rest",
            "9.80665",
            "walk.csv",
            "walk.csv.gz",
            "raw.csv",
        ],
    );
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines = json_lines(&output);
    assert_eq!(lines.len(), 3);
    for (line, name) in lines.iter().zip(["walk.csv", "walk.csv.gz", "raw.csv"]) {
        assert_eq!(line["file"], name);
        assert!((58..=60).contains(&line["steps"].as_u64().unwrap()), "{line}");
        assert_eq!(line["samples"], 1_500);
        assert!(
            (line["duration_s"].as_f64().unwrap() - 29.98).abs() < 1e-6,
            "{line}"
        );
        assert!(
            (line["cadence_spm"].as_f64().unwrap() - 120.0).abs() < 3.0,
            "{line}"
        );
        assert!(line["ns_per_sample"].as_f64().unwrap() > 0.0, "{line}");
    }
}

#[test]
fn late_repeated_and_shuffled_rows_are_taken_in_stride() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows: Vec<String> = walk().lines().map(str::to_owned).collect();
    for at in (50..1_400).step_by(40) {
        rows.swap(at, at + 1);
        rows.insert(at + 20, rows[at + 20].clone());
    }
    std::fs::write(folder.path().join("rough.csv"), rows.join("\n")).unwrap();
    let output = lab(folder.path(), &["steps", "--json", "rough.csv"]);
    let line = json_lines(&output).remove(0);
    assert!((58..=60).contains(&line["steps"].as_u64().unwrap()), "{line}");
    assert_eq!(line["dropped"], 2 * 34);
}

#[test]
fn a_person_can_read_the_answer_without_json() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("walk.csv"), walk()).unwrap();
    let output = lab(folder.path(), &["steps", "walk.csv"]);
    assert!(
        text(&output.stdout).starts_with("walk.csv: "),
        "{}",
        text(&output.stdout)
    );
    assert!(
        text(&output.stdout).contains(" steps in 30 s"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn bad_files_end_with_2_and_say_where_and_the_good_ones_are_still_counted() {
    let folder = tempfile::tempdir().unwrap();
    let half = &walk()[..10_000].rsplit_once(',').unwrap().0.to_owned();
    let packed = gzip(&walk());
    let bad: [(&str, Vec<u8>, &str); 9] = [
        ("empty.csv", vec![], "file_empty"),
        ("header.csv", b"t_ms,x,y,z\n".to_vec(), "file_empty"),
        ("half.csv", half.clone().into_bytes(), "is missing; the line ends"),
        (
            "words.csv",
            b"t_ms,x,y,z\n0,1,2,3\n20,1,oops,3\n".to_vec(),
            "line 3, field `y`: \"oops\"",
        ),
        (
            "nan.csv",
            b"t_ms,x,y,z\n0,NaN,2,3\n".to_vec(),
            "line 2, field `x`: NaN",
        ),
        ("columns.csv", b"time,a,b,c\n0,1,2,3\n".to_vec(), "column_missing"),
        (
            "cut.csv.gz",
            packed[..packed.len() / 2].to_vec(),
            "file_unreadable",
        ),
        (
            "endless.csv",
            [b"t_ms,x,y,z\n".to_vec(), vec![b'1'; 300_000]].concat(),
            "longer than",
        ),
        ("bytes.csv", b"t_ms,x,y,z\n0,\xff\xfe,2,3\n".to_vec(), "line 2"),
    ];
    std::fs::write(folder.path().join("walk.csv"), walk()).unwrap();
    for (name, bytes, said) in bad {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let output = lab(folder.path(), &["steps", "--json", name, "walk.csv"]);
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}: {message}");
        assert!(
            message.contains(name) && message.contains(said),
            "{name}: {message}"
        );
        assert_eq!(json_lines(&output).len(), 1, "{name}");
    }
    let output = lab(folder.path(), &["steps", "absent.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("absent.csv"));
}

#[test]
fn wrong_use_ends_with_2_and_help_shows_examples() {
    let folder = tempfile::tempdir().unwrap();
    for args in [
        &["steps"][..],
        &["count", "a.csv"],
        &["steps", "--rest", "0", "a.csv"],
        &["steps", "--rest", "heavy", "a.csv"],
        &["steps", "--kind", "swim", "a.csv"],
        &["score"],
    ] {
        assert_eq!(lab(folder.path(), args).status.code(), Some(2), "{args:?}");
    }
    for command in ["steps", "track", "score"] {
        let output = lab(folder.path(), &[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("Example:"), "{command}");
    }
}

#[test]
fn a_manifest_is_scored_file_by_file_and_by_group() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("set")).unwrap();
    std::fs::write(folder.path().join("set/walk.csv"), walk()).unwrap();
    std::fs::write(folder.path().join("set/still.csv"), stillness()).unwrap();
    let manifest = "file,steps,who,group\nwalk.csv,50,Li,hand\nstill.csv,0,Bo,desk\n";
    std::fs::write(folder.path().join("set/manifest.csv"), manifest).unwrap();
    let output = lab(folder.path(), &["score", "--json", "set/manifest.csv"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let lines = json_lines(&output);
    let counted = lines[0]["counted"].as_f64().unwrap();
    assert_eq!(
        (&lines[0]["file"], &lines[0]["group"]),
        (&"walk.csv".into(), &"hand".into())
    );
    let error = lines[0]["error_pct"].as_f64().unwrap();
    assert!(
        (error - (counted - 50.0) * 2.0).abs() < 1e-6 && error > 0.0,
        "{}",
        lines[0]
    );
    assert_eq!(lines[1]["error_pct"], Value::Null);
    assert_eq!(lines[2]["mean_abs_error_pct"], lines[0]["error_pct"]);
    assert_eq!(lines[2]["worst_pct"], lines[0]["error_pct"]);
    assert_eq!(lines[2]["false_steps"], 0.0);
    assert_eq!(lines[2]["groups"]["hand"]["files"], 1);

    let by_person = lab(
        folder.path(),
        &["score", "--json", "--group-by", "who", "set/manifest.csv"],
    );
    assert_eq!(json_lines(&by_person)[2]["groups"]["Bo"]["false_steps"], 0.0);
    assert!(text(&lab(folder.path(), &["score", "set/manifest.csv"]).stdout).contains("mean error"));
}

#[test]
fn a_manifest_with_a_missing_file_ends_with_2_after_scoring_the_others() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("walk.csv"), walk()).unwrap();
    std::fs::write(
        folder.path().join("m.csv"),
        "file,steps\nabsent.csv,7\nwalk.csv,60\n",
    )
    .unwrap();
    let output = lab(folder.path(), &["score", "--json", "m.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("absent.csv"));
    assert_eq!(json_lines(&output).len(), 2);
}
