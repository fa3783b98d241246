//! Messages: what was booked, the airdrop, steps that didn't count, appeals, rules, notices of the phone.

use haigou_contract::{AppealStatus, Asset, Day, Language};

use super::Standing;
use super::look::Look;
use super::standing::Known;
use crate::PhoneError;
use crate::core::ASK_MESSAGES;
use crate::store::{StoredMessage, Subject};
use crate::texts;

/// So many messages are shown.
const SHOWN: u32 = 200;

/// The messages screen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MessagesScreen {
    /// How it stands.
    pub standing: Standing,
    /// Newest first, at most 200.
    pub messages: Vec<Message>,
    /// How many weren't read yet, all of them counted.
    pub unread: u64,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number on this phone, for [`crate::Phone::read_message`].
    pub id: i64,
    /// What it is about.
    pub kind: MessageKind,
    /// What it opens.
    pub about: About,
    /// When it happened, in milliseconds since the Unix epoch.
    pub at_ms: i64,
    /// One line, in the app's language.
    pub title: String,
    /// What there is to say, and what to do.
    pub text: String,
    /// Amounts that came and went, a line each.
    pub amounts: Vec<String>,
    /// It was read.
    pub read: bool,
}

/// What a message is about, for its icon and for choosing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// Something came to the member.
    Reward,
    /// A mall order, a bill, a refund.
    Order,
    /// Something else was booked.
    Account,
    /// A day of the airdrop.
    Airdrop,
    /// Steps that weren't counted, or an upload that was refused.
    Steps,
    /// An appeal was answered.
    Appeal,
    /// The rules changed.
    Rules,
    /// A notice of the phone itself: its storage, a band.
    Notice,
}

/// What a message opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// Lines of the statement: those of this journal.
    Journal(u64),
    /// A day of the airdrop.
    Airdrop(Day),
    /// A day's steps.
    Steps(Day),
    /// An upload that was refused.
    Upload(i64),
    /// The rules.
    Rules,
    /// The bands.
    Bands,
    /// Nothing more.
    Nothing,
}

impl MessagesScreen {
    pub(crate) fn of(look: &Look<'_>) -> Result<Self, PhoneError> {
        let tx = look.core.store.read();
        let owner = &look.core.owner;
        let messages: Vec<Message> = tx
            .messages(owner, SHOWN)?
            .into_iter()
            .map(|stored| Message::of(stored, look.language))
            .collect();
        let known = Known {
            fetched_ms: tx.messages_asked_ms(owner)?,
            own: true,
            empty: messages.is_empty().then(|| texts::empty_messages(look.language)),
        };
        Ok(Self {
            standing: look.standing(ASK_MESSAGES, known),
            unread: tx.unread_messages(owner)?,
            messages,
        })
    }
}

impl Message {
    pub(crate) fn of(stored: StoredMessage, language: Language) -> Self {
        let StoredMessage {
            id,
            at_ms,
            subject,
            read,
        } = stored;
        let mut amounts = Vec::new();
        let (kind, about, title, text) = match subject {
            Subject::Booked {
                journal,
                event,
                came,
                went,
                unfrozen,
            } => {
                let amount = |(asset, amount): &(Asset, String)| (asset.name(), texts::grouped(amount));
                let plus = came.iter().map(amount);
                amounts.extend(plus.map(|(asset, amount)| texts::message_came(language, asset, amount)));
                let minus = went.iter().map(amount);
                amounts.extend(minus.map(|(asset, amount)| texts::message_went(language, asset, amount)));
                let freed = unfrozen.iter().map(|amount| texts::grouped(amount));
                amounts.extend(freed.map(|amount| texts::message_unfrozen(language, amount)));
                let kind = match event.as_str() {
                    "payment" | "receipt" | "refund" | "bill" => MessageKind::Order,
                    _ if went.is_empty() => MessageKind::Reward,
                    _ => MessageKind::Account,
                };
                let title = texts::message_booked(language, event);
                let more = texts::message_booked_more(language);
                (kind, About::Journal(journal), title, more)
            }
            Subject::Airdrop {
                day,
                share,
                own,
                network,
            } => {
                let (month, date) = texts::month_and_day(day);
                let [share, own, network] = [share, own, network].map(|amount| texts::grouped(&amount));
                (
                    MessageKind::Airdrop,
                    About::Airdrop(day),
                    texts::message_airdrop(language, month, date),
                    texts::message_airdrop_share(language, share, own, network),
                )
            }
            Subject::NotCounted {
                from,
                to,
                steps,
                doubt,
            } => {
                let (month, day, begin) = texts::date_and_time(from.start_ms());
                let (_, _, end) = texts::date_and_time(to.start_ms().saturating_add(60_000));
                let doubt = texts::doubt_name(doubt);
                (
                    MessageKind::Steps,
                    About::Steps(from.day()),
                    texts::message_not_counted(language, steps),
                    texts::message_not_counted_why(language, month, day, begin, end, doubt),
                )
            }
            Subject::Appeal { day, status } => {
                let (month, date) = texts::month_and_day(day);
                let status = match status {
                    AppealStatus::Granted => "granted",
                    AppealStatus::Refused | AppealStatus::Open => "refused",
                };
                (
                    MessageKind::Appeal,
                    About::Steps(day),
                    texts::message_appeal(language, status),
                    texts::message_appeal_day(language, month, date),
                )
            }
            Subject::Refused { upload, minutes, why } => (
                MessageKind::Steps,
                About::Upload(upload),
                texts::message_refused(language, minutes),
                why,
            ),
            Subject::Rules { version } => (
                MessageKind::Rules,
                About::Rules,
                texts::message_rules(language, version),
                texts::message_rules_more(language),
            ),
            Subject::BandStopped { name, trouble } => (
                MessageKind::Notice,
                About::Bands,
                texts::message_band_stopped(language, name),
                super::trouble_of_code(&trouble, language)
                    .map(|told| told.text)
                    .unwrap_or_default(),
            ),
            Subject::BandEmpty { name, percent } => (
                MessageKind::Notice,
                About::Bands,
                texts::message_band_empty(language, name),
                texts::message_band_charge(language, percent),
            ),
            Subject::Notice { code, detail } => (
                MessageKind::Notice,
                About::Nothing,
                texts::message_notice(language),
                super::notice_text(&code, &detail, language),
            ),
        };
        Self {
            id,
            kind,
            about,
            at_ms,
            title,
            text,
            amounts,
            read,
        }
    }
}
