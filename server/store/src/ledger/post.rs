//! Storing a journal: its row, and every table that follows from it.

use haigou_contract::Day;
use haigou_ledger::{
    Account, Fact, Head, LedgerError, Link, MemberNo, Posting, PostingId, Slot, Unsealed, chain, encode,
    keys_started,
};

use super::LedgerFailure;
use crate::{StoreError, Tx, params};

/// Stores a journal behind `head`; answers the new head.
pub(super) fn post(
    tx: &mut Tx<'_>,
    journal: &Unsealed,
    head: Head,
    newest_day: Option<Day>,
    links: &[Link],
) -> Result<Head, LedgerFailure> {
    let Unsealed {
        header,
        postings,
        balances,
    } = journal;
    if header.at_ms < head.at_ms {
        return Err(LedgerError::TimeGoesBack {
            newest_ms: head.at_ms,
            at_ms: header.at_ms,
        }
        .into());
    }
    let seq = head.seq.saturating_add(1);
    let body = encode(postings, links)?;
    let hash = chain(&head.hash, seq, header, &body);
    let stored = tx.execute(
        "INSERT INTO journal (seq, at_ms, kind, cause, rulebook, idempotency_key, body, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (idempotency_key) DO NOTHING",
        params![
            seq,
            header.at_ms,
            header.kind.as_ref(),
            &header.cause,
            header.rulebook,
            &header.key,
            &body,
            &hash
        ],
    )?;
    if stored == 0 {
        return Err(LedgerError::Duplicate(header.key.clone()).into());
    }
    for &(account, units) in balances {
        tx.execute(
            "INSERT INTO balance (account, units, newest) VALUES ($1, $2, $3) \
             ON CONFLICT (account) DO UPDATE SET units = excluded.units, newest = excluded.newest",
            params![account.code(), units, seq],
        )?;
    }
    for (index, posting) in (0_u32..).zip(postings) {
        queue(
            tx,
            PostingId {
                journal: seq,
                posting: index,
            },
            posting,
        )?;
        if let Some(fact) = &posting.fact {
            establish(tx, seq, fact)?;
        }
    }
    if let Some(day) = newest_day {
        let after = |member| {
            let account = Account::Member(member, Slot::HiValueActive);
            balances
                .iter()
                .find(|(touched, _)| *touched == account)
                .map_or(0, |&(_, units)| units)
        };
        for member in keys_started(postings, after) {
            settled(tx, member, day)?;
        }
    }
    Ok(Head {
        seq,
        at_ms: header.at_ms,
        hash,
    })
}

fn establish(tx: &mut Tx<'_>, seq: i64, fact: &Fact) -> Result<(), StoreError> {
    match *fact {
        Fact::Activated(member) => {
            tx.execute(
                "INSERT INTO holder (member, active, settled_in) VALUES ($1, 1, 0) \
                 ON CONFLICT (member) DO UPDATE SET active = 1",
                params![member.number()],
            )?;
        }
        Fact::DayClosed { day, drop, network } => {
            tx.execute(
                "INSERT INTO airdrop_day (day, drop_units, network_units, journal) VALUES ($1, $2, $3, $4)",
                params![i64::from(day.number()), drop, network, seq],
            )?;
        }
        Fact::Settled { member, through, .. } => {
            settled(tx, member, through)?;
            tx.execute(
                "UPDATE holder SET settled_in = $1 WHERE member = $2",
                params![seq, member.number()],
            )?;
        }
        // The rulebook's row needs its text, which stands in no journal.
        Fact::Rulebook { .. } | Fact::Pays(_) | Fact::Reverses(_) => {}
    }
    Ok(())
}

fn settled(tx: &mut Tx<'_>, member: MemberNo, through: Day) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO holder (member, active, settled_through, settled_in) VALUES ($1, 0, $2, 0) \
         ON CONFLICT (member) DO UPDATE SET settled_through = excluded.settled_through",
        params![member.number(), i64::from(through.number())],
    )?;
    Ok(())
}

/// Keeps the queue of rewards that wait.
fn queue(tx: &mut Tx<'_>, id: PostingId, posting: &Posting) -> Result<(), StoreError> {
    for entry in &posting.entries {
        let Account::Waiting(member) = entry.account else {
            continue;
        };
        let place = match posting.fact {
            Some(Fact::Pays(of) | Fact::Reverses(of)) => of,
            _ => id,
        };
        tx.execute(
            "INSERT INTO waiting (journal, posting, member, units) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (journal, posting) DO UPDATE SET units = waiting.units + excluded.units",
            params![place.journal, place.posting, member.number(), entry.units],
        )?;
        tx.execute(
            "DELETE FROM waiting WHERE journal = $1 AND posting = $2 AND units = 0",
            params![place.journal, place.posting],
        )?;
    }
    Ok(())
}
