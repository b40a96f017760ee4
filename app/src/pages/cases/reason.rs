use leptos::prelude::*;
use reelroom_domain::keep::REASON_LENGTH;

use crate::{components::InputField, error::ApiError, i18n::Locale, query::Query};

/// The field of a reason in a dialog, with its error.
pub fn reason(locale: Locale, error: Option<&ApiError>) -> impl IntoView + use<> {
    let is_wrong = error.is_some_and(|error| error.is_about("reason"));
    let wrong = is_wrong.then(|| say!(locale, keep.denied.reason));
    let typed = error.map(|_| expect_context::<Query>().get("reason").to_owned());
    view! {
        <InputField
            id="dialog-reason"
            name="reason"
            label=say!(locale, common.word.reason)
            value=typed.unwrap_or_default()
            wrong=wrong
            longest=REASON_LENGTH
            required=true
            autofocus=true
        />
    }
}
