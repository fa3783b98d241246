//! Messages: what was booked, the airdrop, steps that didn't count, appeals, rules, notices of the phone.

use std::sync::Arc;

use haigou_phone::screens::{MessageKind, Standing};

use super::shared::all;
use crate::kinds::count;
use crate::{Cancel, Phone, PhoneError};

/// The messages screen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MessagesScreen {
    /// How it stands.
    pub standing: Standing,
    /// Newest first, at most 200.
    pub messages: Vec<Message>,
    /// How many weren't read yet, all of them counted.
    pub unread: i64,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Message {
    /// Its number on this phone, for [`Phone::read_message`].
    pub id: i64,
    /// What it is about.
    pub kind: MessageKind,
    /// What it opens.
    pub about: About,
    /// When it happened.
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
#[uniffi::remote(Enum)]
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
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum About {
    /// Lines of the statement.
    Journal {
        /// Those of this journal.
        journal: i64,
    },
    /// A day of the airdrop.
    Airdrop {
        /// Which.
        day: String,
    },
    /// A day's steps.
    Steps {
        /// Which.
        day: String,
    },
    /// An upload that was refused.
    Upload {
        /// Its number on this phone.
        upload: i64,
    },
    /// The rules.
    Rules,
    /// The bands.
    Bands,
    /// Nothing more.
    Nothing,
}

crate::listen::screen! {
    MessagesScreen from messages,
    /// The messages.
    messages,
    /// Hears of the messages.
    MessagesListener,
    watch_messages
}

#[uniffi::export]
impl Phone {
    /// Asks the server for everything that messages are made of: statement, airdrop, appeals, rules.
    #[uniffi::method(default(cancel = None))]
    pub async fn refresh_messages(&self, cancel: Option<Arc<Cancel>>) -> Result<(), PhoneError> {
        self.ask(cancel, |core| async move { core.refresh_messages().await })
            .await
    }

    /// The member has read a message.
    pub fn read_message(&self, id: i64) -> Result<(), PhoneError> {
        self.told(self.core.read_message(id))
    }

    /// The member has read all messages.
    pub fn read_all_messages(&self) -> Result<(), PhoneError> {
        self.told(self.core.read_all_messages())
    }
}

impl From<haigou_phone::screens::MessagesScreen> for MessagesScreen {
    fn from(screen: haigou_phone::screens::MessagesScreen) -> Self {
        Self {
            standing: screen.standing,
            messages: all(screen.messages),
            unread: count(screen.unread),
        }
    }
}

impl From<haigou_phone::screens::Message> for Message {
    fn from(message: haigou_phone::screens::Message) -> Self {
        Self {
            id: message.id,
            kind: message.kind,
            about: message.about.into(),
            at_ms: message.at_ms,
            title: message.title,
            text: message.text,
            amounts: message.amounts,
            read: message.read,
        }
    }
}

impl From<haigou_phone::screens::About> for About {
    fn from(about: haigou_phone::screens::About) -> Self {
        use haigou_phone::screens::About as Core;
        match about {
            Core::Journal(journal) => Self::Journal {
                journal: count(journal),
            },
            Core::Airdrop(day) => Self::Airdrop { day: day.to_string() },
            Core::Steps(day) => Self::Steps { day: day.to_string() },
            Core::Upload(upload) => Self::Upload { upload },
            Core::Rules => Self::Rules,
            Core::Bands => Self::Bands,
            Core::Nothing => Self::Nothing,
        }
    }
}
