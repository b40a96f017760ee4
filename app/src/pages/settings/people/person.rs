//! The account that is open beside the list.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    people::{PeopleView, PersonView, SINGLE_SIGN_ON},
    user::{PersonName, Role},
};

use super::{
    address::Address,
    fields::{right_fields, role_field},
    grant::{Of, grants},
    link::once,
    memberships::memberships,
    signing_in::{sessions, signing_in},
};
use crate::{
    components::{
        Banner, ErrorNote, FieldNote, Glyph, Icon, Tone, close_link, hidden, icon_link, post_form,
        time, way_on,
    },
    error::ApiError,
    form::{failed, typed, yes},
    i18n::{Locale, td},
    pages::settings::form::saved,
    server_fns::{
        AddGrant, AddMember, ChangePerson, DisablePerson, EndSessionsOf, MakeLink, RemoveGrant,
        RemoveMember, ResetSecondFactor,
    },
    this_page::locale,
    words,
};

/// The panel of an account.
pub fn person(of: &PersonView, all: &PeopleView, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let id = of.row.id.to_string();
    let may_change = all.may_change;
    let reach = match of.row.role {
        Role::Admin => Some(say!(locale, people.grant.admin)),
        Role::Auditor => Some(say!(locale, people.grant.auditor)),
        Role::Viewer | Role::Operator => None,
    };
    let takes_password = !all.passwords_off || of.is_break_glass;
    let (rooms, all_rooms) = (of.rooms, of.all_rooms);
    view! {
        <section class="inspector scroll" id="detail" tabindex="-1" aria-labelledby="person-h">
            {head(locale, of, here)}
            {once(locale, of, here)}
            {errors().map(|error| view! { <section><ErrorNote error=error /></section> })}
            {of.is_last_admin.then(|| last_admin(locale, of, all, here))}
            {(of.is_break_glass && !of.is_last_admin).then(|| break_glass(locale, of))}
            {disabled(locale, of)}
            {form(locale, of, may_change)}
            <section aria-labelledby="reach-h">
                <h2 id="reach-h">
                    {say!(locale, common.word.reaches)}
                    <span>{say!(locale, people.grant.sum, rooms, all = all_rooms)}</span>
                </h2>
                {reach.map(|text| view! { <p class="hint">{text}</p> })}
                {grants(&of.row.grants, Of("user", &id), &all.apps, may_change)}
            </section>
            {memberships(locale, of, &all.groups, may_change)}
            {signing_in(locale, of, may_change, takes_password)}
            {sessions(locale, of, may_change)}
            {may_change.then(|| foot(locale, of))}
        </section>
    }
}

/// The error of a form that has no field to show it at.
fn errors() -> Option<ApiError> {
    let of_fields = failed::<ChangePerson>().or_else(failed::<AddGrant>);
    of_fields
        .and_then(ApiError::of_no_field)
        .or_else(failed::<AddMember>)
        .or_else(failed::<DisablePerson>)
        .or_else(failed::<EndSessionsOf>)
        .or_else(failed::<MakeLink>)
        .or_else(failed::<RemoveGrant>)
        .or_else(failed::<RemoveMember>)
        .or_else(failed::<ResetSecondFactor>)
}

fn head(locale: Locale, of: &PersonView, here: &Address) -> impl IntoView + use<> {
    let row = &of.row;
    let (called, user_id) = row.person.with_id(&row.name);
    let called = called.to_owned();
    let user_id = user_id.map(|id| view! { <span class="mono">{id.to_owned()}</span> " · " });
    let seen = match row.last_seen_at {
        _ if of.is_own => say!(locale, people.person.you).into_any(),
        Some(at) => td!(locale, people.person.seen, time = time(at)).into_any(),
        None => say!(locale, people.person.never_seen).into_any(),
    };
    let time = time(of.created_at);
    let added = match of.created_by.clone() {
        none if none.is_empty() => td!(locale, people.person.added, time).into_any(),
        name => {
            let name = if name == SINGLE_SIGN_ON {
                say!(locale, people.person.single_sign_on).to_owned()
            } else {
                name
            };
            td!(locale, people.person.added_by, time, name).into_any()
        }
    };
    view! {
        <header>
            <span class="av lg" aria-hidden="true">{words::initials(&row.name)}</span>
            <div>
                // Receives the focus when the focused element is removed (see `morph.js`).
                <h1 id="person-h" tabindex="-1" data-focus="">
                    {called}
                </h1>
                <small>{user_id} {seen} " · " {added}</small>
            </div>
            {close_link(here.opening(""), say!(locale, common.action.close))}
        </header>
    }
}

/// Why the role of the last administrator is fixed, and the way out.
fn last_admin(
    locale: Locale,
    of: &PersonView,
    all: &PeopleView,
    here: &Address,
) -> impl IntoView + use<> {
    let name = of.row.name.as_str();
    let add = all.may_add().then(|| {
        let add = format!("{}&role=admin", here.adding());
        view! {
            <div class="btns">
                {icon_link("btn", add, Glyph::Plus, say!(locale, people.last.add))}
            </div>
        }
    });
    view! {
        <section>
            <Banner tone=Tone::Wait title=say!(locale, people.last.title, name)>
                <p>{say!(locale, people.last.text)}</p>
                <p>{say!(locale, people.last.first)}</p>
                {add}
            </Banner>
        </section>
    }
}

/// Why the role of the break-glass account is fixed, and the way out.
fn break_glass(locale: Locale, of: &PersonView) -> impl IntoView + use<> {
    let rules = "/settings/sign-in".to_owned();
    let name = of.row.name.as_str();
    view! {
        <section>
            <Banner tone=Tone::Wait title=say!(locale, people.break_glass.title, name)>
                <p>{say!(locale, people.break_glass.text)}</p>
                {way_on("btn", rules, say!(locale, people.break_glass.rules))}
            </Banner>
        </section>
    }
}

/// A note that the account is disabled.
fn disabled(locale: Locale, of: &PersonView) -> Option<impl IntoView + use<>> {
    of.row.disabled_at.map(|at| {
        let time = time(at);
        view! {
            <section>
                <p class="status-w" data-tone="plain">
                    <Icon glyph=Glyph::Ban />
                    <span>{td!(locale, people.person.is_disabled, time)}</span>
                </p>
                <p class="hint">{say!(locale, people.person.is_disabled_text)}</p>
            </section>
        }
    })
}

/// The person's name, the role and the rights: a form if the reader may change them. The button that saves
/// them is at the foot of the panel.
fn form(locale: Locale, of: &PersonView, may_change: bool) -> AnyView {
    let error = failed::<ChangePerson>();
    let wrong = |field| error.as_ref().and_then(|one| one.problem_of(field));
    let name = typed::<ChangePerson>("person");
    let name = name.unwrap_or_else(|| of.row.person.as_str().to_owned());
    let bad = wrong("person").map(|_| say!(locale, people.person.bad_person));
    let locked = (of.must_stay() || wrong("role").is_some()).then(|| {
        let word = if of.is_break_glass {
            say!(locale, people.role.locked_break_glass)
        } else {
            say!(locale, people.role.locked)
        };
        view! { <p class="hint">{word}</p> }
    });
    let is_fixed = !may_change || of.must_stay();
    let fields = view! {
        <section>
            <label class="label" for="person-name">
                {say!(locale, people.person.name)}
                <span class="opt">{say!(locale, people.person.name_hint)}</span>
            </label>
            <input
                class="input"
                id="person-name"
                name="person"
                value=name
                maxlength=PersonName::LONGEST.to_string()
                autocomplete="off"
                disabled=!may_change
                aria-describedby="person-note"
                aria-invalid=bad.map(|_| "true")
            />
            <FieldNote id="person-note" wrong=bad />
        </section>
        <section>
            <h2>{say!(locale, common.word.role)}</h2>
            {role_field(locale, of.row.role, is_fixed)}
            {locked}
        </section>
        <section>
            <h2>
                {say!(locale, common.word.rights)}
                <span>{say!(locale, people.right.apart)}</span>
            </h2>
            {right_fields(locale, &of.row.rights, !may_change)}
        </section>
    };
    if !may_change {
        return fields.into_any();
    }
    view! {
        <form method="post" action=ChangePerson::url() id="change-person">
            <input type="hidden" name="id" value=of.row.id.to_string() />
            {fields}
        </form>
    }
    .into_any()
}

/// The buttons that disable the account and save its form.
fn foot(locale: Locale, of: &PersonView) -> impl IntoView + use<> {
    let is_disabled = of.row.disabled_at.is_some();
    let (glyph, word, class) = if is_disabled {
        (Glyph::Check, say!(locale, people.person.enable), "btn")
    } else {
        (
            Glyph::Ban,
            say!(locale, people.person.disable),
            "btn danger",
        )
    };
    let disable = (!of.must_stay()).then(|| {
        let id = of.row.id.to_string();
        let fields = hidden([("id", &*id), ("disabled", yes(!is_disabled))]);
        post_form::<DisablePerson>(fields, class, view! { <Icon glyph=glyph /> {word} })
    });
    let ends = if of.is_own {
        say!(locale, people.person.ends_own)
    } else {
        say!(locale, people.person.ends)
    };
    view! {
        <footer>
            {disable}
            {saved("change_person", say!(locale, settings.saved))}
            <button class="btn primary" form="change-person" aria-describedby="ends-hint">
                {say!(locale, common.action.save)}
            </button>
            <p class="hint" id="ends-hint">{ends}</p>
        </footer>
    }
}
