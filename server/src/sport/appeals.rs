//! `/api/v1/sport/appeals`: a member disagrees with a count; somebody at the console will look.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use haigou_contract::{Appeal, AppealStatus, Day, ErrorCode, NewAppeal, Page, Problem, moment};
use haigou_store::{Command, CommandError, Query, Row, StoreError, Tx, params};

use super::activity::Activity;
use crate::AppState;
use crate::ids::new_id;
use crate::paging::{Paging, unknown_cursor};
use crate::web::{Caller, Change, Query as UrlQuery, Refusal, refused};

const LONGEST_TEXT: usize = 1_000;
/// So many may be open at a time.
const MOST_OPEN: i64 = 20;

/// Disagrees.
#[utoipa::path(post, path = "/api/v1/sport/appeals", tag = "sport", security(("session" = [])),
    request_body = NewAppeal, params(("Idempotency-Key" = String, Header)),
    responses((status = 201, body = Appeal), (status = 401, body = Problem), (status = 409, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn appeal(
    State(state): State<AppState>,
    change: Change<NewAppeal>,
) -> Result<Response, Refusal> {
    let Change {
        caller,
        attempt,
        body,
    } = change;
    let text = body.text.trim();
    if text.is_empty() || text.chars().count() > LONGEST_TEXT {
        return Err(Refusal::invalid(
            "text",
            "请写 1 到 1000 个字。",
            "Write 1 to 1,000 characters.",
        ));
    }
    let says = NewAppeal {
        text: text.to_owned(),
        ..body
    };
    let command = TakeAppeal {
        member: caller.member,
        says,
    };
    state.once(attempt, StatusCode::CREATED, command).await
}

struct TakeAppeal {
    member: i64,
    says: NewAppeal,
}

impl Command for TakeAppeal {
    type Answer = Appeal;
    type Refusal = Refusal;
    const NAME: &'static str = "sport.appeal";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Appeal, CommandError<Refusal>> {
        let Self { member, says } = self;
        if says.day > Day::at(now_ms) {
            return refused(Refusal::invalid(
                "day",
                "该日期还没有到来。",
                "This day has not come yet.",
            ));
        }
        if let Some(id) = says.activity
            && Activity::find(tx, member, id)?.is_none()
        {
            return refused(Refusal::new(ErrorCode::NotFound).at("activity"));
        }
        let open = tx.query_one(
            "SELECT COUNT(*) FROM sport_appeal WHERE member = $1 AND status = 'open'",
            params![member],
            |row| row.int(0),
        )?;
        if open.unwrap_or(0) >= MOST_OPEN {
            return refused(Refusal::new(ErrorCode::WrongState).because(
                "已有 20 条申诉待处理，请等待结果后再提交。",
                "20 appeals are waiting already. Wait for an answer before the next one.",
            ));
        }
        let appeal = new_id("a");
        tx.execute(
            "INSERT INTO sport_appeal (id, member, day, activity, text, status, at_ms) \
             VALUES ($1, $2, $3, $4, $5, 'open', $6)",
            params![
                &appeal,
                member,
                i64::from(says.day.number()),
                says.activity.map(|id| id.to_string()).as_ref(),
                &says.text,
                now_ms,
            ],
        )?;
        Ok(Appeal {
            appeal,
            day: says.day,
            activity: says.activity,
            text: says.text,
            at: moment(now_ms),
            status: AppealStatus::Open,
        })
    }
}

/// The member's appeals, the newest first.
#[utoipa::path(get, path = "/api/v1/sport/appeals", tag = "sport", security(("session" = [])), params(Paging),
    responses((status = 200, body = Page<Appeal>), (status = 401, body = Problem), (status = 422, body = Problem)))]
pub(super) async fn appeals(
    State(state): State<AppState>,
    caller: Caller,
    UrlQuery(paging): UrlQuery<Paging>,
) -> Result<Json<Page<Appeal>>, Refusal> {
    let before = paging.cursor.as_deref().map(place).transpose()?;
    let limit = paging.limit()?;
    let page = state
        .read(move |reader| list(reader, caller.member, before, limit))
        .await?;
    Ok(Json(page))
}

fn place(cursor: &str) -> Result<(i64, String), Refusal> {
    let (at, id) = cursor.split_once('.').ok_or_else(unknown_cursor)?;
    Ok((at.parse().map_err(|_| unknown_cursor())?, id.to_owned()))
}

/// A page of a member's appeals, the newest first.
pub(super) fn list(
    query: &mut impl Query,
    member: i64,
    before: Option<(i64, String)>,
    limit: u32,
) -> Result<Page<Appeal>, StoreError> {
    let (at_ms, id) = before.unwrap_or((i64::MAX, String::new()));
    let mut found = query.query(
        "SELECT id, day, activity, text, status, at_ms FROM sport_appeal \
         WHERE member = $1 AND (at_ms < $2 OR (at_ms = $2 AND id < $3)) ORDER BY at_ms DESC, id DESC LIMIT $4",
        params![member, at_ms, &id, limit.saturating_add(1)],
        |row| Ok((read(row)?, row.int(5)?)),
    )?;
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    let is_last = found.len() <= size;
    found.truncate(size);
    let next = found
        .last()
        .filter(|_| !is_last)
        .map(|(appeal, at_ms)| format!("{at_ms}.{}", appeal.appeal));
    Ok(Page {
        items: found.into_iter().map(|(appeal, _)| appeal).collect(),
        next,
    })
}

fn read(row: &Row<'_>) -> Result<Appeal, StoreError> {
    let unreadable = |what: &str| StoreError::Bug(format!("an appeal can't be read: its {what}"));
    let activity = row.opt_text(2)?.map(|id| id.parse()).transpose();
    Ok(Appeal {
        appeal: row.text(0)?,
        day: Day::from_number(i32::try_from(row.int(1)?).map_err(|_| unreadable("day"))?),
        activity: activity.map_err(|_| unreadable("activity"))?,
        text: row.text(3)?,
        at: moment(row.int(5)?),
        status: match row.text(4)?.as_str() {
            "open" => AppealStatus::Open,
            "granted" => AppealStatus::Granted,
            "refused" => AppealStatus::Refused,
            _ => return Err(unreadable("status")),
        },
    })
}
