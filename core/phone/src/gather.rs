//! Messages, made on the phone from what it knows: each once, by what it was made from.

use std::collections::BTreeMap;

use haigou_contract::{
    AirdropDay, Appeal, AppealStatus, Asset, Bucket, Problem, StatementLine, UploadAnswer,
};
use rust_decimal::Decimal;

use crate::PhoneError;
use crate::screens::came_and_went;
use crate::store::{Asked, EndedUpload, NewMessage, Subject, Tx};
use crate::texts::doubt_name;

/// What is older makes no message any more, in milliseconds. Messages are kept longer than that, so each is made once.
const NEWS_MS: i64 = 30 * DAY_MS;
/// Messages are kept so long, in milliseconds.
const KEPT_MS: i64 = 200 * DAY_MS;
/// What happened so long before a member was first seen on this phone is no news to him, in milliseconds.
const OLD_NEWS_MS: i64 = DAY_MS;
const DAY_MS: i64 = 86_400_000;
/// The number of the last upload that messages were made of, in the store.
const UPLOADS_SEEN: &str = "messages_uploads";

/// The airdrop's shares have messages of their own.
const AIRDROP_SHARE: &str = "airdrop.share";

/// Adds messages of a member, unless they are there, or too old.
pub(crate) fn add(
    tx: &Tx<'_>,
    owner: &str,
    news: impl IntoIterator<Item = NewMessage>,
    now_ms: i64,
) -> Result<(), PhoneError> {
    let first_ms = match tx.messages_asked(owner)? {
        Some(asked) => asked.first_ms,
        None => {
            asked(tx, owner, now_ms)?;
            now_ms
        }
    };
    for message in news {
        if message.at_ms > now_ms.saturating_sub(NEWS_MS) {
            let read = message.at_ms < first_ms.saturating_sub(OLD_NEWS_MS);
            tx.add_message(owner, &message, read)?;
        }
    }
    tx.prune_messages(now_ms.saturating_sub(KEPT_MS))
}

/// Writes down that a member's messages were asked for.
pub(crate) fn asked(tx: &Tx<'_>, owner: &str, now_ms: i64) -> Result<(), PhoneError> {
    let first_ms = tx.messages_asked(owner)?.map_or(now_ms, |asked| asked.first_ms);
    let last_ms = now_ms;
    tx.set_messages_asked(owner, Asked { first_ms, last_ms })
}

/// Makes messages of what became known on the phone itself: answers to uploads, and notices.
pub(crate) fn from_here(tx: &Tx<'_>, owner: &str, now_ms: i64) -> Result<(), PhoneError> {
    for (id, code, detail, at_ms) in tx.notices()? {
        let subject = Subject::Notice { code, detail };
        let origin = format!("notice:{id}");
        tx.add_message(
            "",
            &NewMessage {
                origin,
                at_ms,
                subject,
            },
            false,
        )?;
    }
    if owner.is_empty() {
        return Ok(());
    }
    let name = format!("{UPLOADS_SEEN}:{owner}");
    let seen: i64 = tx.state(&name)?.unwrap_or(0);
    let ended = tx.ended_uploads(owner, seen)?;
    let Some(last) = ended.last() else {
        return Ok(());
    };
    tx.set_state(&name, &last.id)?;
    add(tx, owner, ended.iter().flat_map(of_upload), now_ms)
}

/// Uploads that were refused are sent once more: what becomes of them is news again.
pub(crate) fn forget_uploads(tx: &Tx<'_>, owner: &str) -> Result<(), PhoneError> {
    tx.set_state(&format!("{UPLOADS_SEEN}:{owner}"), &0)
}

/// What an upload has to tell: that it was refused, or what of it wasn't counted.
fn of_upload(upload: &EndedUpload) -> Vec<NewMessage> {
    let (id, at_ms) = (upload.id, upload.created_ms);
    if upload.refused {
        let problem = serde_json::from_str::<Problem>(&upload.answer).ok();
        let why = problem.map(|problem| problem.detail.unwrap_or(problem.title));
        return vec![NewMessage {
            origin: format!("refused:{id}"),
            at_ms,
            subject: Subject::Refused {
                upload: id,
                minutes: upload.minutes,
                why: why.unwrap_or_default(),
            },
        }];
    }
    let answer = serde_json::from_str::<UploadAnswer>(&upload.answer).ok();
    let parts = answer.map(|answer| answer.not_counted).unwrap_or_default();
    let parts = parts.into_iter().filter(|part| part.steps > 0);
    parts
        .map(|part| NewMessage {
            origin: format!("not_counted:{id}:{}:{}", part.from.0, doubt_name(part.reason)),
            at_ms,
            subject: Subject::NotCounted {
                from: part.from,
                to: part.to,
                steps: part.steps,
                doubt: part.reason,
            },
        })
        .collect()
}

/// A message per journal in which something came, went or was unfrozen.
pub(crate) fn booked(lines: &[StatementLine]) -> Vec<NewMessage> {
    let mut journals = BTreeMap::<u64, Vec<&StatementLine>>::new();
    for line in lines.iter().filter(|line| line.rule != AIRDROP_SHARE) {
        journals.entry(line.journal).or_default().push(line);
    }
    let messages = journals.into_iter();
    messages
        .filter_map(|(journal, lines)| {
            let first = lines.first()?;
            let (mut came, mut went) = (Vec::new(), Vec::new());
            for asset in Asset::ALL {
                let own = lines.iter().copied().filter(|line| line.asset == asset);
                let (plus, minus) = came_and_went(own);
                let shown = |amount: Decimal| (!amount.is_zero()).then(|| (asset, amount.to_string()));
                came.extend(shown(plus));
                went.extend(shown(minus));
            }
            let unfrozen = unfrozen(&lines);
            if came.is_empty() && went.is_empty() && unfrozen.is_none() {
                return None;
            }
            Some(NewMessage {
                origin: format!("journal:{journal}"),
                at_ms: first.at.timestamp_millis(),
                subject: Subject::Booked {
                    journal,
                    event: first.event.clone(),
                    came,
                    went,
                    unfrozen,
                },
            })
        })
        .collect()
}

/// Challenge that rules moved from frozen to available.
fn unfrozen(lines: &[&StatementLine]) -> Option<String> {
    let mut by_rule = BTreeMap::<&str, (Decimal, Decimal)>::new();
    for line in lines.iter().filter(|line| line.asset == Asset::Challenge) {
        let (frozen, available) = by_rule.entry(&line.rule).or_default();
        match line.bucket {
            Bucket::Frozen => *frozen = frozen.saturating_add(line.amount),
            Bucket::Available => *available = available.saturating_add(line.amount),
            _ => {}
        }
    }
    let moved = by_rule
        .into_values()
        .filter(|(frozen, available)| frozen.is_sign_negative() && *available > Decimal::ZERO);
    let sum = moved.fold(Decimal::ZERO, |sum, (_, available)| sum.saturating_add(available));
    (!sum.is_zero()).then(|| sum.to_string())
}

/// A message per closed day that gave something.
pub(crate) fn airdrop(days: &[AirdropDay]) -> Vec<NewMessage> {
    let given = days.iter().filter(|day| !day.share.is_zero());
    given
        .map(|day| NewMessage {
            origin: format!("airdrop:{}", day.day),
            at_ms: day.day.end_ms(),
            subject: Subject::Airdrop {
                day: day.day,
                share: day.share.to_string(),
                own: day.own.to_string(),
                network: day.network.to_string(),
            },
        })
        .collect()
}

/// A message per appeal that was answered. The server doesn't say when: it is news when it is heard.
pub(crate) fn appeals(appeals: &[Appeal], now_ms: i64) -> Vec<NewMessage> {
    let answered = appeals
        .iter()
        .filter(|appeal| appeal.status != AppealStatus::Open && is_news(appeal, now_ms));
    answered
        .map(|appeal| NewMessage {
            origin: format!("appeal:{}", appeal.appeal),
            at_ms: now_ms,
            subject: Subject::Appeal {
                day: appeal.day,
                status: appeal.status,
            },
        })
        .collect()
}

/// Appeals that are older than messages are kept would be news again and again.
fn is_news(appeal: &Appeal, now_ms: i64) -> bool {
    appeal.at.timestamp_millis() > now_ms.saturating_sub(KEPT_MS / 2)
}

/// A message about a version of the rules that waits to be accepted.
pub(crate) fn rules(version: u32, now_ms: i64) -> NewMessage {
    NewMessage {
        origin: format!("rules:{version}"),
        at_ms: now_ms,
        subject: Subject::Rules { version },
    }
}

#[cfg(test)]
mod tests {
    use haigou_contract::{RulebookRef, moment};

    use super::*;

    fn line(rule: &str, asset: Asset, bucket: Bucket, amount: &str) -> StatementLine {
        StatementLine {
            line: format!("{rule}{bucket}"),
            at: moment(1_772_409_600_000),
            asset,
            bucket,
            amount: amount.parse().unwrap(),
            rule: rule.to_owned(),
            text: String::new(),
            figures: BTreeMap::new(),
            event: "registration".to_owned(),
            rulebook: RulebookRef {
                name: "sport".to_owned(),
                version: 1,
            },
            journal: 7,
            hash: String::new(),
        }
    }

    #[test]
    fn a_journal_says_what_came_and_what_was_unfrozen() {
        let lines = [
            line("register.unfreeze", Asset::Challenge, Bucket::Available, "10.00"),
            line("register.unfreeze", Asset::Challenge, Bucket::Frozen, "-10.00"),
            line("register.direct", Asset::Challenge, Bucket::Frozen, "50.00"),
            line("register.direct", Asset::HiValue, Bucket::Active, "50.00"),
            line("airdrop.share", Asset::HiShell, Bucket::Available, "4.98000000"),
        ];
        let messages = booked(&lines);
        assert_eq!(messages.len(), 1);
        let amount = |asset, text: &str| (asset, text.to_owned());
        assert_eq!(
            messages[0].subject,
            Subject::Booked {
                journal: 7,
                event: "registration".to_owned(),
                came: vec![amount(Asset::HiValue, "50.00"), amount(Asset::Challenge, "50.00")],
                went: Vec::new(),
                unfrozen: Some("10.00".to_owned()),
            }
        );
    }

    #[test]
    fn what_only_moves_or_is_shared_by_the_airdrop_is_no_message_of_its_own() {
        let lines = [
            line("activate", Asset::HiValue, Bucket::Inactive, "-300.00"),
            line("activate", Asset::HiValue, Bucket::Active, "300.00"),
            line("airdrop.share", Asset::HiShell, Bucket::Available, "1.00000000"),
        ];
        assert_eq!(booked(&lines), []);
        let repaid = [
            line("bill.member", Asset::HiValue, Bucket::Debt, "-30.00"),
            line("bill.member", Asset::HiValue, Bucket::Active, "70.00"),
        ];
        let Subject::Booked { came, .. } = &booked(&repaid)[0].subject else {
            panic!("a journal is booked");
        };
        assert_eq!(came, &[(Asset::HiValue, "100.00".to_owned())]);
    }
}
