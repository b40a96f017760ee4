//! The remedy for a blocked file.

use leptos::prelude::*;
use reelroom_domain::{cause::Cause, file::FileState, ids::FileId, user::Role, view::FileView};

use crate::{
    components::{action_form, fold_title},
    i18n::Locale,
    server_fns::AllowHost,
};

/// How a blocked file can be fetched: a form that allows its host, or who can do that, and where.
pub fn allow(locale: Locale, file: &FileView, role: Role) -> impl IntoView + use<> {
    let hint = hint(locale, file, role).map(|hint| view! { <p class="hint">{hint}</p> });
    let host = file.to_allow.clone().filter(|_| role == Role::Admin);
    let form = host.map(|host| allow_form(locale, file.id, host));
    (hint, form)
}

/// A hint who can allow the address of a blocked file, and where; `None` if it can be done here, or never.
fn hint(locale: Locale, file: &FileView, role: Role) -> Option<&'static str> {
    let in_settings = file.state == FileState::Blocked
        && matches!(file.trouble, Some(Cause::Inside(_) | Cause::Port { .. }));
    match file.to_allow {
        Some(_) if role != Role::Admin => Some(say!(locale, recording.files.ask_admin)),
        None if in_settings => Some(say!(locale, recording.files.ask_settings)),
        _ => None,
    }
}

/// The form that allows the host of a blocked file.
fn allow_form(locale: Locale, file: FileId, host: String) -> impl IntoView {
    let word = say!(locale, recording.files.allow_fetch);
    view! {
        <details class="fold allow" id=format!("allow-{file}")>
            {fold_title(say!(locale, recording.files.allow))}
            <p class="hint">{say!(locale, recording.files.allow_text, host)}</p>
            {action_form::<AllowHost>(file.to_string(), "btn", word)}
        </details>
    }
}
