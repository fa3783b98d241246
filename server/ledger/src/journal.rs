//! Journals: what was booked, why, and how each is chained to the one before.

use std::borrow::Cow;

use haigou_contract::{Asset, Day};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Account, DayShare, MemberNo, Reason};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// What the first journal is chained to.
pub const GENESIS: Hash = [0; 32];

/// One side of a posting. Never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Whose balance changes.
    pub account: Account,
    /// By how much, in the asset's smallest unit: positive comes, negative goes.
    pub units: i64,
}

/// A posting's place: its journal and its index there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PostingId {
    /// The journal's number; 0 inside a journal for the journal itself, which has no number before it is stored.
    pub journal: i64,
    /// The posting's index in it, from 0.
    pub posting: u32,
}

impl PostingId {
    /// The id as it is everywhere else, of one that stands in journal `seq`.
    #[must_use]
    pub const fn seen_from(self, seq: i64) -> Self {
        match self.journal {
            0 => Self { journal: seq, ..self },
            _ => self,
        }
    }
}

/// What a posting establishes beside its entries. Every table of the ledger that isn't a balance follows from these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    /// A member became active.
    Activated(MemberNo),
    /// A day was closed.
    DayClosed {
        /// The day.
        #[serde(with = "crate::airdrop::day_number")]
        day: Day,
        /// What the schedule drops on it, in Hi-Shell's smallest unit; forfeited if `network` is 0.
        drop: i64,
        /// All active Hi-Value at its end, in its smallest unit.
        network: i64,
    },
    /// A member received his shares of all days up to and with `through`.
    Settled {
        /// The member.
        member: MemberNo,
        /// His active Hi-Value over all those days, in its smallest unit.
        own: i64,
        /// The newest closed day.
        #[serde(with = "crate::airdrop::day_number")]
        through: Day,
        /// The days and his share of each.
        days: Vec<DayShare>,
        /// The journal that settled him before; 0 if none did.
        previous: i64,
    },
    /// A rulebook version was laid down.
    Rulebook {
        /// Its version.
        version: u32,
        /// From when it is in force, milliseconds since the epoch.
        starts_at_ms: i64,
        /// SHA-256 of its text.
        text_hash: Hash,
    },
    /// A waiting reward is paid: what is left of it.
    Pays(PostingId),
    /// An earlier posting is reversed, in part or whole.
    Reverses(PostingId),
    /// What happened, as the rules take it. The posting has no entries.
    Event(Vec<u8>),
    /// An administrator accepted a finding of a rulebook, in writing. The posting has no entries.
    Accepted {
        /// SHA-256 of the rulebook's text.
        text_hash: Hash,
        /// The finding's code.
        finding: String,
        /// Who.
        administrator: String,
        /// What he wrote.
        words: String,
    },
}

/// Some entries with one reason; they sum to zero per asset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// Why.
    pub reason: Reason,
    /// What moves.
    pub entries: Vec<Entry>,
    /// What it establishes besides.
    pub fact: Option<Fact>,
}

/// What a journal is about: everything but its postings and its place in the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// The kind of event, for example `registration`, `steps`, `airdrop`.
    pub kind: Cow<'static, str>,
    /// The event itself: its id.
    pub cause: String,
    /// Makes the journal unique: the same key is never booked twice.
    pub key: String,
    /// The rulebook version in force.
    pub rulebook: u32,
    /// The server's clock at booking, milliseconds since the epoch.
    pub at_ms: i64,
}

/// Where a member's statement goes on behind a journal: each journal names, for everybody it moves something of, the
/// journals before it that did. So a statement needs no index, is written with what is written anyway, and can be
/// followed asset by asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The member.
    pub member: MemberNo,
    /// The newest journal before this one that moved each asset of his, in the wallet's order; 0 if none did.
    pub before: [i64; 5],
}

impl Link {
    /// The newest journal before this one that moved the asset, or any of them; 0 if none did.
    #[must_use]
    pub fn back(&self, asset: Option<Asset>) -> i64 {
        let before = Asset::ALL.iter().zip(self.before);
        before
            .filter(|&(each, _)| asset.is_none_or(|asset| *each == asset))
            .map(|(_, seq)| seq)
            .max()
            .unwrap_or(0)
    }
}

/// A journal that isn't part of the chain yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsealed {
    /// What it is about.
    pub header: Header,
    /// What it books, in order.
    pub postings: Vec<Posting>,
    /// Where the touched accounts stand afterwards, by code.
    pub balances: Vec<(Account, i64)>,
}

/// A journal of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journal {
    /// Its number, from 1 without gaps.
    pub seq: i64,
    /// What it is about.
    pub header: Header,
    /// What it books, in order.
    pub postings: Vec<Posting>,
    /// Where the statements of those it moves something of go on, by member.
    pub links: Vec<Link>,
    /// Covers everything above and the hash of the journal before.
    pub hash: Hash,
}

/// The newest journal: with its hash published, nothing before it can be changed unnoticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number; 0 when there is none.
    pub seq: i64,
    /// Its time, milliseconds since the epoch.
    pub at_ms: i64,
    /// Its hash.
    pub hash: Hash,
}

impl Head {
    /// Of an empty ledger.
    pub const EMPTY: Self = Self {
        seq: 0,
        at_ms: i64::MIN,
        hash: GENESIS,
    };
}

/// The hash of a journal: SHA-256 over a version line, the hash before, and every stored field, each text led by
/// its length.
#[must_use]
pub fn chain(before: &Hash, seq: i64, header: &Header, body: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update(b"haigou-journal-1\n");
    hasher.update(before);
    hasher.update(seq.to_be_bytes());
    hasher.update(header.at_ms.to_be_bytes());
    hasher.update(header.rulebook.to_be_bytes());
    for field in [
        header.kind.as_bytes(),
        header.cause.as_bytes(),
        header.key.as_bytes(),
        body,
    ] {
        hasher.update(u64::try_from(field.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(field);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{LedgerError, Rule, Slot, decode, encode};
    use haigou_contract::Amount;
    use proptest::prelude::*;

    fn header() -> Header {
        let (cause, key) = ("m1".to_owned(), "registration:1".to_owned());
        Header {
            kind: "registration".into(),
            cause,
            key,
            rulebook: 1,
            at_ms: 5,
        }
    }

    fn postings() -> Vec<Posting> {
        let member = MemberNo::new(3).unwrap();
        let reason = Reason::new(Rule::new("register.member"))
            .with("hi_value", (Asset::HiValue, Amount::from_units(30_000)))
            .with("phone", "+86");
        let entries = vec![
            Entry {
                account: Account::Member(member, Slot::HiValueInactive),
                units: 30_000,
            },
            Entry {
                account: Account::Issuance(Slot::HiValueInactive),
                units: -30_000,
            },
        ];
        let day = Day::from_number(20_000);
        let days = vec![DayShare {
            day,
            drop: 498,
            network: 7,
            share: 71,
        }];
        let settled = Fact::Settled {
            member,
            own: 1,
            through: day,
            days,
            previous: 0,
        };
        vec![
            Posting {
                reason,
                entries,
                fact: None,
            },
            Posting {
                reason: Rule::AIRDROP_SHARE.into(),
                entries: Vec::new(),
                fact: Some(settled),
            },
        ]
    }

    fn links() -> Vec<Link> {
        vec![Link {
            member: MemberNo::new(3).unwrap(),
            before: [0, 7, 0, 2, 0],
        }]
    }

    #[test]
    fn a_link_goes_back_by_asset_or_to_the_newest() {
        let [link] = links()[..] else { panic!() };
        assert_eq!(link.back(None), 7);
        assert_eq!(link.back(Some(Asset::Shopping)), 2);
        assert_eq!(link.back(Some(Asset::Cash)), 0);
    }

    #[test]
    fn postings_come_back_as_they_were() {
        let body = encode(&postings(), &links()).unwrap();
        assert_eq!(decode(1, &body), Ok((postings(), links())));
        let longer = [body.as_slice(), &[0]].concat();
        assert_eq!(decode(1, &longer), Err(LedgerError::Unreadable(1)));
        assert_eq!(decode(2, &body[1..]), Err(LedgerError::Unreadable(2)));
    }

    #[test]
    fn every_field_is_part_of_the_hash_and_no_field_runs_into_the_next() {
        let before = [7; 32];
        let body = encode(&postings(), &links()).unwrap();
        let hash = chain(&before, 1, &header(), &body);
        let mut others = vec![
            chain(&GENESIS, 1, &header(), &body),
            chain(&before, 2, &header(), &body),
            chain(&before, 1, &header(), &[]),
            chain(&before, 1, &Header { at_ms: 6, ..header() }, &body),
            chain(
                &before,
                1,
                &Header {
                    rulebook: 2,
                    ..header()
                },
                &body,
            ),
            chain(
                &before,
                1,
                &Header {
                    kind: "registratio".into(),
                    cause: "nm1".into(),
                    ..header()
                },
                &body,
            ),
            chain(
                &before,
                1,
                &Header {
                    cause: "m2".into(),
                    ..header()
                },
                &body,
            ),
            chain(
                &before,
                1,
                &Header {
                    key: "registration:2".into(),
                    ..header()
                },
                &body,
            ),
            hash,
        ];
        others.sort_unstable();
        others.dedup();
        assert_eq!(others.len(), 9);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok((postings, links)) = decode(1, &body) {
                prop_assert_eq!(decode(1, &encode(&postings, &links).unwrap()), Ok((postings, links)));
            }
        }
    }
}
