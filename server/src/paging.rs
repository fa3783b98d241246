//! Lists in pages: a cursor that names where to go on, and how much is wanted.

use serde::Deserialize;

use crate::web::Refusal;

const USUAL: u32 = 20;
const MOST: u32 = 100;

/// Which page of a list.
#[derive(Debug, Clone, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paging {
    /// The `next` of the page before; none for the first page.
    pub(crate) cursor: Option<String>,
    /// How many items, 1 to 100; 20 if nothing is said.
    limit: Option<u32>,
}

impl Paging {
    /// How many items are wanted.
    ///
    /// # Errors
    /// `invalid` if it isn't 1 to 100.
    pub(crate) fn limit(&self) -> Result<u32, Refusal> {
        checked_limit(self.limit)
    }
}

/// How many items are wanted, if that can be had.
///
/// # Errors
/// `invalid` if it isn't 1 to 100.
pub(crate) fn checked_limit(limit: Option<u32>) -> Result<u32, Refusal> {
    match limit.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(limit),
        _ => Err(Refusal::invalid(
            "limit",
            "每页 1 到 100 条。",
            "From 1 to 100 a page.",
        )),
    }
}

/// A cursor that none of our pages gave out.
pub(crate) fn unknown_cursor() -> Refusal {
    Refusal::invalid(
        "cursor",
        "翻页标记无法识别，请从第一页重新开始。",
        "This cursor comes from no page. Start from the first one.",
    )
}
