//! Taking a journal in: its place in the chain, and all that follows from it.

use haigou_ledger::{
    Account, AirdropDay, Fact, LedgerError, Link, Posting, PostingId, Slot, Unsealed, chain, encode,
    keys_started, members_moved,
};

use super::LedgerFailure;
use super::hot::{Hot, Stored};
use crate::{StoreError, Tx, params};

impl Hot {
    /// Takes in a journal behind the newest one; answers its number.
    pub(super) fn post(&mut self, tx: &mut Tx<'_>, journal: Unsealed) -> Result<i64, LedgerFailure> {
        let Unsealed {
            header,
            postings,
            balances,
        } = journal;
        let head = self.head(tx)?;
        if header.at_ms < head.at_ms {
            return Err(LedgerError::TimeGoesBack {
                newest_ms: head.at_ms,
                at_ms: header.at_ms,
            }
            .into());
        }
        if self.has_key(tx, &header.key)? {
            return Err(LedgerError::Duplicate(header.key).into());
        }
        let seq = head.seq.saturating_add(1);
        let mut links = Vec::new();
        for member in members_moved(&postings) {
            let before = self.holder(tx, member)?.newest;
            links.push(Link { member, before });
        }
        let body = encode(&postings, &links)?;
        let hash = chain(&head.hash, seq, &header, &body);
        let stored = Stored {
            seq,
            header,
            body,
            hash,
        };
        self.push_journal(tx, stored)?;
        for (account, units) in balances {
            if account.owner().is_none() {
                self.set_platform(tx, account, units)?;
            }
        }
        for (index, posting) in (0_u32..).zip(&postings) {
            for entry in &posting.entries {
                if let Some(member) = entry.account.owner() {
                    self.change(tx, member)?
                        .take_in(seq, entry.account, entry.units)?;
                }
            }
            let id = PostingId {
                journal: seq,
                posting: index,
            };
            queue(tx, id, posting);
            if let Some(fact) = &posting.fact {
                self.establish(tx, seq, fact)?;
            }
        }
        self.start_keys(tx, &postings)?;
        Ok(seq)
    }

    fn establish(&mut self, tx: &mut Tx<'_>, seq: i64, fact: &Fact) -> Result<(), StoreError> {
        match *fact {
            Fact::Activated(member) => self.change(tx, member)?.active = true,
            Fact::DayClosed { day, drop, network } => {
                self.push_day(tx, AirdropDay { day, drop, network }, seq)?;
            }
            Fact::Settled { member, through, .. } => {
                let holder = self.change(tx, member)?;
                holder.settled_through = Some(through);
                holder.settled_in = seq;
            }
            // The rulebook's row needs its text, which stands in no journal.
            Fact::Rulebook { .. }
            | Fact::Pays(_)
            | Fact::Reverses(_)
            | Fact::Event(_)
            | Fact::Accepted { .. } => {}
        }
        Ok(())
    }

    /// Whoever has a share key only since these postings has no share of the days before.
    fn start_keys(&mut self, tx: &mut Tx<'_>, postings: &[Posting]) -> Result<(), StoreError> {
        let Some(newest) = self.newest_day(tx)? else {
            return Ok(());
        };
        let started = keys_started(postings, |member| {
            self.known_holder(member)
                .map_or(0, |holder| holder.of(Slot::HiValueActive))
        });
        for member in started {
            self.change(tx, member)?.settled_through = Some(newest.day);
        }
        Ok(())
    }
}

/// Keeps the queue of rewards that wait.
fn queue(tx: &mut Tx<'_>, id: PostingId, posting: &Posting) {
    for entry in &posting.entries {
        let Account::Waiting(member) = entry.account else {
            continue;
        };
        match posting.fact {
            Some(Fact::Pays(of) | Fact::Reverses(of)) => {
                let of = of.seen_from(id.journal);
                tx.write(
                    "UPDATE waiting SET units = units + $3 WHERE journal = $1 AND posting = $2",
                    params![of.journal, of.posting, entry.units],
                );
                tx.write(
                    "DELETE FROM waiting WHERE journal = $1 AND posting = $2 AND units = 0",
                    params![of.journal, of.posting],
                );
            }
            _ => tx.write(
                "INSERT INTO waiting (journal, posting, member, units) VALUES ($1, $2, $3, $4)",
                params![id.journal, id.posting, member.number(), entry.units],
            ),
        }
    }
}
