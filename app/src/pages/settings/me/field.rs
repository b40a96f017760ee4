//! Parts of the page's forms.

use leptos::prelude::*;

use crate::{
    components::FieldNote,
    i18n::Locale,
    lint_line::{Level, LintLine},
    query::Query,
    words,
};

/// The message that the form of this name was accepted.
pub fn saved(name: &str, text: &'static str) -> impl IntoView + use<> {
    let query: Query = expect_context();
    let is_saved = query.get("saved") == name;
    view! {
        <div class="said" role="status">
            {is_saved.then(|| view! { <LintLine level=Level::Ok>{text}</LintLine> })}
        </div>
    }
}

/// The message for an invalid field.
pub fn sentence(locale: Locale, code: &str) -> Option<&'static str> {
    match code {
        "wrong_password" => Some(say!(locale, me.password.wrong)),
        "differs" => Some(say!(locale, me.password.differs)),
        _ => words::bad_password(locale, code),
    }
}

/// A field for a password; a new one follows the rules in `#new-hint`.
#[component]
pub fn PasswordField(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    /// Its error.
    wrong: Option<&'static str>,
    #[prop(default = "field")] class: &'static str,
    #[prop(optional)] is_new: bool,
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
                autofocus=wrong.is_some()
                required
            />
            <FieldNote id=note wrong=wrong />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_problem_has_its_sentence() {
        for code in ["wrong_password", "short", "differs"] {
            assert!(sentence(Locale::en, code).is_some(), "{code}");
        }
        assert_eq!(sentence(Locale::zh_CN, "else"), None);
    }
}
