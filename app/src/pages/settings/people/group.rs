//! The group that is open beside the list.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    ids::AppId,
    people::{GroupView, Member},
    user::GroupName,
};

use super::{
    address::Address,
    grant::{Of, grants},
    groups::{bad_name, origin},
};
use crate::{
    components::{ErrorNote, FieldNote, Glyph, action_form, close_link, hidden, icon_form},
    error::ApiError,
    form::{failed, typed},
    i18n::Locale,
    server_fns::{AddGrant, AddMember, DeleteGroup, RemoveGrant, RemoveMember, RenameGroup},
    this_page::locale,
    words,
};

/// The panel of a group.
pub fn group(
    of: &GroupView,
    apps: &[(AppId, String)],
    here: &Address,
    may_change: bool,
) -> impl IntoView + use<> {
    let locale = locale();
    let id = of.id.to_string();
    view! {
        <section class="inspector scroll" id="detail" tabindex="-1" aria-labelledby="group-h">
            <header>
                <div>
                    // Receives the focus when the focused element is removed (see `morph.js`).
                    <h1 id="group-h" tabindex="-1" data-focus="">
                        {of.name.as_str().to_owned()}
                    </h1>
                    <small>{origin(locale, of)}</small>
                </div>
                {close_link(here.opening(""), say!(locale, common.action.close))}
            </header>
            {errors().map(|error| view! { <section><ErrorNote error=error /></section> })}
            <section aria-labelledby="group-reach-h">
                <h2 id="group-reach-h">{say!(locale, common.word.reaches)}</h2>
                {grants(&of.grants, Of("group", &id), apps, may_change)}
            </section>
            {members(locale, of, may_change)}
            {may_change.then(|| (rename(locale, of), delete(locale, &id)))}
        </section>
    }
}

/// The error of a form that has no field to show it at.
fn errors() -> Option<ApiError> {
    let all = [
        failed::<AddGrant>(),
        failed::<AddMember>(),
        failed::<RenameGroup>(),
        failed::<DeleteGroup>(),
        failed::<RemoveGrant>(),
        failed::<RemoveMember>(),
    ];
    let mut all = all.into_iter().flatten();
    all.find_map(ApiError::of_no_field)
}

/// The members, and a form that adds one, unless they come from single sign-on.
fn members(locale: Locale, of: &GroupView, may_change: bool) -> impl IntoView + use<> {
    let id = of.id.to_string();
    let may_change = may_change && of.claim.is_none();
    let lines = of.members.iter();
    let lines = lines.map(|member| line(locale, member, &id, may_change));
    let list = if of.members.is_empty() {
        view! { <p class="muted">{say!(locale, people.group.no_members)}</p> }.into_any()
    } else {
        view! { <ul class="lines">{lines.collect_view()}</ul> }.into_any()
    };
    let by_claim = of.claim.is_some().then(|| {
        view! { <p class="hint">{say!(locale, people.group.by_claim)}</p> }
    });
    let join = may_change.then(|| {
        let error = failed::<AddMember>();
        let wrong = bad_name(locale, error.as_ref());
        let typed = typed::<AddMember>("name");
        let label = say!(locale, common.word.user_id);
        view! {
            <form method="post" action=AddMember::url() class="join">
                <input type="hidden" name="id" value=id.clone() />
                <div class="field">
                    <input
                        class="input mono"
                        name="name"
                        value=typed.unwrap_or_default()
                        placeholder=label
                        aria-label=label
                        aria-describedby="member-note"
                        aria-invalid=wrong.map(|_| "true")
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck="false"
                        required
                    />
                    <FieldNote id="member-note" wrong=wrong />
                </div>
                <button class="btn">{say!(locale, people.group.add_member)}</button>
            </form>
        }
    });
    view! {
        <section aria-labelledby="members-h">
            <h2 id="members-h">
                {say!(locale, people.title)} <span>{of.members.len()}</span>
            </h2>
            {list}
            {by_claim}
            {join}
        </section>
    }
}

fn line(locale: Locale, of: &Member, group: &str, may_change: bool) -> impl IntoView + use<> {
    let name = of.name.as_str();
    let (called, user_id) = of.person.with_id(name);
    let called = called.to_owned();
    let user_id = user_id.map(|id| {
        view! { <small><span class="mono">{id.to_owned()}</span></small> }
    });
    let remove = may_change.then(|| {
        let word = say!(locale, people.group.remove_member, name);
        let fields = hidden([("id", group), ("user", &*of.id.to_string())]);
        icon_form::<RemoveMember>(fields, Glyph::X, word)
    });
    view! {
        // Its id keeps a morph from turning it, with the focus in it, into the line of another member.
        <li id=format!("member-{}", of.id)>
            <span class="what">
                <span class="av" aria-hidden="true">{words::initials(name)}</span>
                <span>{called} {user_id}</span>
            </span>
            {remove}
        </li>
    }
}

fn rename(locale: Locale, of: &GroupView) -> impl IntoView + use<> {
    let error = failed::<RenameGroup>();
    let wrong = bad_name(locale, error.as_ref());
    let name = typed::<RenameGroup>("name");
    let name = name.unwrap_or_else(|| of.name.as_str().to_owned());
    view! {
        <section>
            <form method="post" action=RenameGroup::url() class="join">
                <input type="hidden" name="id" value=of.id.to_string() />
                <div class="field">
                    <input
                        class="input"
                        name="name"
                        value=name
                        maxlength=GroupName::LONGEST.to_string()
                        aria-label=say!(locale, people.group.name)
                        aria-describedby="rename-note"
                        aria-invalid=wrong.map(|_| "true")
                        autocomplete="off"
                        required
                    />
                    <FieldNote id="rename-note" wrong=wrong />
                </div>
                <button class="btn">{say!(locale, common.action.rename)}</button>
            </form>
        </section>
    }
}

fn delete(locale: Locale, id: &str) -> impl IntoView + use<> {
    let word = say!(locale, people.group.delete);
    view! {
        <section>
            <p class="hint">{say!(locale, people.group.delete_text)}</p>
            {action_form::<DeleteGroup>(id.to_owned(), "btn danger", word)}
        </section>
    }
}
