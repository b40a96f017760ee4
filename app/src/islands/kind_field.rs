//! The type of a recording: a choice where the app lists several types, free text otherwise.

use leptos::prelude::*;
use reelroom_domain::order;

use crate::{
    i18n::Locale,
    lint_line::{Level, LintLine},
    this_page::locale,
};

/// The options, including the value sent last, whatever its source; `None` for free text.
fn choices(kinds: &[String], first: &str) -> Option<Vec<String>> {
    let mut choices = kinds.to_vec();
    if choices.len() < 2 {
        return None;
    }
    if !first.trim().is_empty() && !kinds.iter().any(|kind| kind == first) {
        choices.push(first.to_owned());
    }
    Some(choices)
}

/// The warning about a type that is not among those of its app.
pub fn unlisted_kind(locale: Locale, kinds: &[String], kind: &str) -> Option<String> {
    order::is_unlisted(kinds, kind).then(|| {
        let kinds = kinds.join(match locale {
            Locale::en => ", ",
            Locale::zh_CN => "、",
        });
        let kind = kind.trim().to_owned();
        say!(locale, rooms.form.kind_unlisted, kind, kinds)
    })
}

/// The field. `unlisted`: the warning about its value.
pub fn kind_field(
    kinds: &[String],
    first: &str,
    kind: RwSignal<String>,
    wrong: Signal<bool>,
    unlisted: Memo<Option<String>>,
) -> impl IntoView + use<> {
    let locale = locale();
    let field = match choices(kinds, first) {
        Some(choices) => view! {
            <select
                class="select mono"
                id="kind"
                name="kind"
                aria-describedby="kind-hint kind-wrong"
                aria-invalid=move || wrong.get().then_some("true")
                autofocus=wrong.get_untracked()
                on:change:target=move |event| kind.set(event.target().value())
            >
                {choices
                    .into_iter()
                    .map(|choice| {
                        let (chosen, word) = (choice == first, choice.clone());
                        view! { <option value=choice selected=chosen>{word}</option> }
                    })
                    .collect_view()}
            </select>
        }
        .into_any(),
        None => view! {
            <input
                class="input mono"
                id="kind"
                name="kind"
                value=first.to_owned()
                autocomplete="off"
                spellcheck="false"
                aria-describedby="kind-hint kind-wrong"
                aria-invalid=move || wrong.get().then_some("true")
                autofocus=wrong.get_untracked()
                on:input:target=move |event| kind.set(event.target().value())
            />
        }
        .into_any(),
    };
    let note = move || {
        let wrong = (wrong.get()).then(|| say!(locale, rooms.form.kind_wrong).to_owned());
        let wrong = wrong.map(|text| (Level::Error, text));
        let note = wrong.or_else(|| unlisted.get().map(|text| (Level::Warn, text)));
        note.map(|(level, text)| view! { <LintLine level=level>{text}</LintLine> })
    };
    view! {
        <div class="field">
            <label class="label" for="kind">{say!(locale, rooms.form.kind)}</label>
            {field}
            <p class="hint" id="kind-hint">{say!(locale, rooms.form.kind_hint)}</p>
            <div id="kind-wrong" aria-live="polite">{note}</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_that_the_app_does_not_list_gets_a_warning() {
        let kinds = ["Meet".to_owned(), "Live".to_owned()];
        assert_eq!(unlisted_kind(Locale::en, &kinds, "Live"), None);
        assert_eq!(
            unlisted_kind(Locale::en, &kinds, " Foo ").unwrap(),
            "anyRTC may refuse the type Foo: this app lists Meet, Live."
        );
        let said = unlisted_kind(Locale::zh_CN, &kinds, "Foo").unwrap();
        assert!(said.contains("Meet、Live"), "{said}");
    }

    #[test]
    fn what_was_sent_last_can_be_chosen_again() {
        let list = |kinds: &[&str], first| {
            let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
            choices(&kinds, first)
        };
        assert_eq!(list(&["Meet"], "Other"), None);
        assert_eq!(list(&["Meet", "Live"], "Live").unwrap(), ["Meet", "Live"]);
        assert_eq!(
            list(&["Meet", "Live"], "P2P").unwrap(),
            ["Meet", "Live", "P2P"]
        );
        assert_eq!(list(&["Meet", "Live"], "").unwrap(), ["Meet", "Live"]);
    }
}
