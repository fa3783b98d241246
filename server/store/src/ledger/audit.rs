//! The audit over the stored tables: one pass over all journals and rows per slice of the members.

use std::ops::ControlFlow;

use haigou_ledger::{Auditor, Finding, Header, Posting, Slice, StoredJournal};
use serde::Serialize;

use super::{holder, read};
use crate::{Query, Row, StoreError, params};

/// So many members' accounts are kept in memory at a time: some 100 MB.
const MEMBERS_PER_PASS: i64 = 200_000;
/// So many journals are read at a time.
const JOURNALS_PER_PAGE: i64 = 512;

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
    audit_with(query, |_, _| Ok(()))
}

/// [`audit`], and `each` looks at every journal that can be read, in order.
///
/// # Errors
/// As for [`audit`]; what `each` fails with.
pub fn audit_with<Q: Query>(
    query: &mut Q,
    each: impl FnMut(&mut Q, &Taken) -> Result<(), StoreError>,
) -> Result<AuditReport, StoreError> {
    audit_in_passes(query, MEMBERS_PER_PASS, each)
}

/// A journal that an audit has taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Its number.
    pub seq: i64,
    /// What it is about.
    pub header: Header,
    /// What it books.
    pub postings: Vec<Posting>,
}

/// [`audit_with`] so many members a pass.
pub(super) fn audit_in_passes<Q: Query>(
    query: &mut Q,
    members: i64,
    mut each: impl FnMut(&mut Q, &Taken) -> Result<(), StoreError>,
) -> Result<AuditReport, StoreError> {
    let mut report: Option<AuditReport> = None;
    let mut start = i64::MIN;
    let mut end = members;
    loop {
        let mut auditor = Auditor::new(Slice(start..=end));
        let is_first = start == i64::MIN;
        let mut after = 0;
        while let Some(page) = take_page(query, &mut auditor, after)? {
            after = page.last;
            if is_first {
                page.taken.iter().try_for_each(|taken| each(query, taken))?;
            }
        }
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

/// Some journals, one after the other.
struct Page {
    taken: Vec<Taken>,
    last: i64,
}

/// Lets the auditor take the journals that come next; none when there are no more, or enough was found.
///
/// A page at a time, so that others may ask the database in between.
fn take_page(query: &mut impl Query, auditor: &mut Auditor, after: i64) -> Result<Option<Page>, StoreError> {
    let sql = "SELECT seq, at_ms, kind, cause, rulebook, idempotency_key, hash, body FROM journal \
               WHERE seq > $1 ORDER BY seq LIMIT $2";
    if auditor.is_enough() {
        return Ok(None);
    }
    let mut page = Page {
        taken: Vec::new(),
        last: after,
    };
    query.walk(sql, params![after, JOURNALS_PER_PAGE], &mut |row| {
        let Ok(seq) = row.int(0) else {
            auditor.unreadable("journal", &key_of(row), &"a number that can't be read");
            return Ok(ControlFlow::Break(()));
        };
        page.last = seq;
        let read = (|| Ok::<_, StoreError>((read::header(row)?, row.bytes(6)?, row.bytes(7)?)))();
        match read {
            Ok((header, hash, body)) => {
                let postings = auditor.journal(StoredJournal {
                    seq,
                    header: &header,
                    body,
                    hash,
                });
                page.taken.extend(postings.map(|postings| Taken {
                    seq,
                    header,
                    postings,
                }));
            }
            Err(error) => auditor.unreadable("journal", &key_of(row), &error),
        }
        Ok(if auditor.is_enough() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    })?;
    Ok((page.last > after).then_some(page))
}

fn compare_rows(
    query: &mut impl Query,
    auditor: &mut Auditor,
    first: i64,
    last: i64,
) -> Result<(), StoreError> {
    let members = params![first, last];
    each_row(
        query,
        "holder",
        holder::READ_ALL,
        members,
        auditor,
        |auditor, row| {
            auditor.holder_row(row.int(holder::MEMBER)?, &holder::row(row)?);
            Ok(())
        },
    )?;
    let sql = "SELECT journal, posting, member, units FROM waiting ORDER BY journal, posting";
    each_row(query, "waiting", sql, &[], auditor, |auditor, row| {
        auditor.waiting_row(row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?);
        Ok(())
    })?;
    if first == i64::MIN {
        let sql = "SELECT account, units FROM platform ORDER BY account";
        each_row(query, "platform", sql, &[], auditor, |auditor, row| {
            auditor.platform_row(row.int(0)?, row.int(1)?);
            Ok(())
        })?;
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
