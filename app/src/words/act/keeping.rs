use reelroom_domain::act::{Act, detail};

use super::fixed::fixed;
use crate::{
    i18n::Locale,
    words::detail::{details, known},
};

/// An act of keeping or deleting, with the case, the reason, and the accounts that asked and agreed.
pub fn kept(locale: Locale, act: &Act) -> Vec<String> {
    let shown = [
        detail::CHANGE,
        detail::WISH,
        detail::MEMBER,
        detail::CASE,
        detail::REASON,
        detail::ASKED_BY,
        detail::AGREED_BY,
    ];
    let name = known(act, detail::MEMBER).unwrap_or_else(|| "–".to_owned());
    let change = act.detail.get(detail::CHANGE).map(String::as_str);
    let words = match change {
        Some("opened") => say!(locale, cases.did.opened).to_owned(),
        Some("closed") => say!(locale, cases.did.closed).to_owned(),
        Some("looker_added") => say!(locale, history.did_case.looker_added, name),
        Some("looker_removed") => say!(locale, history.did_case.looker_removed, name),
        Some(_) => say!(locale, history.did_case.changed).to_owned(),
        None => fixed(locale, act.kind).to_owned(),
    };
    let wish = match act.detail.get(detail::WISH).map(String::as_str) {
        Some("delete_now") => Some(say!(locale, history.did_ask.delete_now)),
        Some("release") => Some(say!(locale, history.did_ask.release)),
        Some("close_case") => Some(say!(locale, history.did_ask.close_case)),
        Some("settings") => Some(say!(locale, history.did_ask.settings)),
        _ => None,
    };
    let [case, reason, asked, agreed] = [
        detail::CASE,
        detail::REASON,
        detail::ASKED_BY,
        detail::AGREED_BY,
    ]
    .map(|name| known(act, name));
    let more = [
        wish.map(ToOwned::to_owned),
        case.map(|number| say!(locale, history.did.of_case, number)),
        reason.map(|reason| say!(locale, history.did.because, reason)),
        asked.map(|name| say!(locale, history.did.asked_by, name)),
        agreed.map(|name| say!(locale, history.did.agreed_by, name)),
    ];
    let mut parts = vec![words];
    parts.extend(more.into_iter().flatten());
    parts.extend(details(locale, act, &shown));
    parts
}
