//! The whole audit: the ledger's own and the rules', over the same journals.

use std::ops::ControlFlow;

use haigou_contract::{Amount, Day};
use haigou_ledger::MemberNo;
use haigou_rules::audit::Rerun;
use haigou_rules::{OperationCentre, Price};
use haigou_store::ledger::{AuditReport, LedgerFailure, audit_with, journal};
use haigou_store::{Query, Row, StoreError};

use crate::world::each_person;

/// Proves every balance from the journals, works every event out anew, and compares every row that follows from them.
///
/// # Errors
/// The database can't be read at all; whatever can be read but differs is a finding.
pub fn audit(query: &mut impl Query) -> Result<AuditReport, StoreError> {
    let mut rules = Rerun::default();
    let sql = "SELECT version, text FROM rulebook ORDER BY version";
    rows(query, sql, &mut rules, "rulebook", |rules, row| {
        rules.text(number(row.int(0)?)?, &row.text(1)?);
        Ok(())
    })?;
    let mut report = audit_with(query, |query, taken| {
        rules.journal(taken.seq, &taken.header, &taken.postings, |seq| {
            match journal(query, seq) {
                Ok(found) => Ok(found.map(|journal| journal.postings)),
                // That it can't be decoded is found where its turn comes.
                Err(LedgerFailure::Refused(_)) => Ok(None),
                Err(LedgerFailure::Balances(error)) => Err(error),
            }
        })
    })?;
    compare_rows(query, &mut rules)?;
    rules.finish();
    report.findings.extend(rules.into_findings());
    report.ok = report.findings.is_empty();
    Ok(report)
}

fn compare_rows(query: &mut impl Query, rules: &mut Rerun) -> Result<(), StoreError> {
    each_person(query, |key, read| {
        match read {
            Ok(person) => rules.person_row(key, &person),
            Err(error) => rules.unreadable("person", &key, &error),
        }
        go_on(rules)
    })?;
    let sql = "SELECT centre, place, owner, region, parent FROM approved_centre ORDER BY place";
    rows(query, sql, rules, "approved_centre", |rules, row| {
        let owner = MemberNo::try_from(row.int(2)?).map_err(|error| StoreError::Bug(error.to_string()))?;
        let centre = OperationCentre {
            owner,
            region: number(row.int(3)?)?,
            parent: row.opt_int(4)?,
        };
        rules.centre_row(row.int(0)?, row.int(1)?, centre);
        Ok(())
    })?;
    let sql = "SELECT day, price FROM shell_price ORDER BY day";
    rows(query, sql, rules, "shell_price", |rules, row| {
        let units = row.int(1)?;
        let price =
            Price::from_units(units).ok_or_else(|| StoreError::Bug(format!("{units} is no price")))?;
        rules.price_row(day(row.int(0)?)?, price);
        Ok(())
    })?;
    let sql = "SELECT day, cash, shells FROM trade_day ORDER BY day";
    rows(query, sql, rules, "trade_day", |rules, row| {
        let (cash, shells) = (row.int(1)?, row.int(2)?);
        rules.trades_row(
            day(row.int(0)?)?,
            Amount::from_units(cash),
            Amount::from_units(shells),
        );
        Ok(())
    })?;
    rows(
        query,
        "SELECT id, day FROM launch",
        rules,
        "launch",
        |rules, row| {
            rules.launch_row(row.int(0)?, day(row.int(1)?)?);
            Ok(())
        },
    )
}

/// Takes row after row; one that can't be read is a finding.
fn rows(
    query: &mut impl Query,
    sql: &str,
    rules: &mut Rerun,
    table: &str,
    take: impl Fn(&mut Rerun, &Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    query.walk(sql, &[], &mut |row| {
        if let Err(error) = take(rules, row) {
            let key = row
                .int(0)
                .map_or_else(|_| "of an unreadable key".to_owned(), |key| key.to_string());
            rules.unreadable(table, &key, &error);
        }
        Ok(go_on(rules))
    })
}

fn go_on(rules: &Rerun) -> ControlFlow<()> {
    if rules.is_enough() {
        ControlFlow::Break(())
    } else {
        ControlFlow::Continue(())
    }
}

fn number(stored: i64) -> Result<u32, StoreError> {
    u32::try_from(stored).map_err(|_| StoreError::Bug(format!("{stored} is not possible here")))
}

fn day(stored: i64) -> Result<Day, StoreError> {
    i32::try_from(stored)
        .map(Day::from_number)
        .map_err(|_| StoreError::Bug(format!("{stored} is no day")))
}
