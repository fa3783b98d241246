//! `POST /api/v1/sport/uploads`: minutes and activities come in, what counts is counted, what it unfreezes is booked.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use haigou_contract::{
    Day, Doubt, Judgement, Language, Minute, MinuteSteps, Problem, Unfrozen, Upload, UploadAnswer,
};
use haigou_store::{Command, CommandError, StoreError, Tx};

use super::activity::{Activity, record};
use super::book::Book;
use super::check;
use super::plausibility::{CLOCK_TOLERANCE_MS, Known, MOST_BUSY_MINUTES, judge};
use super::reach::reach;
use super::words::grouped;
use crate::AppState;
use crate::ledger::holder;
use crate::web::{Refusal, Signed};

/// Takes minutes, corrections and activities. Every minute counts once, whichever device reports it and however often;
/// a correction puts new figures in the place of a minute's old ones.
#[utoipa::path(post, path = "/api/v1/sport/uploads", tag = "sport", security(("session" = [])), request_body = Upload,
    params(("Idempotency-Key" = String, Header), ("Haigou-Signature" = String, Header)),
    responses((status = 200, body = UploadAnswer), (status = 401, body = Problem), (status = 422, body = Problem),
        (status = 503, body = Problem)))]
pub(super) async fn upload(
    State(state): State<AppState>,
    Signed(change): Signed<Upload>,
) -> Result<Response, Refusal> {
    check::check(&change.body)?;
    let command = TakeUpload {
        member: change.caller.member,
        upload: change.body,
        language: change.attempt.language,
    };
    state.once(change.attempt, StatusCode::OK, command).await
}

/// Takes an upload whose shape was checked.
#[derive(Debug, Clone)]
pub(crate) struct TakeUpload {
    pub(crate) member: i64,
    pub(crate) upload: Upload,
    pub(crate) language: Language,
}

impl Command for TakeUpload {
    type Answer = UploadAnswer;
    type Refusal = Refusal;
    const NAME: &'static str = "sport.upload";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<UploadAnswer, CommandError<Refusal>> {
        let Self {
            member,
            mut upload,
            language,
        } = self;
        // A minute without steps says nothing, and must not stand in the way of another device's.
        upload.minutes.retain(|minute| minute.steps > 0);
        let mut claims = upload.minutes.clone();
        claims.extend_from_slice(&upload.corrections);
        claims.sort_by_key(|claim| claim.minute);
        let mut shelf = Shelf::load(tx, member, &claims, now_ms)?;
        // A correction of what was never taken is a claim like any other.
        let corrections = upload.corrections.iter().map(|claim| claim.minute);
        let corrected: BTreeSet<Minute> = corrections.filter(|minute| shelf.has(*minute)).collect();
        claims.retain(|claim| claim.steps > 0 || corrected.contains(&claim.minute));
        let verdicts = judge(&shelf.known(&corrected), &claims, now_ms);
        let before = shelf.counted();
        for (claim, verdict) in claims.iter().zip(&verdicts) {
            shelf.take(claim, *verdict, corrected.contains(&claim.minute));
        }
        let counted_steps = shelf.counted().saturating_sub(before);
        let unfrozen = book_milestones(tx, now_ms, member, &mut shelf)?;
        shelf.save(tx, member)?;
        let activities = record_activities(tx, now_ms, member, &upload)?;
        let is_new = |claim: &MinuteSteps| !corrected.contains(&claim.minute);
        let counted = claims.iter().zip(&verdicts);
        let counted = counted.filter(|(claim, verdict)| verdict.is_none() && is_new(claim));
        let counted_minutes = u64::try_from(counted.count()).unwrap_or(u64::MAX);
        let doubted = claims.iter().zip(verdicts);
        let doubted = doubted.filter_map(|(claim, doubt)| Some((claim.minute, claim.steps, doubt?)));
        Ok(UploadAnswer {
            counted_minutes,
            counted_steps,
            not_counted: grouped(doubted, language),
            days: shelf.named().map(Book::steps).collect(),
            activities,
            unfrozen,
        })
    }
}

/// The days that an upload names, and what must be known to judge it.
struct Shelf {
    books: BTreeMap<Day, OnShelf>,
}

struct OnShelf {
    book: Book,
    /// The upload has minutes of it.
    named: bool,
    /// Something in it changed.
    changed: bool,
}

impl Shelf {
    /// Reads the days of the claims, as far as claims of them can be taken at all.
    fn load(tx: &mut Tx<'_>, member: i64, claims: &[MinuteSteps], now_ms: i64) -> Result<Self, StoreError> {
        let latest = Day::at(now_ms.saturating_add(CLOCK_TOLERANCE_MS));
        let oldest = Day::from_number(Day::at(now_ms).number() - haigou_contract::OLDEST_DAYS);
        let mut books = BTreeMap::new();
        for claim in claims {
            // The hours before may have begun what goes on here.
            let since = Minute(claim.minute.0.saturating_sub(i64::from(MOST_BUSY_MINUTES)));
            for day in [since.day(), claim.minute.day()] {
                if (oldest..=latest).contains(&day) && !books.contains_key(&day) {
                    let book = Book::load(tx, member, day)?;
                    books.insert(
                        day,
                        OnShelf {
                            book,
                            named: false,
                            changed: false,
                        },
                    );
                }
            }
        }
        Ok(Self { books })
    }

    /// What was taken before, without what is corrected now.
    fn known(&self, corrected: &BTreeSet<Minute>) -> Vec<Known> {
        let known = self.books.values().flat_map(|day| day.book.known());
        known
            .filter(|known| !corrected.contains(&Minute(known.minute)))
            .collect()
    }

    fn has(&self, minute: Minute) -> bool {
        let day = self.books.get(&minute.day());
        day.is_some_and(|day| day.book.has(minute))
    }

    /// All steps that count on these days.
    fn counted(&self) -> u64 {
        let totals = self.books.values().map(|day| &day.book.totals);
        totals
            .map(|totals| totals.walk + totals.run + totals.passive)
            .sum()
    }

    fn take(&mut self, claim: &MinuteSteps, verdict: Option<Doubt>, corrects: bool) {
        if let Some(day) = self.books.get_mut(&claim.minute.day()) {
            day.named = true;
            day.changed |= if corrects {
                day.book.correct(claim, verdict)
            } else {
                day.book.take(claim, verdict)
            };
        }
    }

    fn named(&self) -> impl Iterator<Item = &Book> {
        self.books.values().filter(|day| day.named).map(|day| &day.book)
    }

    fn changed(&mut self) -> impl Iterator<Item = &mut Book> {
        self.books
            .values_mut()
            .filter(|day| day.changed)
            .map(|day| &mut day.book)
    }

    fn save(&mut self, tx: &mut Tx<'_>, member: i64) -> Result<(), StoreError> {
        self.changed().try_for_each(|book| book.save(tx, member))
    }
}

/// Books what the changed days reach, a journal a day.
fn book_milestones(
    tx: &mut Tx<'_>,
    now_ms: i64,
    member: i64,
    shelf: &mut Shelf,
) -> Result<Vec<Unfrozen>, CommandError<Refusal>> {
    let member = holder(member)?;
    let mut unfrozen = Vec::new();
    for book in shelf.changed() {
        for milestone in reach(tx, now_ms, member, book)? {
            unfrozen.push(book.unfrozen(&milestone));
        }
    }
    Ok(unfrozen)
}

/// Judges and keeps the activities. One that came before keeps its judgement.
fn record_activities(
    tx: &mut Tx<'_>,
    now_ms: i64,
    member: i64,
    upload: &Upload,
) -> Result<Vec<Judgement>, StoreError> {
    let mut judgements = Vec::with_capacity(upload.activities.len());
    for summary in &upload.activities {
        judgements.push(match Activity::find(tx, member, summary.id)? {
            Some(known) => known.judgement(tx, member)?,
            None => record(tx, member, summary, now_ms)?,
        });
    }
    Ok(judgements)
}
