//! Who plays: the members of a scenario by name and by number.

use std::collections::HashMap;

use haigou_contract::ErrorCode;
use haigou_ledger::MemberNo;
use haigou_store::CommandError;

use crate::web::{Refusal, refused};

/// The members of a scenario.
#[derive(Debug, Default)]
pub(super) struct Cast {
    numbers: HashMap<String, MemberNo>,
    names: Vec<(MemberNo, String)>,
}

impl Cast {
    /// Notes a member.
    pub(super) fn enter(&mut self, name: &str, member: MemberNo) {
        self.numbers.insert(name.to_owned(), member);
        self.names.push((member, name.to_owned()));
    }

    /// A member by name, or the code that says that there is none.
    pub(super) fn find(&self, name: &str, unknown: ErrorCode) -> Result<MemberNo, CommandError<Refusal>> {
        self.numbers
            .get(name)
            .map_or_else(|| refused(unknown), |member| Ok(*member))
    }

    /// A member by name, or `unknown_member`.
    pub(super) fn member(&self, name: &str) -> Result<MemberNo, CommandError<Refusal>> {
        self.find(name, ErrorCode::UnknownMember)
    }

    /// All of them, in the order of their registration.
    pub(super) fn all(&self) -> impl ExactSizeIterator<Item = (MemberNo, &str)> {
        self.names.iter().map(|(member, name)| (*member, name.as_str()))
    }

    /// A member's name.
    pub(super) fn name(&self, member: MemberNo) -> Option<&str> {
        let place = self
            .names
            .binary_search_by_key(&member, |(number, _)| *number)
            .ok()?;
        self.names.get(place).map(|(_, name)| name.as_str())
    }
}
