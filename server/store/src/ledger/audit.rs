//! The audit over the stored tables: one pass over all journals and rows per slice of the members.

use std::ops::ControlFlow;

use haigou_ledger::{Auditor, Finding, Slice, StoredJournal};
use serde::Serialize;

use super::read;
use crate::{Query, Row, StoreError, params};

/// So many members' accounts are kept in memory at a time: some 100 MB.
const MEMBERS_PER_PASS: i64 = 200_000;

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Nothing differs.
    pub ok: bool,
    /// How many journals there are.
    pub journals: i64,
    /// How many entries they have.
    pub entries: i64,
    /// How many accounts they touch.
    pub accounts: u64,
    /// The newest journal's hash, hex: to be compared with what was published.
    pub head_hash: String,
    /// What differs, the first place first.
    pub findings: Vec<Finding>,
}

/// Recomputes everything from the journals and compares every row of every table of the ledger.
///
/// # Errors
/// The database can't be read at all; whatever can be read but differs is a finding.
pub fn audit(query: &mut impl Query) -> Result<AuditReport, StoreError> {
    audit_in_passes(query, MEMBERS_PER_PASS)
}

/// [`audit`] with so many members a pass.
pub(super) fn audit_in_passes(query: &mut impl Query, members: i64) -> Result<AuditReport, StoreError> {
    let mut report: Option<AuditReport> = None;
    let mut start = i64::MIN;
    let mut end = members;
    loop {
        let mut auditor = Auditor::new(Slice(start..=end));
        take_journals(query, &mut auditor)?;
        // Rows of members that no journal names belong to the last pass.
        let is_last = auditor.highest_member() <= end;
        if is_last {
            auditor.widen();
        }
        let report = report.get_or_insert_with(|| AuditReport {
            ok: true,
            journals: auditor.journals(),
            entries: auditor.entries(),
            accounts: 0,
            head_hash: hex::encode(auditor.head_hash()),
            findings: Vec::new(),
        });
        report.accounts += auditor.accounts();
        compare_rows(query, &mut auditor, start, if is_last { i64::MAX } else { end })?;
        report.findings.extend(auditor.into_findings());
        report.ok = report.findings.is_empty();
        if is_last {
            return Ok(report.clone());
        }
        start = end.saturating_add(1);
        end = end.saturating_add(members);
    }
}

fn take_journals(query: &mut impl Query, auditor: &mut Auditor) -> Result<(), StoreError> {
    let sql =
        "SELECT seq, at_ms, kind, cause, rulebook, idempotency_key, hash, body FROM journal ORDER BY seq";
    query.walk(sql, &[], &mut |row| {
        let read =
            (|| Ok::<_, StoreError>((row.int(0)?, read::header(row)?, row.bytes(6)?, row.bytes(7)?)))();
        match read {
            Ok((seq, header, hash, body)) => {
                auditor.journal(StoredJournal {
                    seq,
                    header: &header,
                    body,
                    hash,
                });
            }
            Err(error) => auditor.unreadable("journal", &key_of(row), &error),
        }
        Ok(if auditor.is_enough() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    })
}

fn compare_rows(
    query: &mut impl Query,
    auditor: &mut Auditor,
    first: i64,
    last: i64,
) -> Result<(), StoreError> {
    // A member's accounts lie between 16 times his number and 15 more.
    let codes = [first, last].map(|member| member.saturating_mul(16));
    let [first_code, last_code] = [codes[0], codes[1].saturating_add(15)];
    let sql = "SELECT account, units, newest FROM balance WHERE account BETWEEN $1 AND $2 ORDER BY account";
    let is_first = first == i64::MIN;
    each_row(
        query,
        "balance",
        sql,
        params![first_code, last_code],
        auditor,
        |auditor, row| {
            auditor.balance_row(row.int(0)?, row.int(1)?, row.int(2)?);
            Ok(())
        },
    )?;
    let sql = "SELECT member, active, settled_through, settled_in FROM holder WHERE member BETWEEN $1 AND $2 ORDER BY member";
    each_row(
        query,
        "holder",
        sql,
        params![first, last],
        auditor,
        |auditor, row| {
            auditor.holder_row(row.int(0)?, row.int(1)?, row.opt_int(2)?, row.int(3)?);
            Ok(())
        },
    )?;
    let sql = "SELECT journal, posting, member, units FROM waiting ORDER BY journal, posting";
    each_row(query, "waiting", sql, &[], auditor, |auditor, row| {
        auditor.waiting_row(row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?);
        Ok(())
    })?;
    if is_first {
        let sql = "SELECT day, drop_units, network_units, journal FROM airdrop_day ORDER BY day";
        each_row(query, "airdrop_day", sql, &[], auditor, |auditor, row| {
            auditor.airdrop_row(row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?);
            Ok(())
        })?;
        let sql = "SELECT version, starts_at_ms, text, journal FROM rulebook ORDER BY version";
        each_row(query, "rulebook", sql, &[], auditor, |auditor, row| {
            auditor.rulebook_row(row.int(0)?, row.int(1)?, &row.text(2)?, row.int(3)?);
            Ok(())
        })?;
    }
    auditor.finish();
    Ok(())
}

fn each_row(
    query: &mut impl Query,
    table: &str,
    sql: &str,
    params: &[crate::Param<'_>],
    auditor: &mut Auditor,
    take: impl Fn(&mut Auditor, &Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    query.walk(sql, params, &mut |row| {
        if let Err(error) = take(auditor, row) {
            auditor.unreadable(table, &key_of(row), &error);
        }
        Ok(if auditor.is_enough() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    })
}

fn key_of(row: &Row<'_>) -> String {
    row.int(0)
        .map_or_else(|_| "of an unreadable key".to_owned(), |key| key.to_string())
}
