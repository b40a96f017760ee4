//! The forms of the settings: their fields, the errors, and the end with its buttons.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::app::ConnectionTest;

use super::connection::TestResult;
use crate::{
    components::{ErrorNote, InputField, switch},
    error::ApiError,
    form::failed,
    i18n::Locale,
    lint_line::{Level, LintLine},
    query::Query,
    this_page::locale,
};

/// The id prefix and the error of a form, for its fields.
#[derive(Debug, Clone)]
pub struct Form {
    /// Makes the ids of the fields unique on the page.
    pub key: String,
    /// The error, if the form was rejected.
    pub error: Option<ApiError>,
    /// The message for a rejected field, by its name and the code from the server.
    pub sentence: fn(Locale, &str, &str) -> &'static str,
}

impl Form {
    /// The form of the server function `S`.
    pub fn of<S: ServerFn>(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            error: failed::<S>(),
            sentence,
        }
    }

    pub fn id(&self, field: &str) -> String {
        format!("{}-{field}", self.key)
    }

    pub fn wrong(&self, field: &str) -> Option<&'static str> {
        let code = self.error.as_ref()?.problem_of(field)?;
        Some((self.sentence)(locale(), field, code))
    }
}

/// The message for a rejected value; `code` is from the server.
pub fn sentence(locale: Locale, field: &str, code: &str) -> &'static str {
    match field {
        "allowed_hosts" | "kinds" if code == "too_long" => {
            say!(locale, settings.unusable.list_too_long)
        }
        _ if code == "too_long" => say!(locale, settings.unusable.too_long),
        "name" => say!(locale, settings.unusable.name),
        "app_id" => say!(locale, settings.unusable.app_id),
        "api_base" | "vod_base" => say!(locale, settings.unusable.api_base),
        "zone" => say!(locale, settings.unusable.zone),
        "allowed_hosts" => say!(locale, settings.unusable.hosts),
        "kinds" => say!(locale, apps.unusable_kinds),
        "vod_token" => say!(locale, apps.unusable_token),
        "late" | "due" => say!(locale, watch.patience.wrong),
        "idle_hours" | "link_hours" => say!(locale, sign_in.wrong.hours),
        "at_most_days" => say!(locale, sign_in.wrong.at_most_days),
        "password_length" => say!(locale, sign_in.wrong.password_length),
        "history_days" => say!(locale, sign_in.wrong.history_days),
        "break_glass" => say!(locale, sign_in.wrong.break_glass),
        "call_bodies" | "status_events" => say!(locale, storage.keep.wrong.days),
        "lookup_finds" => say!(locale, storage.keep.wrong.lookup_finds),
        "seen" => say!(locale, storage.keep.wrong.seen),
        "trash_days" => say!(locale, trash.settings.wrong_days),
        "request_days" => say!(locale, trash.settings.wrong_request),
        "second" => say!(locale, trash.settings.wrong_second),
        _ => say!(locale, settings.unusable.other),
    }
}

/// A text field; `mono` for addresses and ids.
#[component]
pub fn TextField(
    form: Form,
    name: &'static str,
    label: &'static str,
    value: String,
    #[prop(optional)] hint: Option<&'static str>,
    #[prop(optional)] placeholder: String,
    #[prop(optional)] mono: bool,
) -> impl IntoView {
    let wrong = form.wrong(name);
    let class = if mono { "input mono" } else { "input" };
    view! {
        <InputField
            id=form.id(name)
            name=name
            label=label
            value=value
            wrong=wrong
            hint=hint
            class=class
            placeholder=placeholder
            literal=true
            autofocus=wrong.is_some()
        />
    }
}

#[component]
pub fn Switch(
    name: &'static str,
    label: &'static str,
    text: &'static str,
    hint: &'static str,
    on: bool,
) -> impl IntoView {
    view! {
        <div class="field">
            <span class="label">{label}</span>
            {switch(name, on, text)}
            <p class="hint">{hint}</p>
        </div>
    }
}

/// A choice between two values, side by side. `options` are the value and label of each; the first one is
/// chosen if `chosen` is neither.
#[component]
pub fn Choice(
    name: &'static str,
    label: &'static str,
    chosen: String,
    options: [(&'static str, &'static str); 2],
) -> impl IntoView {
    let is_second = chosen == options[1].0;
    let option = |index: usize| {
        let (value, word) = options[index];
        let checked = is_second == (index == 1);
        view! { <label><input type="radio" name=name value=value checked=checked />{word}</label> }
    };
    view! {
        <fieldset class="field">
            <legend class="label">{label}</legend>
            <div class="seg">{option(0)} {option(1)}</div>
        </fieldset>
    }
}

/// The message that the form of this name was accepted.
pub fn saved(name: &str, text: &'static str) -> impl IntoView + use<> {
    let is_saved = expect_context::<Query>().get("saved") == name;
    view! {
        <div class="said" role="status">
            {is_saved.then(|| view! { <LintLine level=Level::Ok>{text}</LintLine> })}
        </div>
    }
}

/// The end of a form: errors that belong to no field, the result, and the buttons. `test` is of the current
/// values; the children are the buttons before the save button.
#[component]
pub fn FormEnd(
    form: Form,
    saved: bool,
    #[prop(optional_no_strip)] test: Option<ConnectionTest>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let locale = locale();
    let words = say!(locale, settings.saved);
    let to_fix = match &form.error {
        Some(ApiError::Invalid { problems }) => {
            let n = problems.len();
            Some(plural!(locale, n, settings.fix_single, settings.fix, n))
        }
        _ => None,
    };
    view! {
        <div class="form-f">
            {form.error.and_then(ApiError::of_no_field).map(|error| view! { <ErrorNote error=error /> })}
            <div class="said" role="status">
                {to_fix.map(|text| view! { <LintLine level=Level::Error>{text}</LintLine> })}
                {saved.then(|| view! { <LintLine level=Level::Ok>{words}</LintLine> })}
                {test.map(|test| view! { <TestResult test=test /> })}
            </div>
            {children.map(|children| children())}
            <button class="btn primary">{say!(locale, common.action.save)}</button>
        </div>
    }
}

/// The end of a form that only administrators may send; for others, a note that says so.
pub fn end(form: &Form, may_change: bool) -> AnyView {
    if may_change {
        let saved = expect_context::<Query>().get("saved") == form.key;
        view! { <FormEnd form=form.clone() saved=saved /> }.into_any()
    } else {
        let words = say!(locale(), settings.read_only);
        view! { <div class="form-f"><p class="hint">{words}</p></div> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{growth::Growing, keep::KeepField, sign_in::SignInField};
    use strum::VariantArray as _;

    use super::*;

    #[test]
    fn each_field_has_its_sentence() {
        let of = |field| sentence(Locale::en, field, "unusable");
        let other = of("method");
        for field in
            "name app_id api_base zone allowed_hosts kinds vod_base vod_token late due".split(' ')
        {
            assert_ne!(of(field), other, "{field}");
        }
        for field in SignInField::VARIANTS {
            assert_ne!(of(field.as_str()), other, "{field:?}");
        }
        for what in Growing::ALL {
            assert_ne!(of(what.as_str()), other, "{what:?}");
        }
        for field in [
            KeepField::TrashDays,
            KeepField::RequestDays,
            KeepField::Second,
        ] {
            assert_ne!(of(field.as_str()), other, "{field:?}");
        }
        let too_long = |field| sentence(Locale::en, field, "too_long");
        assert_eq!(too_long("name"), "At most 200 bytes.");
        assert_eq!(too_long("allowed_hosts"), "At most 2,000 bytes.");
    }
}
