//! The cases that an account may add recordings to.

use leptos::prelude::*;
use reelroom_domain::{access::Right, case::CaseRow, user::Role, visible::visible_line};
use reelroom_service::Principal;

/// The longest number or name of a case that is shown, in characters.
const LONGEST: usize = 80;

/// The open cases among `cases` that the account may change.
pub fn open_cases(cases: &[CaseRow], me: &Principal) -> Vec<CaseRow> {
    let is_open = |row: &&CaseRow| {
        let case = &row.case;
        case.closed.is_none() && (me.role() == Role::Admin || case.opened_by == me.user)
    };
    cases.iter().filter(is_open).cloned().collect()
}

/// The options of a choice of these cases.
pub fn options(cases: &[CaseRow]) -> impl IntoView + use<> {
    let options = cases.iter().map(|row| {
        let text = &row.case.text;
        let number = visible_line(&text.number, LONGEST);
        let name = visible_line(&text.name, LONGEST);
        view! { <option value=row.case.id.to_string()>{number} ", " {name}</option> }
    });
    options.collect::<Vec<_>>()
}

/// Whether an account may open cases.
pub fn may_open(me: &Principal) -> bool {
    me.role().may_record() || me.access.rights.has(Right::Release)
}
