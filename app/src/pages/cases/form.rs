//! The forms that open and change a case.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    case::{CaseForm, CaseView},
    ids::RecordingId,
    keep::REASON_LENGTH,
    view::RecordingRow,
};

use super::{address::Address, buttons::buttons};
use crate::{
    components::{Field, Glyph, InputField, TextArea, back_link, form_error, recordings},
    error::ApiError,
    form::{failed, shown},
    i18n::Locale,
    server::recordings_named,
    server_fns::{ChangeCase, OpenCase},
    this_page::locale,
    visit::Visit,
    words,
};

/// The recordings of a new case.
pub struct New {
    ids: Vec<RecordingId>,
    /// The recordings that the reader sees.
    rows: Vec<RecordingRow>,
}

impl New {
    /// Loads the recordings that the address names.
    pub async fn load(visit: &Visit) -> Result<Self, ApiError> {
        let ids = recordings_named(&visit.query)?;
        let rows = visit.service.rows_of(&visit.me, &ids).await?;
        Ok(Self { ids, rows })
    }
}

/// The dialog that opens a case.
pub fn new_case(of: &New, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let error = failed::<OpenCase>();
    let ids: Vec<String> = of.ids.iter().map(ToString::to_string).collect();
    let n = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let submit = match n {
        0 => say!(locale, cases.form.submit).to_owned(),
        n => say!(locale, cases.form.submit_hold, n = words::number(n)),
    };
    let shown = shown::<OpenCase, _>(CaseForm::default());
    let fields = fields(locale, shown, error.as_ref(), true);
    view! {
        <div class="scrim">
            <div class="dialog wide" role="dialog" aria-modal="true" aria-labelledby="new-h">
                <form method="post" action=OpenCase::url() autocomplete="off" data-edit="">
                    <input type="hidden" name="ids" value=ids.join(",") />
                    <h2 id="new-h">{say!(locale, cases.open_new)}</h2>
                    <p class="soft">{say!(locale, cases.form.text)}</p>
                    {form_error::<OpenCase>()}
                    <div class="fields">{fields} {held(locale, of, n)}</div>
                    {buttons(here.here(), say!(locale, common.action.cancel), Glyph::Lock, submit)}
                </form>
            </div>
        </div>
    }
}

/// The recordings that the case will hold.
fn held(locale: Locale, of: &New, n: u32) -> impl IntoView + use<> {
    let text = match n {
        0 => say!(locale, cases.form.recordings_none).to_owned(),
        1 => say!(locale, cases.form.recordings_single).to_owned(),
        n => say!(locale, cases.form.recordings, n = words::number(n)),
    };
    view! {
        <div class="field">
            <span class="label">{say!(locale, cases.recordings)}</span>
            <p class="hint">{text}</p>
            {(n > 0).then(|| recordings(&of.rows, of.ids.len()))}
        </div>
    }
}

/// The form that changes a case, in place of its reason.
pub fn change(view: &CaseView, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let error = failed::<ChangeCase>();
    let shown = shown::<ChangeCase, _>(CaseForm::of(&view.case.text));
    let fields = fields(locale, shown, error.as_ref(), false);
    view! {
        <form
            class="card case-form"
            method="post"
            action=ChangeCase::url()
            autocomplete="off"
            data-edit=""
        >
            <input type="hidden" name="id" value=view.case.id.to_string() />
            <div class="fields">{fields}</div>
            <div class="btns">
                {back_link(here.here(), say!(locale, common.action.cancel))}
                <button class="btn primary">{say!(locale, common.action.save)}</button>
            </div>
        </form>
    }
}

/// Number, name, reason and reference, with their errors. The first wrong field gets the focus, or else the first one
/// of a new case.
fn fields(
    locale: Locale,
    shown: CaseForm,
    error: Option<&ApiError>,
    is_new: bool,
) -> impl IntoView + use<> {
    let wrong = |field: &str| {
        let is_wrong = error.is_some_and(|error| error.is_about(field));
        is_wrong.then(|| sentence(locale, field))
    };
    let reason = wrong("reason");
    let all = ["number", "name", "reason", "reference"];
    let is_first = is_new && all.iter().all(|field| wrong(field).is_none());
    view! {
        <div class="case-names">
            {field("number", say!(locale, common.word.number), shown.number, 40, wrong("number"), is_first)}
            {field("name", say!(locale, common.word.name), shown.name, 80, wrong("name"), false)}
        </div>
        <Field id="case-reason" label=say!(locale, common.word.reason) wrong=reason>
            <TextArea
                text=shown.reason
                attr:class="input"
                attr:id="case-reason"
                attr:name="reason"
                attr:rows="3"
                attr:maxlength=REASON_LENGTH.to_string()
                attr:aria-describedby="case-reason-note"
                attr:aria-invalid=reason.map(|_| "true")
                attr:autofocus=reason.is_some()
            />
        </Field>
        {field(
            "reference",
            say!(locale, cases.reference),
            shown.reference,
            200,
            wrong("reference"),
            false,
        )}
    }
}

fn field(
    name: &'static str,
    label: &'static str,
    value: String,
    longest: usize,
    wrong: Option<&'static str>,
    is_first: bool,
) -> impl IntoView {
    view! {
        <InputField
            id=format!("case-{name}")
            name=name
            label=label
            value=value
            wrong=wrong
            longest=longest
            required=name != "reference"
            autofocus=is_first || wrong.is_some()
        />
    }
}

/// The message for an invalid field.
fn sentence(locale: Locale, field: &str) -> &'static str {
    match field {
        "number" => say!(locale, cases.wrong.number),
        "name" => say!(locale, cases.wrong.name),
        "reason" => say!(locale, keep.denied.reason),
        "reference" => say!(locale, cases.wrong.reference),
        _ => say!(locale, cases.wrong.other),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::keep::KeepField;

    use super::*;

    #[test]
    fn each_field_has_its_sentence() {
        let other = sentence(Locale::en, "else");
        for field in [
            KeepField::Number,
            KeepField::Name,
            KeepField::Reason,
            KeepField::Reference,
        ] {
            assert_ne!(sentence(Locale::en, field.as_str()), other, "{field:?}");
        }
    }
}
