//! Who takes part: one line of people, each invited by the one before.

use haigou_contract::ActivityKind;
use haigou_simulator::people::{self, Role};

/// Somebody who takes part.
pub(crate) struct Part {
    /// Name, in both scripts.
    pub(crate) name: &'static str,
    /// What he is known for.
    pub(crate) about: &'static str,
    /// What he does every day.
    pub(crate) does: Does,
    /// The days without a network, counted from 0.
    pub(crate) offline: &'static [usize],
    /// Wears a band all day long.
    pub(crate) band: bool,
    /// The day on which the app is killed in the middle, counted from 0.
    pub(crate) killed_on: Option<usize>,
}

/// What somebody does every day.
pub(crate) enum Does {
    /// Walks as on these recordings, one after the other for so many minutes; without recordings, as that role does.
    Recorded {
        files: &'static [&'static str],
        minutes: i64,
        hour: i64,
        otherwise: fn(u64) -> Role,
    },
    /// Moves as that role does, with the app recording an activity.
    Activity {
        kind: ActivityKind,
        role: fn(u64) -> Role,
    },
    /// Sits at home and has the phone's step counter say so many steps a minute, for so many minutes from that hour on.
    Tampers {
        per_minute: u64,
        minutes: i64,
        hour: i64,
    },
    /// Moves as that role does, with the app in the background.
    Passive { role: fn(u64) -> Role },
}

/// Everybody, in the order of the line.
pub(crate) const CAST: [Part; 8] = [
    Part {
        name: "安 An",
        about: "walks with the phone in the hand (recording)",
        does: Does::Recorded {
            files: &["walk13.csv.gz", "walk29.csv.gz", "walk42.csv.gz"],
            minutes: 62,
            hour: 7,
            otherwise: people::morning_walker,
        },
        offline: &[],
        band: false,
        killed_on: None,
    },
    Part {
        name: "波 Bo",
        about: "walks with the phone in a pocket (recording)",
        does: Does::Recorded {
            files: &["walk11.csv.gz", "walk27.csv.gz", "walk39.csv.gz"],
            minutes: 34,
            hour: 12,
            otherwise: people::stroller,
        },
        offline: &[],
        band: false,
        killed_on: None,
    },
    Part {
        name: "晨 Chen",
        about: "wears a band all day, and walks with the phone in a bag in the morning (recording)",
        does: Does::Recorded {
            files: &["walk19.csv.gz", "walk33.csv.gz", "walk45.csv.gz"],
            minutes: 100,
            hour: 10,
            otherwise: people::morning_walker,
        },
        offline: &[],
        band: true,
        killed_on: None,
    },
    Part {
        name: "迪 Di",
        about: "two days without a network; the app is killed in mid-walk on the second",
        does: Does::Activity {
            kind: ActivityKind::Walk,
            role: people::morning_walker,
        },
        offline: &[2, 3],
        band: false,
        killed_on: Some(3),
    },
    Part {
        name: "恩 En",
        about: "runs in the evening, with barometer and heart rate",
        does: Does::Activity {
            kind: ActivityKind::Run,
            role: people::runner,
        },
        offline: &[],
        band: false,
        killed_on: None,
    },
    Part {
        name: "方 Fang",
        about: "cheats: the phone lies in a cradle that shakes it",
        does: Does::Activity {
            kind: ActivityKind::Walk,
            role: people::shaker,
        },
        offline: &[],
        band: false,
        killed_on: None,
    },
    Part {
        name: "高 Gao",
        about: "cheats: a step counter that was tampered with",
        does: Does::Tampers {
            per_minute: 280,
            minutes: 45,
            hour: 14,
        },
        offline: &[],
        band: false,
        killed_on: None,
    },
    Part {
        name: "海 Hai",
        about: "never starts an activity; the app counts on the way to work",
        does: Does::Passive {
            role: people::commuter,
        },
        offline: &[],
        band: false,
        killed_on: None,
    },
];
