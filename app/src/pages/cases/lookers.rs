//! The people and groups that may look at a case, and the form that adds one.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{case::CaseView, time::Timestamp, user::Holder, visible::visible_line};

use super::list::LONGEST;
use crate::{
    components::{Glyph, Icon, InputField, fold_title, hidden, icon_form, time},
    form::{failed, typed},
    i18n::{Locale, td},
    server_fns::{EndLook, LetLook},
};

/// The longest name of an account or a group that is typed, in characters.
const TYPED: usize = 80;

/// The people and groups that may look.
pub fn lookers(locale: Locale, view: &CaseView) -> impl IntoView + use<> {
    let case = view.case.id.to_string();
    let lines = view.lookers.iter().map(|(looker, name, at)| {
        let end = view.may_change.then(|| end(locale, &case, *looker, name));
        line(locale, *looker, name, *at, end)
    });
    let lines: Vec<_> = lines.collect();
    let nobody = lines.is_empty().then(|| {
        view! { <p class="muted">{say!(locale, cases.nobody)}</p> }
    });
    let n = (!lines.is_empty()).then(|| view! { <span>{lines.len()}</span> });
    let add = view.may_change.then(|| add(locale, case.clone()));
    view! {
        <section aria-labelledby="lookers-h">
            <h2 id="lookers-h">{say!(locale, cases.lookers)} {n}</h2>
            {nobody}
            <ul class="lines">{lines}</ul>
            {add}
        </section>
    }
}

fn line(
    locale: Locale,
    looker: Holder,
    name: &str,
    at: Timestamp,
    end: Option<AnyView>,
) -> impl IntoView + use<> {
    let glyph = match looker {
        Holder::User(_) => Glyph::User,
        Holder::Group(_) => Glyph::Users,
    };
    let time = time(at);
    view! {
        <li>
            <span class="ent">
                <Icon glyph=glyph />
                <b>{visible_line(name, LONGEST)}</b>
                <small>{td!(locale, cases.since_at, time)}</small>
            </span>
            {end}
        </li>
    }
}

/// The button that removes a person or a group.
fn end(locale: Locale, case: &str, looker: Holder, name: &str) -> AnyView {
    let (of, holder) = match looker {
        Holder::User(id) => ("user", id.to_string()),
        Holder::Group(id) => ("group", id.to_string()),
    };
    let word = say!(
        locale,
        common.action.remove_named,
        name = visible_line(name, LONGEST)
    );
    let fields = hidden([("id", case), ("of", of), ("holder", &*holder)]);
    icon_form::<EndLook>(fields, Glyph::X, word).into_any()
}

fn add(locale: Locale, case: String) -> impl IntoView {
    let error = failed::<LetLook>();
    let is_wrong = error.is_some_and(|error| error.is_about("looker"));
    let wrong = is_wrong.then(|| say!(locale, cases.wrong.looker));
    let typed = typed::<LetLook>("name");
    view! {
        <details class="fold" open=is_wrong>
            {fold_title(say!(locale, cases.let_look))}
            <form method="post" action=LetLook::url() data-closes="">
                <input type="hidden" name="id" value=case />
                <InputField
                    id="looker"
                    name="name"
                    label=say!(locale, cases.looker)
                    value=typed.unwrap_or_default()
                    wrong=wrong
                    hint=say!(locale, cases.looker_hint)
                    longest=TYPED
                    literal=true
                    required=true
                />
                <button class="btn">{say!(locale, cases.let_submit)}</button>
            </form>
        </details>
    }
}
