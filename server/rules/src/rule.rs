//! The ids of the rules, as they stand in journals for ever.

use haigou_ledger::Rule;

/// A new member's grants.
pub const REGISTER_MEMBER: Rule = Rule::new("register.member");
/// A direct sponsor's grants for a registration.
pub const REGISTER_DIRECT: Rule = Rule::new("register.direct");
/// What a registration unfreezes for the direct sponsor.
pub const REGISTER_UNFREEZE: Rule = Rule::new("register.unfreeze");
/// A rung of the step ladder.
pub const STEPS_LADDER: Rule = Rule::new("steps.ladder");
/// A walk task.
pub const STEPS_WALK: Rule = Rule::new("steps.walk");
/// A run task.
pub const STEPS_RUN: Rule = Rule::new("steps.run");
