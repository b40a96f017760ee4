//! The type of a recording: a choice among the types of its app.

use leptos::prelude::*;
use reelroom_domain::order;

use crate::{
    i18n::Locale,
    lint_line::{Level, LintLine},
    this_page::locale,
    words,
};

/// The options: the types of the app, and the initial value, whatever its source.
fn choices(kinds: &[String], first: &str) -> Vec<String> {
    let mut choices = kinds.to_vec();
    if order::is_unlisted(kinds, first) {
        choices.push(first.trim().to_owned());
    }
    choices
}

/// The warning about a type that is not among those of its app.
pub fn unlisted_kind(locale: Locale, kinds: &[String], kind: &str) -> Option<String> {
    order::is_unlisted(kinds, kind).then(|| {
        let kinds = words::list(locale, kinds);
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
    let option = |choice: String| {
        let (chosen, word) = (choice == first.trim(), choice.clone());
        view! { <option value=choice selected=chosen>{word}</option> }
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
            <select
                class="select mono"
                id="kind"
                name="kind"
                aria-describedby="kind-hint kind-wrong"
                aria-invalid=move || wrong.get().then_some("true")
                autofocus=wrong.get_untracked()
                on:change:target=move |event| kind.set(event.target().value())
            >
                {choices(kinds, first).into_iter().map(option).collect_view()}
            </select>
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
    fn the_types_of_the_app_and_what_the_form_holds_can_be_chosen() {
        let list = |kinds: &[&str], first| {
            let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
            choices(&kinds, first)
        };
        assert_eq!(list(&["Meet"], "Meet"), ["Meet"]);
        assert_eq!(list(&["Meet"], " Other "), ["Meet", "Other"]);
        assert_eq!(list(&["Meet", "Live"], "Live"), ["Meet", "Live"]);
        assert_eq!(list(&["Meet", "Live"], ""), ["Meet", "Live"]);
    }
}
