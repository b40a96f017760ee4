use leptos::prelude::*;
use reelroom_domain::keep::REASON_LENGTH;

use super::message::FieldNote;
use crate::{error::ApiError, query::Query, this_page::locale};

/// A control with its label, and with its error or a hint. The control has the id of the field, and its
/// `aria-describedby` names `{id}-note`.
#[component]
pub fn Field(
    #[prop(into)] id: String,
    label: &'static str,
    /// A remark beside the label.
    #[prop(optional_no_strip)]
    aside: Option<&'static str>,
    /// The error.
    wrong: Option<&'static str>,
    #[prop(optional_no_strip, into)] hint: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let note = format!("{id}-note");
    let aside = aside.map(|aside| view! { <span class="opt">{aside}</span> });
    view! {
        <div class="field">
            <label class="label" for=id>
                {label}
                {aside}
            </label>
            {children()}
            <FieldNote id=note wrong=wrong hint=hint />
        </div>
    }
}

/// A field for a line of text.
#[component]
pub fn InputField(
    #[prop(into)] id: String,
    name: &'static str,
    label: &'static str,
    /// A remark beside the label.
    #[prop(optional)]
    aside: Option<&'static str>,
    #[prop(into)] value: String,
    /// The error.
    wrong: Option<&'static str>,
    #[prop(optional_no_strip, into)] hint: Option<&'static str>,
    #[prop(default = "input")] class: &'static str,
    /// The most characters.
    #[prop(optional)]
    longest: Option<usize>,
    #[prop(optional)] placeholder: String,
    /// Whether browsers must not correct the text: an id, an address or a code.
    #[prop(optional)]
    literal: bool,
    #[prop(optional)] required: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let (input, note) = (id.clone(), format!("{id}-note"));
    view! {
        <Field id=id label=label aside=aside wrong=wrong hint=hint>
            <input
                class=class
                id=input
                name=name
                value=value
                placeholder=placeholder
                maxlength=longest.map(|longest| longest.to_string())
                autocomplete="off"
                autocapitalize=literal.then_some("none")
                spellcheck=literal.then_some("false")
                aria-describedby=note
                aria-invalid=wrong.map(|_| "true")
                required=required
                autofocus=autofocus
            />
        </Field>
    }
}

/// The field of a reason with the error of its form, after which it has what was typed. Without a hint, it is that of a
/// dialog and has the focus.
pub fn reason_field(
    id: &str,
    hint: Option<&'static str>,
    error: Option<&ApiError>,
) -> impl IntoView + use<> {
    let (id, locale) = (id.to_owned(), locale());
    let is_wrong = error.is_some_and(|error| error.is_about("reason"));
    let typed = error.map(|_| expect_context::<Query>().get("reason").to_owned());
    view! {
        <InputField
            id=id
            name="reason"
            label=say!(locale, common.word.reason)
            value=typed.unwrap_or_default()
            wrong=is_wrong.then(|| say!(locale, keep.denied.reason))
            hint=hint
            longest=REASON_LENGTH
            required=true
            autofocus=hint.is_none()
        />
    }
}
