//! The cases that an account may add recordings to.

use reelroom_domain::{access::Right, case::CaseRow, user::Role};
use reelroom_service::Principal;

/// Those of `cases` that are open and that the account may change.
pub fn open_cases(cases: &[CaseRow], me: &Principal) -> Vec<CaseRow> {
    let is_open = |row: &&CaseRow| {
        let case = &row.case;
        case.closed.is_none() && (me.role() == Role::Admin || case.opened_by == me.user)
    };
    cases.iter().filter(is_open).cloned().collect()
}

/// Whether an account may open cases.
pub fn may_open(me: &Principal) -> bool {
    me.role().may_record() || me.access.rights.has(Right::Release)
}
