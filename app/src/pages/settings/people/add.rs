//! The form for a new account.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    access::{Right, Rights},
    people::PeopleView,
    user::{PersonName, Role},
};
use strum::VariantArray;

use super::{
    address::Address,
    fields::{right_fields, role_field},
    grant,
};
use crate::{
    components::{Banner, InputField, NameField, Tone, close_link, form_error, way_on},
    error::ApiError,
    form::failed,
    i18n::Locale,
    query::Query,
    server_fns::AddPerson,
    this_page::locale,
};

/// The panel with the form. After an error it keeps what was typed.
pub fn add(all: &PeopleView, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let error = failed::<AddPerson>();
    let query: Query = expect_context();
    let role = Role::parse(query.get("role")).unwrap_or(Role::Viewer);
    let typed = Right::VARIANTS.iter().copied();
    let typed: Rights = typed
        .filter(|right| !query.get(right.as_str()).is_empty())
        .collect();
    let rights = match &error {
        Some(_) => typed,
        None => Rights::from_iter([Right::Download]),
    };
    let close = here.opening("");
    // Without Turbo: the page that follows shows the link, which a morph would keep.
    view! {
        <section class="inspector scroll" id="detail" tabindex="-1" aria-labelledby="add-h">
            <form method="post" action=AddPerson::url() data-turbo="false">
                {head(locale, close.clone())}
                {form_error::<AddPerson>().map(|note| view! { <section>{note}</section> })}
                <section>
                    <p class="soft">{say!(locale, people.form.lead)}</p>
                    {names(locale, &query, error.as_ref())}
                </section>
                <section>
                    <h2>{say!(locale, common.word.role)}</h2>
                    {role_field(locale, role, false)}
                </section>
                <section>
                    <h2>{say!(locale, common.word.reaches)}</h2>
                    <div class="addg">
                        {grant::fields(locale, &all.apps, error.as_ref(), true)}
                    </div>
                    {groups(locale, all, query.get("group"))}
                </section>
                <section>
                    <h2>{say!(locale, common.word.rights)}</h2>
                    {right_fields(locale, &rights, false)}
                </section>
                <footer>
                    <a class="btn" href=close>{say!(locale, common.action.cancel)}</a>
                    <button class="btn primary">{say!(locale, people.form.submit)}</button>
                </footer>
            </form>
        </section>
    }
}

/// The panel while passwords are off: how people get an account without the link of a form.
pub fn no_add(here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let message = if let Some(note) = form_error::<AddPerson>() {
        note.into_any()
    } else {
        let title = say!(locale, people.once.passwords_off);
        let rules = "/settings/sign-in".to_owned();
        view! {
            <Banner tone=Tone::Wait title=title>
                <p>{say!(locale, people.form.passwords_off)}</p>
                {way_on("btn", rules, say!(locale, people.break_glass.rules))}
            </Banner>
        }
        .into_any()
    };
    view! {
        <section class="inspector scroll" id="detail" tabindex="-1" aria-labelledby="add-h">
            {head(locale, here.opening(""))}
            <section>{message}</section>
        </section>
    }
}

/// The head of the panel, with the link that closes it.
fn head(locale: Locale, close: String) -> impl IntoView {
    view! {
        <header>
            <div>
                <h1 id="add-h" tabindex="-1" data-focus="">{say!(locale, people.add)}</h1>
            </div>
            {close_link(close, say!(locale, common.action.close))}
        </header>
    }
}

/// The sign-in name and the person's name.
fn names(locale: Locale, query: &Query, error: Option<&ApiError>) -> impl IntoView + use<> {
    let wrong = |field| error.and_then(|error| error.problem_of(field));
    let bad_name = wrong("name").map(|code| match code {
        "taken" => say!(locale, people.person.taken),
        _ => say!(locale, people.person.bad_name),
    });
    let bad_person = wrong("person").map(|_| say!(locale, people.person.bad_person));
    view! {
        <NameField
            id="new-name"
            value=query.get("name").to_owned()
            wrong=bad_name
            hint=Some(say!(locale, people.person.id_hint))
            of_other=true
            autofocus=true
        />
        <InputField
            id="new-person"
            name="person"
            label=say!(locale, people.person.name)
            aside=say!(locale, people.person.name_hint)
            value=query.get("person")
            wrong=bad_person
            longest=PersonName::LONGEST
        />
    }
}

/// The choice of a first group whose members are chosen by hand; nothing if there is none.
fn groups(locale: Locale, all: &PeopleView, chosen: &str) -> Option<impl IntoView + use<>> {
    let by_hand = all.groups.iter().filter(|group| group.claim.is_none());
    let options: Vec<_> = by_hand
        .map(|group| {
            let id = group.id.to_string();
            let selected = id == chosen;
            let name = group.name.as_str().to_owned();
            view! { <option value=id selected=selected>{name}</option> }
        })
        .collect();
    (!options.is_empty()).then(|| {
        view! {
            <label class="field">
                <span class="label">{say!(locale, common.word.group)}</span>
                <select class="select" name="group">
                    <option value="">{say!(locale, people.form.no_group)}</option>
                    {options}
                </select>
            </label>
        }
    })
}
