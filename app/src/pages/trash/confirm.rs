//! The dialog that deletes recordings of the trash for good: a reason, and words that have to be typed.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    keep::{KeepSettings, REASON_LENGTH},
    view::RecordingRow,
};
use reelroom_service::TrashView;

use super::address::here;
use crate::{
    components::{Glyph, Icon, InputField, back_link, form_error, point, recordings},
    error::ApiError,
    form::failed,
    i18n::{Locale, td},
    query::Query,
    server::recordings_named,
    server_fns::DeleteNow,
    this_page::locale,
    visit::Visit,
    words,
};

/// The length of the longest words that are typed, in characters.
const TYPED: usize = 40;

/// The recordings of the open dialog.
pub struct Confirm {
    rows: Vec<RecordingRow>,
}

impl Confirm {
    /// The recordings of this page of the trash that the address names; `None`: the dialog is not open.
    pub fn load(visit: &Visit, trash: &TrashView) -> Result<Option<Self>, ApiError> {
        if visit.query.get("confirm").is_empty() {
            return Ok(None);
        }
        let ids = recordings_named(&visit.query)?;
        let rows = trash.recordings.iter().map(|of| &of.row);
        let rows = rows.filter(|row| ids.contains(&row.id)).cloned().collect();
        Ok(Some(Self { rows }))
    }

    /// Their files and their size.
    fn what(&self, locale: Locale) -> String {
        let n: u32 = self.rows.iter().map(|row| row.ledger.arrived()).sum();
        let size = self.rows.iter().map(|row| row.bytes);
        let size = words::bytes(locale, size.fold(0, u64::saturating_add));
        let files = words::files(locale, n);
        say!(locale, trash.confirm.what, files, size)
    }
}

/// The dialog.
pub fn confirm(of: &Confirm, settings: &KeepSettings) -> impl IntoView + use<> {
    let locale = locale();
    let n = of.rows.len();
    let title = if n == 1 {
        say!(locale, trash.confirm.title_single).to_owned()
    } else {
        say!(locale, trash.confirm.title, n)
    };
    let content = if n == 0 {
        let text = say!(locale, trash.confirm.none);
        view! {
            <p class="soft">{text}</p>
            <div class="btns">{keep(locale)}</div>
        }
        .into_any()
    } else {
        form(of, settings.second_for_delete_now).into_any()
    };
    view! {
        <div class="scrim">
            <div class="dialog" role="alertdialog" aria-modal="true" aria-labelledby="confirm-h">
                <h2 id="confirm-h" tabindex="-1">
                    {title}
                </h2>
                {content}
            </div>
        </div>
    }
}

fn keep(locale: Locale) -> impl IntoView {
    back_link(here(), say!(locale, trash.confirm.keep))
}

fn form(of: &Confirm, with_second: bool) -> impl IntoView + use<> {
    let locale = locale();
    let query: Query = expect_context();
    let n = of.rows.len();
    let error = failed::<DeleteNow>();
    let is_wrong = |field| error.as_ref().is_some_and(|error| error.is_about(field));
    let words = say!(locale, trash.confirm.words, n);
    let wrong_reason = is_wrong("reason").then(|| say!(locale, keep.denied.reason));
    let wrong_typed = is_wrong("typed").then(|| {
        let words = words.clone();
        say!(locale, trash.confirm.wrong_typed, words)
    });
    let is_typed_alone = wrong_reason.is_none() && wrong_typed.is_some();
    let ids: Vec<String> = of.rows.iter().map(|row| row.id.to_string()).collect();
    let submit = if with_second {
        say!(locale, trash.confirm.ask, n)
    } else {
        say!(locale, trash.confirm.submit, n)
    };
    let typed = typed(locale, query.get("typed").to_owned(), words, wrong_typed);
    view! {
        <form method="post" action=DeleteNow::url() autocomplete="off" data-edit="">
            <input type="hidden" name="ids" value=ids.join(",") />
            {form_error::<DeleteNow>()}
            {recordings(&of.rows, n)}
            <p class="soft">{of.what(locale)}</p>
            {points(locale, with_second)}
            <div class="fields">
                <InputField
                    id="confirm-reason"
                    name="reason"
                    label=say!(locale, common.word.reason)
                    aside=say!(locale, trash.confirm.reason_hint)
                    value=query.get("reason")
                    wrong=wrong_reason
                    longest=REASON_LENGTH
                    required=true
                    autofocus=!is_typed_alone
                />
                {typed}
            </div>
            <div class="btns">
                {keep(locale)}
                <button class="btn danger primary">
                    <Icon glyph=Glyph::Trash />
                    {submit}
                </button>
            </div>
        </form>
    }
}

/// The consequences.
fn points(locale: Locale, with_second: bool) -> impl IntoView {
    let second = with_second.then(|| point(Glyph::Users, say!(locale, trash.confirm.second)));
    view! {
        <ul class="points">
            {second}
            {point(Glyph::Lock, say!(locale, trash.confirm.hold))}
            {point(Glyph::Cloud, say!(locale, trash.confirm.platform))}
            {point(Glyph::Doc, say!(locale, trash.confirm.certificate))}
        </ul>
    }
}

/// The field for the words that have to be typed.
fn typed(locale: Locale, value: String, words: String, wrong: Option<String>) -> impl IntoView {
    let shown = move || view! { <b class="mono">{words.clone()}</b> }.into_any();
    let is_wrong = wrong.is_some();
    let note = wrong.map(|wrong| view! { <p class="lint" data-level="error">{wrong}</p> });
    view! {
        <div class="field">
            <label class="label" for="confirm-typed">
                <span>{td!(locale, trash.confirm.to_type, words = shown)}</span>
            </label>
            <input
                class="input mono"
                id="confirm-typed"
                name="typed"
                value=value
                maxlength=TYPED.to_string()
                autocapitalize="none"
                spellcheck="false"
                aria-describedby="confirm-typed-note"
                aria-invalid=is_wrong.then_some("true")
                required
                autofocus=is_wrong
            />
            <div id="confirm-typed-note" role=is_wrong.then_some("alert")>
                {note}
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::keep::is_confirmed;

    use super::*;

    #[test]
    fn the_words_of_each_language_confirm() {
        for n in [1, 2, 50] {
            for locale in [Locale::en, Locale::zh_CN] {
                let words = say!(locale, trash.confirm.words, n);
                assert!(is_confirmed(&words, n), "{words}");
                assert!(words.chars().count() <= TYPED);
            }
        }
    }
}
