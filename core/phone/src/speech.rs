//! What is said out loud while something is being recorded: start, pause, kilometres, end. Each once, also when the app
//! is killed in between: what was said is written down before it is.

use haigou_contract::Language;
use haigou_route::Split;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::activity::{Now, seconds};
use crate::core::Core;
use crate::screens::Spoken;
use crate::store::Lasting;
use crate::texts;

/// The name in the store.
const SAID: &str = "said";
/// So many utterances stand on the live screen.
const SHOWN: usize = 5;
/// Whole kilometres have this many metres, but for what is lost in adding up.
const KILOMETRE_M: f64 = 999.999;

/// What was said of the activity under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Said {
    activity: Uuid,
    kilometres: u64,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Speech {
    said: Said,
    /// The latest utterances of this run of the app, oldest first.
    pub(crate) latest: Vec<Spoken>,
}

/// What happened to the activity under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    Started,
    Paused,
    Resumed,
}

impl Speech {
    fn say(&mut self, text: String, now: Now) {
        // Rising numbers, over the app's death too: the shell says what is above the last one that it has said.
        let last = self.latest.last().map_or(i64::MIN, |spoken| spoken.number);
        let number = now.t_ms.max(last.saturating_add(1));
        self.latest.push(Spoken { number, text });
        let over = self.latest.len().saturating_sub(SHOWN);
        self.latest.drain(..over);
    }
}

impl Core {
    /// What was said before the app was killed.
    pub(crate) fn restore_speech(&mut self) {
        self.speech.said = self.store.read().state(SAID).ok().flatten().unwrap_or_default();
    }

    /// Says what happened to the activity under way.
    pub(crate) fn say_turn(&mut self, turn: Turn, now: Now, language: Language) {
        let Some(activity) = self.recorder.running.as_ref().filter(|_| self.settings.speech) else {
            return;
        };
        let text = match turn {
            Turn::Started => texts::speech_started(language, texts::kind_name(activity.kind)),
            Turn::Paused => texts::speech_paused(language),
            Turn::Resumed => texts::speech_resumed(language),
        };
        self.speech.say(text, now);
    }

    /// Says what an activity that is over came to.
    pub(crate) fn say_end(&mut self, id: Uuid, now: Now, language: Language) {
        let over = self.recorder.over.iter().find(|activity| activity.id == id);
        let Some(activity) = over.filter(|_| self.settings.speech) else {
            return;
        };
        let metres = activity.way(now.t_ms).distance_m;
        let (hours, minutes, rest) = texts::duration_parts(seconds(activity.active_ms));
        let text = if metres < KILOMETRE_M {
            let metres = format!("{metres:.0}").parse::<u32>().unwrap_or_default();
            texts::speech_finished_short(language, metres, hours, minutes, rest)
        } else {
            let kilometres = format!("{:.2}", metres / 1000.0);
            texts::speech_finished(language, kilometres, hours, minutes, rest)
        };
        self.speech.say(text, now);
    }

    /// Says the kilometres that were done since the last time.
    pub(crate) fn say_kilometres(&mut self, now: Now, language: Language) {
        let Some(activity) = &self.recorder.running else {
            return;
        };
        let said = if self.speech.said.activity == activity.id {
            self.speech.said.kilometres
        } else {
            0
        };
        let splits = activity.tracker.summary().splits;
        let done = (1_u64..).zip(splits.iter().filter(|split| is_whole(split)));
        let fresh: Vec<(u64, Split)> = done
            .skip_while(|(kilometre, _)| *kilometre <= said)
            .map(|(kilometre, split)| (kilometre, *split))
            .collect();
        let Some((kilometres, _)) = fresh.last().copied() else {
            return;
        };
        self.speech.said = Said {
            activity: activity.id,
            kilometres,
        };
        let said = self.speech.said;
        if let Err(error) = self.store.write(Lasting::Process, |tx| tx.set_state(SAID, &said)) {
            // On a full disk it is said all the same.
            tracing::warn!(%error, "what is said can't be written down");
        }
        if self.settings.speech {
            for (kilometre, split) in fresh {
                let (hours, minutes, rest) = texts::duration_parts(split.moving_s);
                let text = texts::speech_kilometre(language, kilometre, hours, minutes, rest);
                self.speech.say(text, now);
            }
        }
    }
}

fn is_whole(split: &Split) -> bool {
    split.distance_m >= KILOMETRE_M
}
