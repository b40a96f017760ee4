//! The fields of sign-in: the name of an account, and its password.

use leptos::prelude::*;

use super::{field::Field, message::FieldNote};
use crate::this_page::locale;

/// A field for the sign-in name of an account.
#[component]
pub fn NameField(
    #[prop(default = "name")] id: &'static str,
    value: String,
    /// Its error.
    #[prop(optional_no_strip)]
    wrong: Option<&'static str>,
    #[prop(optional_no_strip)] hint: Option<&'static str>,
    /// Whether it is the name of another person, which the browser must not fill in.
    #[prop(optional)]
    of_other: bool,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let note = format!("{id}-note");
    let autocomplete = if of_other { "off" } else { "username" };
    view! {
        <Field id=id label=say!(locale(), common.word.user_id) wrong=wrong hint=hint>
            <input
                class="input mono"
                id=id
                name="name"
                value=value
                autocomplete=autocomplete
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=note
                aria-invalid=wrong.map(|_| "true")
                required
                autofocus=autofocus
            />
        </Field>
    }
}

/// A field for a password; a new one follows the rules in `#new-hint`.
#[component]
pub fn PasswordField(
    #[prop(default = "password")] id: &'static str,
    #[prop(default = "password")] name: &'static str,
    label: &'static str,
    /// Its error.
    #[prop(optional_no_strip)]
    wrong: Option<&'static str>,
    #[prop(default = "field")] class: &'static str,
    #[prop(optional)] is_new: bool,
    #[prop(optional)] autofocus: bool,
    /// The rules, if they are not elsewhere.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let note = format!("{id}-note");
    let (autocomplete, hint) = if is_new {
        ("new-password", " new-hint")
    } else {
        ("current-password", "")
    };
    view! {
        <div class=class>
            <label class="label" for=id>{label}</label>
            <input
                class="input"
                id=id
                name=name
                type="password"
                autocomplete=autocomplete
                aria-describedby=format!("{note}{hint}")
                aria-invalid=wrong.map(|_| "true")
                autofocus=autofocus || wrong.is_some()
                required
            />
            <FieldNote id=note wrong=wrong />
            {children.map(|children| children())}
        </div>
    }
}
