use leptos::prelude::*;

use super::form::Form;
use crate::components::FieldNote;

/// A control with its label, and with what is wrong with it or a hint.
#[component]
pub fn Field(
    /// The form that it is of.
    form: Form,
    /// Its name, as it is posted.
    name: &'static str,
    /// What it is.
    label: &'static str,
    /// More about it.
    #[prop(optional_no_strip)]
    hint: Option<&'static str>,
    /// The control, and what stands beside it.
    children: Children,
) -> impl IntoView {
    let id = form.id(name);
    let note = format!("{id}-note");
    view! {
        <div class="field">
            <label class="label" for=id>
                {label}
            </label>
            {children()}
            <FieldNote id=note wrong=form.wrong(name) hint=hint />
        </div>
    }
}

/// A line of text.
#[component]
pub fn TextField(
    /// The form that it is of.
    form: Form,
    /// Its name, as it is posted.
    name: &'static str,
    /// What it is.
    label: &'static str,
    /// What it holds.
    value: String,
    /// More about it.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// What stands in it while it is empty.
    #[prop(optional)]
    placeholder: String,
    /// Set in the mono face: addresses and ids.
    #[prop(optional)]
    mono: bool,
    /// Whether it may not be empty.
    #[prop(default = true)]
    required: bool,
) -> impl IntoView {
    let id = form.id(name);
    let invalid = form.wrong(name).map(|_| "true");
    view! {
        <Field form=form name=name label=label hint=hint>
            <input
                class=if mono { "input mono" } else { "input" }
                aria-describedby=format!("{id}-note")
                id=id
                name=name
                value=value
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                autocapitalize="none"
                aria-invalid=invalid
                required=required
            />
        </Field>
    }
}

/// A yes or no.
#[component]
pub fn Switch(
    /// Its name, as it is posted.
    name: &'static str,
    /// What it is about.
    label: &'static str,
    /// What yes means.
    text: &'static str,
    /// More about it.
    hint: &'static str,
    /// Whether it is on.
    on: bool,
) -> impl IntoView {
    view! {
        <div class="field">
            <span class="label">{label}</span>
            <label class="switch">
                <input type="checkbox" name=name value="yes" checked=on />
                <i></i>
                {text}
            </label>
            <p class="hint">{hint}</p>
        </div>
    }
}

/// One of two, side by side.
#[component]
pub fn Choice(
    /// The name, as it is posted.
    name: &'static str,
    /// What is chosen.
    label: &'static str,
    /// The chosen value; the first where it is neither.
    chosen: String,
    /// Value and word of each.
    options: [(&'static str, &'static str); 2],
) -> impl IntoView {
    let is_second = chosen == options[1].0;
    let option = |index: usize| {
        let (value, word) = options[index];
        let checked = is_second == (index == 1);
        view! {
            <label>
                <input type="radio" name=name value=value checked=checked />
                {word}
            </label>
        }
    };
    view! {
        <fieldset class="field">
            <legend class="label">{label}</legend>
            <div class="seg">{option(0)} {option(1)}</div>
        </fieldset>
    }
}
