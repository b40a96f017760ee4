use leptos::prelude::*;
use reelroom_domain::keep::REASON_LENGTH;

use crate::{components::FieldNote, error::ApiError, i18n::Locale, query::Query};

/// The field of a reason in a dialog, with its error.
pub fn reason(locale: Locale, error: Option<&ApiError>) -> impl IntoView + use<> {
    let is_wrong = error.is_some_and(|error| error.is_about("reason"));
    let wrong = is_wrong.then(|| say!(locale, keep.denied.reason));
    let typed = error.map(|_| expect_context::<Query>().get("reason").to_owned());
    view! {
        <div class="field">
            <label class="label" for="dialog-reason">{say!(locale, cases.reason)}</label>
            <input
                class="input"
                id="dialog-reason"
                name="reason"
                value=typed
                maxlength=REASON_LENGTH.to_string()
                aria-describedby="dialog-reason-note"
                aria-invalid=wrong.map(|_| "true")
                required
                autofocus
            />
            <FieldNote id="dialog-reason-note" wrong=wrong />
        </div>
    }
}
