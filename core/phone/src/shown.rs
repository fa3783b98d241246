//! What the screens show, made of what the phone knows.

use std::collections::BTreeSet;

use haigou_contract::{
    ActivityKind, ActivityRecord, Day, Language, Minute, MinuteSteps, StepSource, Today, Wallet,
};
use haigou_route::{Fix, Gait};
use uuid::Uuid;

use crate::PhoneError;
use crate::activity::{Activity, Now};
use crate::core::{CACHE_AIRDROP, CACHE_RECORDS, CACHE_STATEMENT, CACHE_TODAY, CACHE_WALLET, Core};
use crate::line::Line;
use crate::minute::{RowKey, Rows, choose};
use crate::screens::{
    AsOf, LiveScreen, RecordDetail, RecordLine, RecordsScreen, TodayScreen, WalletScreen, detail, line,
};
use crate::store::{Cached, StoredActivity};

/// So many records are listed.
const LISTED: u32 = 200;

impl Core {
    /// A record of this phone as GPX 1.1.
    pub(crate) fn gpx(&self, id: Uuid, language: Language) -> Result<String, PhoneError> {
        let activity = self.stored_activity(id)?.activity;
        let day = Day::at(activity.started_ms);
        let (gait, title) = match activity.kind {
            ActivityKind::Walk => (Gait::Walk, language.pick("步行", "Walk")),
            ActivityKind::Run => (Gait::Run, language.pick("跑步", "Run")),
        };
        let segments = activity.segments(self.positions(id)?);
        let mut file = Vec::new();
        haigou_route::gpx::write(&format!("{title} {day}"), gait, &segments, &mut file).map_err(|error| {
            PhoneError::StoreFailed {
                cause: error.to_string(),
            }
        })?;
        String::from_utf8(file).map_err(|error| PhoneError::StoreFailed {
            cause: error.to_string(),
        })
    }

    /// The minutes of a stretch, one row each, stored or not.
    pub(crate) fn minutes(&self, from: Minute, to: Minute) -> Result<Vec<MinuteSteps>, PhoneError> {
        let mut rows = self.store.read().minutes(&self.owner, from, to)?;
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
            rows.entry(*key)
                .and_modify(|known| known.add(row))
                .or_insert(*row);
        }
        Ok(choose(&rows))
    }

    pub(crate) fn live_screen(&self, now: Now) -> LiveScreen {
        match &self.recorder.running {
            Some(activity) => LiveScreen::of(activity, &self.line, now),
            None => LiveScreen::default(),
        }
    }

    pub(crate) fn today_screen(&self, now: Now) -> Result<TodayScreen, PhoneError> {
        let day = Day::at(now.t_ms);
        let minutes = self.minutes(Minute::at(day.start_ms()), Minute::at(day.end_ms()))?;
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
            if !records.iter().any(|known| known.summary.id == record.summary.id) {
                records.push(record.into());
            }
        }
        records.sort_by_key(|record| std::cmp::Reverse(record.summary.started_ms));
        Ok(RecordsScreen {
            records,
            as_of,
            offline: self.offline,
        })
    }

    pub(crate) fn wallet_screen(&self, now: Now) -> Result<WalletScreen, PhoneError> {
        let tx = self.store.read();
        let wallet: Option<Cached<Wallet>> = tx.cached(&self.owner, CACHE_WALLET)?;
        Ok(WalletScreen {
            as_of: wallet
                .as_ref()
                .map(|cached| AsOf::new(cached.fetched_ms, now.t_ms)),
            wallet: wallet.map(|cached| cached.value),
            statement: tx
                .cached(&self.owner, CACHE_STATEMENT)?
                .map(|c| c.value)
                .unwrap_or_default(),
            airdrop: tx
                .cached(&self.owner, CACHE_AIRDROP)?
                .map(|c| c.value)
                .unwrap_or_default(),
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
        let way: Line = self.positions(id)?.iter().map(|fix| (fix.lat, fix.lon)).collect();
        Ok(detail(stored, own, &way))
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
    fn stored_activity(&self, id: Uuid) -> Result<StoredActivity, PhoneError> {
        let stored = self.store.read().activity(id)?;
        let stored = stored.or_else(|| {
            Some(StoredActivity {
                activity: self.in_memory(id)?.clone(),
                summary: None,
                record: None,
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
    fn positions(&self, id: Uuid) -> Result<Vec<Fix>, PhoneError> {
        let mut fixes = self.store.read().positions(id)?;
        let new = self.recorder.positions.iter();
        let new = new.filter(|position| position.activity == id && position.used);
        fixes.extend(new.map(|position| position.fix));
        Ok(fixes)
    }
}
