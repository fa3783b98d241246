//! A member as the database has him.

use haigou_contract::Language;
use haigou_store::{Query, Row, StoreError, params};

use super::names::typed_invite_code;

/// A member's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// His number in the ledger, from 1.
    pub id: i64,
    /// His id outside.
    pub public_id: String,
    /// His phone number in E.164 form; none once he is deleted.
    pub phone: Option<String>,
    /// What others register with; none once he is deleted.
    pub invite_code: Option<String>,
    /// What he calls himself; empty at first.
    pub nickname: String,
    /// The language of messages to him.
    pub language: Language,
    /// When he registered, UTC ms.
    pub registered_ms: i64,
}

const COLUMNS: &str = "id, public_id, phone, invite_code, nickname, language, registered_ms";

impl Member {
    /// By number.
    ///
    /// # Errors
    /// The database's.
    pub fn by_id(query: &mut impl Query, id: i64) -> Result<Option<Self>, StoreError> {
        query.query_one(
            &format!("SELECT {COLUMNS} FROM member WHERE id = $1"),
            params![id],
            read,
        )
    }

    /// By phone number in E.164 form. Deleted members have none.
    ///
    /// # Errors
    /// The database's.
    pub fn by_phone(query: &mut impl Query, phone: &str) -> Result<Option<Self>, StoreError> {
        query.query_one(
            &format!("SELECT {COLUMNS} FROM member WHERE phone = $1"),
            params![phone],
            read,
        )
    }

    /// By id outside or invite code, as somebody typed it.
    ///
    /// # Errors
    /// The database's.
    pub(crate) fn meant(query: &mut impl Query, text: &str) -> Result<Option<Self>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM member WHERE public_id = $1 AND deleted_ms IS NULL");
        if let Some(member) = query.query_one(&sql, params![text], read)? {
            return Ok(Some(member));
        }
        match typed_invite_code(text) {
            Some(code) => Self::by_invite_code(query, &code),
            None => Ok(None),
        }
    }

    /// By invite code. Deleted members have none.
    ///
    /// # Errors
    /// The database's.
    pub fn by_invite_code(query: &mut impl Query, code: &str) -> Result<Option<Self>, StoreError> {
        query.query_one(
            &format!("SELECT {COLUMNS} FROM member WHERE invite_code = $1"),
            params![code],
            read,
        )
    }

    /// By what somebody calls him: his id outside, his number, his phone number or his invite code.
    ///
    /// # Errors
    /// The database's.
    pub fn named(query: &mut impl Query, name: &str) -> Result<Option<Self>, StoreError> {
        if let Ok(id) = name.parse() {
            return Self::by_id(query, id);
        }
        query.query_one(
            &format!("SELECT {COLUMNS} FROM member WHERE public_id = $1 OR phone = $1 OR invite_code = $1"),
            params![name],
            read,
        )
    }
}

fn read(row: &Row<'_>) -> Result<Member, StoreError> {
    Ok(Member {
        id: row.int(0)?,
        public_id: row.text(1)?,
        phone: row.opt_text(2)?,
        invite_code: row.opt_text(3)?,
        nickname: row.text(4)?,
        language: language(&row.text(5)?),
        registered_ms: row.int(6)?,
    })
}

/// A language as the database has it: its tag.
fn language(tag: &str) -> Language {
    if tag == Language::English.tag() {
        Language::English
    } else {
        Language::Chinese
    }
}
