//! What the screens show, made of what the phone knows.

use std::collections::BTreeSet;

use haigou_contract::{ActivityKind, ActivityRecord, Day, Language, Minute, MinuteSteps, StepSource, Today};
use haigou_route::{Fix, Gait};
use uuid::Uuid;

use crate::PhoneError;
use crate::activity::{Activity, Now};
use crate::core::{CACHE_RECORDS, CACHE_TODAY, Core};
use crate::count::{Heard, Told, count};
use crate::freeze::minutes_of;
use crate::minute::{RowKey, Rows};
use crate::screens::{
    AsOf, BandLine, BandsScreen, FoundBand, LinkTold, LiveScreen, RecordDetail, RecordLine, RecordsScreen,
    Standing, TodayScreen, detail, line, trouble_told,
};
use crate::store::{Cached, StoredActivity};
use crate::texts::{self, kind_name};

/// A heart rate is shown for so long, in milliseconds.
const HEART_MS: i64 = 15_000;
/// So many records are listed.
const LISTED: u32 = 200;

impl Core {
    /// A record of this phone as GPX 1.1.
    pub(crate) fn gpx(&self, id: Uuid, language: Language) -> Result<String, PhoneError> {
        let stored = self.stored_activity(id)?;
        let activity = stored.activity;
        let day = Day::at(activity.started_ms);
        let gait = match activity.kind {
            ActivityKind::Walk => Gait::Walk,
            ActivityKind::Run => Gait::Run,
        };
        let title = texts::record_title(language, kind_name(activity.kind), day.to_string());
        let segments = activity.segments(self.positions(id)?);
        let mut file = Vec::new();
        let name = stored.title.unwrap_or(title);
        haigou_route::gpx::write(&name, gait, &segments, &mut file).map_err(|error| {
            PhoneError::StoreFailed {
                cause: error.to_string(),
            }
        })?;
        String::from_utf8(file).map_err(|error| PhoneError::StoreFailed {
            cause: error.to_string(),
        })
    }

    /// The minutes of a stretch as they are counted now, one row each, stored or not.
    pub(crate) fn minutes(&self, from: Minute, to: Minute) -> Result<Vec<MinuteSteps>, PhoneError> {
        // Whole days: whom to believe depends on the minutes around.
        let (first, last) = (
            minutes_of(from.day()).0,
            minutes_of(Minute(to.0.saturating_sub(1)).day()).1,
        );
        let mut counted = count(&self.heard(first, last)?, to);
        counted.retain(|minute| minute.minute >= from);
        Ok(counted)
    }

    /// All that was heard of a stretch, stored or not.
    fn heard(&self, from: Minute, to: Minute) -> Result<Heard, PhoneError> {
        let mut heard = self.store.read().heard(&self.owner, from, to)?;
        let within = |minute: &Minute| (from..to).contains(minute);
        let first = RowKey {
            minute: from,
            source: StepSource::Motion,
            activity: None,
        };
        for (key, row) in self
            .recorder
            .rows
            .range(first..)
            .take_while(|(key, _)| key.minute < to)
        {
            heard
                .rows
                .entry(*key)
                .and_modify(|known| known.add(row))
                .or_insert(*row);
        }
        for (band, steps) in &self.bands.steps {
            let told = heard.bands.entry(band.0.clone()).or_default();
            for (minute, steps) in steps.iter().filter(|(minute, _)| within(minute)) {
                let known = told.entry(*minute).or_insert(Told {
                    steps: 0,
                    heart_rate: None,
                    kept: false,
                });
                if !known.kept {
                    known.steps = known.steps.saturating_add(*steps);
                }
            }
        }
        Ok(heard)
    }

    pub(crate) fn bands_screen(&self, now: Now, language: Language) -> Result<BandsScreen, PhoneError> {
        let (from, to) = minutes_of(Day::at(now.t_ms));
        // Who has no band has no day to be read for it.
        let heard = if self.bands.paired.is_empty() {
            Heard::default()
        } else {
            self.heard(from, to)?
        };
        let steps_of = |id: &str| {
            let told = heard
                .bands
                .get(id)
                .into_iter()
                .flat_map(|minutes| minutes.values());
            told.map(|told| told.steps).fold(0, u32::saturating_add)
        };
        let mut bands: Vec<BandLine> = self
            .bands
            .paired
            .values()
            .map(|band| BandLine {
                id: band.id.clone(),
                family: band.family.clone(),
                name: band.name.clone(),
                link: self
                    .bands
                    .states
                    .get(&band.id)
                    .map(|state| LinkTold::of(*state, language)),
                battery: band.battery.map(|(percent, _)| percent),
                charging: band.battery.and_then(|(_, charging)| charging),
                heart_rate: band
                    .heart_rate
                    .filter(|(_, t_ms)| now.t_ms - t_ms <= HEART_MS)
                    .map(|(bpm, _)| bpm),
                maker: band.maker.clone(),
                model: band.model.clone(),
                firmware: band.firmware.clone(),
                one_foot: band.one_foot,
                heard_ms: band.heard_ms,
                steps_today: steps_of(&band.id.0),
            })
            .collect();
        bands.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
        let new = |found: &&FoundBand| !self.bands.paired.contains_key(&found.id);
        let mut found: Vec<FoundBand> = self.bands.found.values().filter(new).cloned().collect();
        found.sort_by_key(|found| std::cmp::Reverse(found.rssi));
        Ok(BandsScreen {
            started: self.bands.radio.is_some(),
            trouble: self
                .bands
                .radio
                .flatten()
                .map(|trouble| trouble_told(trouble, language)),
            scanning: self.bands.scanning,
            found,
            bands,
        })
    }

    pub(crate) fn live_screen(&self, now: Now) -> LiveScreen {
        let screen = match &self.recorder.running {
            Some(activity) => LiveScreen::of(activity, &self.line, now),
            None => LiveScreen::default(),
        };
        let speech = self.speech.latest.clone();
        LiveScreen { speech, ..screen }
    }

    pub(crate) fn today_screen(&self, now: Now) -> Result<TodayScreen, PhoneError> {
        let day = Day::at(now.t_ms);
        let (from, to) = minutes_of(day);
        let minutes = self.minutes(from, to)?;
        let tx = self.store.read();
        let cached: Option<Cached<Today>> = tx.cached(&self.owner, CACHE_TODAY)?;
        let mut screen = TodayScreen::empty(day)
            .with_minutes(&minutes)
            .with_server(cached, now.t_ms)
            .with_answers(tx.answers_since(&self.owner, day.start_ms())?);
        screen.unsynced_minutes = self.unsynced_minutes()?;
        screen.offline = self.offline;
        Ok(screen)
    }

    pub(crate) fn records_screen(&self, now: Now) -> Result<RecordsScreen, PhoneError> {
        let tx = self.store.read();
        let mut records: Vec<RecordLine> = tx
            .activities(&self.owner, LISTED)?
            .into_iter()
            .map(|stored| line(self.as_it_stands(stored)))
            .collect();
        let cached: Option<Cached<Vec<ActivityRecord>>> = tx.cached(&self.owner, CACHE_RECORDS)?;
        let as_of = cached
            .as_ref()
            .map(|cached| AsOf::new(cached.fetched_ms, now.t_ms));
        for record in cached.map(|cached| cached.value).unwrap_or_default() {
            let id = record.summary.id;
            if !records.iter().any(|known| known.summary.id == id) && !tx.is_hidden(&self.owner, id)? {
                records.push(record.into());
            }
        }
        records.sort_by_key(|record| std::cmp::Reverse(record.summary.started_ms));
        Ok(RecordsScreen {
            standing: Standing::LOADING,
            records,
            as_of,
            offline: self.offline,
        })
    }

    /// A record of this phone.
    pub(crate) fn record(&self, id: Uuid) -> Result<RecordDetail, PhoneError> {
        let stored = self.stored_activity(id)?;
        let to = stored.activity.ended_ms.unwrap_or(stored.activity.started_ms);
        let minutes = self.minutes(
            Minute::at(stored.activity.started_ms),
            Minute(Minute::at(to).0 + 1),
        )?;
        let own = minutes
            .into_iter()
            .filter(|minute| minute.activity == Some(id))
            .collect();
        Ok(detail(stored, own, self.positions(id)?))
    }

    /// Minutes with steps that no server has answered for yet, stored or not.
    pub(crate) fn unsynced_minutes(&self) -> Result<u64, PhoneError> {
        let tx = self.store.read();
        let with_steps = |rows: &Rows| -> BTreeSet<Minute> {
            let rows = rows.iter().filter(|(_, row)| row.steps > 0);
            rows.map(|(key, _)| key.minute).collect()
        };
        let mut new = with_steps(&self.recorder.rows);
        if let (Some(first), Some(last)) = (new.first(), new.last()) {
            let stored = tx.minutes(&self.owner, *first, Minute(last.0.saturating_add(1)))?;
            for minute in with_steps(&stored) {
                new.remove(&minute);
            }
        }
        let new = u64::try_from(new.len()).unwrap_or(u64::MAX);
        Ok(tx.count_unsynced(&self.owner)?.saturating_add(new))
    }

    /// An activity of this phone as it stands, stored or not.
    pub(crate) fn stored_activity(&self, id: Uuid) -> Result<StoredActivity, PhoneError> {
        let stored = self.store.read().activity(id)?;
        let stored = stored.or_else(|| {
            Some(StoredActivity {
                activity: self.in_memory(id)?.clone(),
                summary: None,
                record: None,
                title: None,
                note: None,
            })
        });
        Ok(self.as_it_stands(stored.ok_or(PhoneError::NoSuchRecord)?))
    }

    fn as_it_stands(&self, mut stored: StoredActivity) -> StoredActivity {
        if let Some(activity) = self.in_memory(stored.activity.id) {
            stored.activity = activity.clone();
        }
        stored
    }

    fn in_memory(&self, id: Uuid) -> Option<&Activity> {
        let mut both = self.recorder.running.iter().chain(&self.recorder.over);
        both.find(|activity| activity.id == id)
    }

    /// The positions of an activity that were used, stored or not.
    pub(crate) fn positions(&self, id: Uuid) -> Result<Vec<Fix>, PhoneError> {
        let mut fixes = self.store.read().positions(id)?;
        let new = self.recorder.positions.iter();
        let new = new.filter(|position| position.activity == id && position.used);
        fixes.extend(new.map(|position| position.fix));
        Ok(fixes)
    }
}
