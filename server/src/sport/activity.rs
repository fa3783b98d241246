//! Activities as the server keeps them: what the phone summed up, and how far it is believed.

use haigou_contract::{ActivityRecord, ActivitySummary, Day, Doubt, Judgement, Language, OLDEST_DAYS, Page};
use haigou_store::{Query, Row, StoreError, Tx, params};
use uuid::Uuid;

use super::book::{Book, Entry};
use super::trust::{self, Part};
use super::words::grouped;

/// Activities may touch by so much without overlapping, in milliseconds: a minute is the unit of everything.
const TOUCH_MS: i64 = 60_000;

/// An activity that was kept.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Activity {
    summary: ActivitySummary,
    trust: u8,
    doubts: Vec<Doubt>,
}

/// A place in a member's list: when the activity started, and its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) started_ms: i64,
    pub(super) id: String,
}

impl Activity {
    /// The member's activity of this id.
    pub(super) fn find(query: &mut impl Query, member: i64, id: Uuid) -> Result<Option<Self>, StoreError> {
        query.query_one(
            "SELECT summary, trust, doubts FROM sport_activity WHERE member = $1 AND id = $2",
            params![member, &id.to_string()],
            Self::read,
        )
    }

    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            summary: from_json(&row.text(0)?)?,
            trust: u8::try_from(row.int(1)?).map_err(|error| StoreError::Bug(error.to_string()))?,
            doubts: from_json(&row.text(2)?)?,
        })
    }

    /// The judgement, with the steps that count so far.
    pub(super) fn judgement(&self, query: &mut impl Query, member: i64) -> Result<Judgement, StoreError> {
        Ok(self.judgement_of(&minutes(query, member, &self.summary)?))
    }

    fn judgement_of(&self, minutes: &[(haigou_contract::Minute, Entry)]) -> Judgement {
        let counted = minutes.iter().filter(|(_, entry)| entry.doubt.is_none());
        Judgement {
            activity: self.summary.id,
            trust: self.trust,
            doubts: self.doubts.clone(),
            counted_steps: counted.map(|(_, entry)| u64::from(entry.steps)).sum(),
        }
    }

    /// All there is to say of it.
    pub(super) fn record(
        self,
        query: &mut impl Query,
        member: i64,
        language: Language,
    ) -> Result<ActivityRecord, StoreError> {
        let minutes = minutes(query, member, &self.summary)?;
        let doubted = minutes
            .iter()
            .filter_map(|(minute, entry)| Some((*minute, entry.steps, entry.doubt?)));
        Ok(ActivityRecord {
            judgement: self.judgement_of(&minutes),
            not_counted: grouped(doubted, language),
            summary: self.summary,
        })
    }
}

/// Judges an activity by the minutes that came with and before it, and keeps it.
pub(super) fn record(
    tx: &mut Tx<'_>,
    member: i64,
    summary: &ActivitySummary,
    now_ms: i64,
) -> Result<Judgement, StoreError> {
    let minutes = minutes(tx, member, summary)?;
    let parts: Vec<Part> = minutes
        .iter()
        .map(|(minute, entry)| Part {
            minute: minute.0,
            steps: entry.steps,
            kind: entry.kind,
            source: entry.source,
            doubt: entry.doubt,
        })
        .collect();
    let overlaps = overlaps_another(tx, member, summary)?;
    let (trust, doubts) = trust::judge(summary, &parts, overlaps);
    tx.execute(
        "INSERT INTO sport_activity (member, id, started_ms, ended_ms, summary, trust, doubts, received_ms) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![
            member,
            &summary.id.to_string(),
            summary.started_ms,
            summary.ended_ms,
            &to_json(summary)?,
            i64::from(trust),
            &to_json(&doubts)?,
            now_ms,
        ],
    )?;
    let activity = Activity {
        summary: summary.clone(),
        trust,
        doubts,
    };
    Ok(activity.judgement_of(&minutes))
}

fn overlaps_another(
    query: &mut impl Query,
    member: i64,
    summary: &ActivitySummary,
) -> Result<bool, StoreError> {
    let found = query.query_one(
        "SELECT 1 FROM sport_activity \
         WHERE member = $1 AND started_ms < $2 AND ended_ms > $3 AND id <> $4 LIMIT 1",
        params![
            member,
            summary.ended_ms.saturating_sub(TOUCH_MS),
            summary.started_ms.saturating_add(TOUCH_MS),
            &summary.id.to_string(),
        ],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// The minutes of an activity, rising, from the days it lasts (and those beside: clocks are changed).
fn minutes(
    query: &mut impl Query,
    member: i64,
    summary: &ActivitySummary,
) -> Result<Vec<(haigou_contract::Minute, Entry)>, StoreError> {
    let (start, end) = (
        summary.started_ms.min(summary.ended_ms),
        summary.started_ms.max(summary.ended_ms),
    );
    let first = Day::at(start);
    let last = Day::at(end).min(Day::from_number(first.number().saturating_add(OLDEST_DAYS)));
    let books = Book::load_range(query, member, first, last)?;
    Ok(books
        .iter()
        .flat_map(|book| {
            book.minutes_of(summary.id)
                .into_iter()
                .map(|entry| (book.minute(&entry), entry))
        })
        .collect())
}

/// A page of a member's activities, the newest first.
pub(super) fn list(
    query: &mut impl Query,
    member: i64,
    before: Option<Place>,
    limit: u32,
    language: Language,
) -> Result<Page<ActivityRecord>, StoreError> {
    let before = before.unwrap_or(Place {
        started_ms: i64::MAX,
        id: String::new(),
    });
    let found = query.query(
        "SELECT summary, trust, doubts FROM sport_activity \
         WHERE member = $1 AND (started_ms < $2 OR (started_ms = $2 AND id < $3)) \
         ORDER BY started_ms DESC, id DESC LIMIT $4",
        params![member, before.started_ms, &before.id, limit.saturating_add(1)],
        Activity::read,
    )?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_last = found.len() <= size;
    let mut items = Vec::new();
    for activity in found.into_iter().take(size) {
        items.push(activity.record(query, member, language)?);
    }
    let next = items
        .last()
        .filter(|_| !is_last)
        .map(|record: &ActivityRecord| format!("{}.{}", record.summary.started_ms, record.summary.id));
    Ok(Page { items, next })
}

fn to_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Bug(error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Bug(format!("an activity can't be read: {error}")))
}
