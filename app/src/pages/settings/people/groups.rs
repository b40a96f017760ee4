//! The tab of the groups.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    people::{GroupView, PeopleView},
    user::GroupName,
};

use super::{address::Address, grant::tag};
use crate::{
    components::{Empty, Glyph, InputField, form_error},
    error::ApiError,
    form::{failed, typed},
    i18n::{Locale, td},
    server_fns::AddGroup,
    this_page::locale,
    words,
};

/// The groups, and the form that adds one.
pub fn groups(of: &PeopleView, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let table = if of.groups.is_empty() {
        let title = say!(locale, people.group.none);
        let text = say!(locale, people.group.none_text);
        view! { <Empty glyph=Glyph::Users title=title text=text /> }.into_any()
    } else {
        let rows = of.groups.iter().map(|group| row(locale, group, here));
        view! {
            <table class="table grp" aria-label=say!(locale, common.word.groups)>
                <thead>
                    <tr>
                        <th>{say!(locale, common.word.group)}</th>
                        <th>{say!(locale, people.title)}</th>
                        <th>{say!(locale, common.word.reaches)}</th>
                        <th class="r">{say!(locale, people.group.rooms_today)}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        {table}
        <p class="hint below">{say!(locale, people.group.text)}</p>
        {of.may_change.then(|| form(locale))}
    }
}

fn row(locale: Locale, of: &GroupView, here: &Address) -> impl IntoView + use<> {
    const FACES: usize = 4;
    let id = of.id.to_string();
    let is_open = here.open == id;
    let faces = of.members.iter().take(FACES).map(|member| {
        let title = member.name.clone();
        view! {
            <span class="av" title=title aria-hidden="true">{words::initials(&member.name)}</span>
        }
    });
    let tags = of.grants.iter().map(|line| tag(locale, line));
    view! {
        <tr aria-selected=is_open.then_some("true")>
            <td class="c-group">
                <a
                    class="ent"
                    href=here.opening(&id)
                    aria-current=is_open.then_some("true")
                    data-walk=""
                >
                    <b>{of.name.as_str().to_owned()}</b>
                    <small>{origin(locale, of)}</small>
                </a>
            </td>
            <td class="c-people">
                <span class="avs">{faces.collect_view()} <span>{of.members.len()}</span></span>
            </td>
            <td class="c-grants"><span class="tags">{tags.collect_view()}</span></td>
            <td class="r num c-rooms">{of.rooms}</td>
        </tr>
    }
}

/// A note whether the members are chosen by hand or by single sign-on.
pub fn origin(locale: Locale, of: &GroupView) -> AnyView {
    match of.claim.clone() {
        None => say!(locale, people.group.by_hand).into_any(),
        Some(claim) => {
            let claim = move || view! { <span class="mono">{claim.clone()}</span> };
            td!(locale, people.group.claim_of, claim).into_any()
        }
    }
}

/// The error at the field `name` of a form about a group.
pub fn bad_name(locale: Locale, error: Option<&ApiError>) -> Option<&'static str> {
    let code = error?.problem_of("name")?;
    Some(match code {
        "group_taken" => say!(locale, people.group.taken),
        "nobody" => say!(locale, people.group.nobody),
        _ => say!(locale, people.group.bad_group),
    })
}

fn form(locale: Locale) -> impl IntoView {
    let error = failed::<AddGroup>();
    let [name, claim] = ["name", "claim"].map(|field| typed::<AddGroup>(field).unwrap_or_default());
    let bad_name = bad_name(locale, error.as_ref());
    let bad_claim = error.as_ref().and_then(|error| error.problem_of("claim"));
    let bad_claim = bad_claim.map(|_| say!(locale, people.group.too_long));
    view! {
        <form method="post" action=AddGroup::url() class="new-group" aria-labelledby="new-group-h">
            <h2 id="new-group-h">{say!(locale, people.group.title)}</h2>
            {form_error::<AddGroup>()}
            <InputField
                id="group-name"
                name="name"
                label=say!(locale, people.group.name)
                value=name
                wrong=bad_name
                longest=GroupName::LONGEST
                required=true
            />
            <InputField
                id="group-claim"
                name="claim"
                label=say!(locale, people.group.claim)
                value=claim
                wrong=bad_claim
                hint=say!(locale, people.group.claim_hint)
                class="input mono"
                longest=200
                literal=true
            />
            <div>
                <button class="btn">{say!(locale, common.action.add)}</button>
            </div>
        </form>
    }
}
