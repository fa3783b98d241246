//! `GET /api/v1/wallet/statement`: line by line, each with its reason.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use haigou_contract::{
    Amount, Asset, ErrorCode, Language, Page, Problem, RulebookRef, StatementLine, moment,
};
use haigou_ledger::{AirdropDay, Figure, Reason, Rule};
use haigou_rules::explain;
use haigou_store::ledger::{Cursor, Line};
use haigou_store::{Reader, StoreError};
use serde::Deserialize;

use crate::AppState;
use crate::airdrop::{Rulebooks, settle_first};
use crate::ledger::{holder, ledger_fault};
use crate::paging::{checked_limit, unknown_cursor};
use crate::web::{Caller, Lang, Query, Refusal};

/// Which lines.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// Of this asset alone.
    asset: Option<Asset>,
    /// The `next` of the page before; none for the first page.
    cursor: Option<String>,
    /// How many items, 1 to 100; 20 if nothing is said.
    limit: Option<u32>,
}

/// The statement, the newest line first.
#[utoipa::path(get, path = "/api/v1/wallet/statement", tag = "wallet", security(("session" = [])), params(Which),
    responses((status = 200, body = Page<StatementLine>), (status = 401, body = Problem),
        (status = 422, body = Problem)))]
pub(super) async fn statement(
    State(state): State<AppState>,
    caller: Caller,
    Lang(language): Lang,
    Query(which): Query<Which>,
) -> Result<Json<Page<StatementLine>>, Refusal> {
    let before = which
        .cursor
        .as_deref()
        .map(|text| text.parse::<Cursor>().map_err(|_| unknown_cursor()));
    let before = before.transpose()?;
    let limit = checked_limit(which.limit)?;
    let member = holder(caller.member)?;
    settle_first(&state, member).await?;
    let rulebooks = state.rulebooks.clone();
    let page = state
        .read(move |reader| {
            let lines = haigou_store::ledger::statement(reader, member, which.asset, before, limit + 1);
            let mut lines = lines.map_err(ledger_fault)?;
            let size = usize::try_from(limit).unwrap_or(usize::MAX);
            let is_last = lines.len() <= size;
            lines.truncate(size);
            let next = lines
                .last()
                .filter(|_| !is_last)
                .map(|line| line.cursor.to_string());
            let items = lines
                .into_iter()
                .map(|line| shown(reader, &line, &rulebooks, language));
            Ok(Page {
                items: items.collect::<Result<_, StoreError>>()?,
                next,
            })
        })
        .await?;
    Ok(Json(page))
}

/// One line of the statement.
#[utoipa::path(get, path = "/api/v1/wallet/statement/{line}", tag = "wallet", security(("session" = [])),
    params(("line" = String, Path, description = "The line's id")),
    responses((status = 200, body = StatementLine), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(super) async fn statement_line(
    State(state): State<AppState>,
    caller: Caller,
    Lang(language): Lang,
    Path(line): Path<String>,
) -> Result<Json<StatementLine>, Refusal> {
    let wanted: Cursor = line.parse().map_err(|_| ErrorCode::NotFound)?;
    let member = holder(caller.member)?;
    let rulebooks = state.rulebooks.clone();
    let found = state
        .read(move |reader| {
            let after = Cursor {
                line: wanted.line.saturating_add(1),
                ..wanted
            };
            let newest = haigou_store::ledger::statement(reader, member, None, Some(after), 1);
            let found = newest
                .map_err(ledger_fault)?
                .into_iter()
                .find(|line| line.cursor == wanted);
            found
                .map(|line| shown(reader, &line, &rulebooks, language))
                .transpose()
        })
        .await?;
    Ok(Json(found.ok_or(ErrorCode::NotFound)?))
}

/// A line as a member sees it.
pub(super) fn shown(
    reader: &mut Reader<'_>,
    line: &Line,
    rulebooks: &Rulebooks,
    language: Language,
) -> Result<StatementLine, StoreError> {
    let figures = figures(&line.reason);
    let rule = line.reason.rule.id();
    let mut text = explain(rule, &figures, language);
    if line.slot.is_debt() {
        text.push_str(language.pick("（用于抵还欠款）", " (repays what was owed)"));
    }
    let rulebook = match line.header.rulebook {
        0 => RulebookRef {
            name: String::new(),
            version: 0,
        },
        version => rulebooks.version(reader, version)?.reference(),
    };
    Ok(StatementLine {
        line: line.cursor.to_string(),
        at: moment(line.header.at_ms),
        asset: line.slot.asset(),
        bucket: line.slot.bucket(),
        amount: line.amount.to_decimal(line.slot.asset().decimals()),
        rule: rule.to_owned(),
        text,
        figures,
        event: line.header.kind.clone().into_owned(),
        rulebook,
        journal: u64::try_from(line.cursor.seq).unwrap_or(0),
        hash: hex::encode(line.hash),
    })
}

/// The figures by name. A share of the airdrop shows its whole amount, also where a part of it repaid a debt.
fn figures(reason: &Reason) -> BTreeMap<String, String> {
    let mut figures: BTreeMap<String, String> = reason
        .figures
        .iter()
        .map(|(name, figure)| (name.to_string(), figure.to_string()))
        .collect();
    if reason.rule == Rule::AIRDROP_SHARE {
        let number = |wanted: &str| match reason.figures.iter().find(|(name, _)| name == wanted) {
            Some((_, Figure::Number(units, _))) => *units,
            _ => 0,
        };
        let day = AirdropDay {
            day: haigou_contract::Day::from_number(0),
            drop: number("drop"),
            network: number("network"),
        };
        let share = Amount::from_units(day.share(number("own")).share);
        figures.insert("amount".to_owned(), Asset::HiShell.show(share));
    }
    figures
}
