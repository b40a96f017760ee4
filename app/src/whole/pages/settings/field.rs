use leptos::prelude::*;

use crate::whole::components::{FieldNote, TextArea};

/// A line of text in the form, with what is wrong with it.
#[component]
pub fn TextField(
    /// The field's name, as it is posted.
    name: &'static str,
    /// Makes ids on this page different from those of another form.
    form: String,
    /// What it is.
    #[prop(into)]
    label: Signal<&'static str>,
    /// What it holds at first.
    value: String,
    /// What is wrong.
    #[prop(into)]
    wrong: Signal<Option<&'static str>>,
    /// More about it.
    #[prop(optional, into)]
    hint: MaybeProp<&'static str>,
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
    let id = form + "-" + name;
    let note = format!("{id}-note");
    view! {
        <div class="field">
            <label class="label" for=id.clone()>
                {label}
            </label>
            <input
                class=if mono { "input mono" } else { "input" }
                id=id
                name=name
                value=value
                placeholder=placeholder
                autocomplete="off"
                spellcheck="false"
                autocapitalize="none"
                aria-describedby=note.clone()
                aria-invalid=move || wrong.get().map(|_| "true")
                required=required
            />
            <FieldNote id=note wrong=wrong hint=hint />
        </div>
    }
}

/// Several lines of text in the form, with what is wrong with them.
#[component]
pub fn TextLines(
    /// The field's name, as it is posted.
    name: &'static str,
    /// Makes ids on this page different from those of another form.
    form: String,
    /// What it is.
    #[prop(into)]
    label: Signal<&'static str>,
    /// What it holds at first.
    value: String,
    /// What is wrong.
    #[prop(into)]
    wrong: Signal<Option<&'static str>>,
    /// More about it.
    #[prop(into)]
    hint: MaybeProp<&'static str>,
) -> impl IntoView {
    let id = form + "-" + name;
    let note = format!("{id}-note");
    view! {
        <div class="field">
            <label class="label" for=id.clone()>
                {label}
            </label>
            <TextArea
                text=value
                attr:class="input mono"
                attr:id=id
                attr:name=name
                attr:rows="3"
                attr:spellcheck="false"
                attr:autocapitalize="none"
                attr:aria-describedby=note.clone()
                attr:aria-invalid=move || wrong.get().map(|_| "true")
            />
            <FieldNote id=note wrong=wrong hint=hint />
        </div>
    }
}

/// A yes or no in the form.
#[component]
pub fn Switch(
    /// The field's name, as it is posted.
    name: &'static str,
    /// What it is about.
    #[prop(into)]
    label: Signal<&'static str>,
    /// What yes means.
    #[prop(into)]
    text: Signal<&'static str>,
    /// More about it.
    #[prop(into)]
    hint: Signal<&'static str>,
    /// Whether it is on at first.
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
