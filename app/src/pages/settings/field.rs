use leptos::prelude::*;

use super::form::Form;
use crate::components::FieldNote;

/// A control with its label, and with its error or a hint.
#[component]
pub fn Field(
    /// The form.
    form: Form,
    /// Its name, as it is posted.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// A hint.
    #[prop(optional_no_strip)]
    hint: Option<&'static str>,
    /// The control.
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

/// A text field.
#[component]
pub fn TextField(
    /// The form.
    form: Form,
    /// Its name, as it is posted.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// The value.
    value: String,
    /// A hint.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// The placeholder.
    #[prop(optional)]
    placeholder: String,
    /// Whether to use the monospace font: for addresses and ids.
    #[prop(optional)]
    mono: bool,
    /// Whether it is required.
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

/// A checkbox.
#[component]
pub fn Switch(
    /// Its name, as it is posted.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// The text of the checkbox.
    text: &'static str,
    /// A hint.
    hint: &'static str,
    /// Whether it is checked.
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

/// A choice between two values, side by side.
#[component]
pub fn Choice(
    /// The name, as it is posted.
    name: &'static str,
    /// The label.
    label: &'static str,
    /// The chosen value; the first one if it is neither.
    chosen: String,
    /// The value and label of each.
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
