//! The list of people, and its filters.

use leptos::prelude::*;
use reelroom_domain::{
    access::Right,
    people::{GrantLine, PeopleView, PersonRow},
    user::Role,
};
use strum::VariantArray;

use super::{address::Address, grant::tag};
use crate::{
    components::{Empty, Glyph, Icon, SearchForm, Time, icon_link, switch},
    i18n::Locale,
    reader::Reader,
    this_page::locale,
    words,
};

/// The search field and the filters.
pub fn filters(of: &PeopleView, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let option = |value: &str, word: String, chosen: &str| {
        let selected = value == chosen;
        view! { <option value=value.to_owned() selected=selected>{word}</option> }
    };
    let roles = Role::VARIANTS.iter().rev();
    let roles = roles
        .map(|role| {
            option(
                role.as_str(),
                words::role(locale, *role).to_owned(),
                &here.role,
            )
        })
        .collect_view();
    let rights = Right::VARIANTS.iter();
    let rights = rights
        .map(|right| {
            let word = words::right_label(locale, *right).0.to_owned();
            option(right.as_str(), word, &here.right)
        })
        .collect_view();
    let groups = of.groups.iter().map(|group| {
        let id = group.id.to_string();
        option(&id, group.name.as_str().to_owned(), &here.group)
    });
    let groups = groups.collect_view();
    let by_group = (!of.groups.is_empty()).then(|| {
        view! {
            <select class="input" name="in_group" aria-label=say!(locale, common.word.groups)>
                <option value="">{say!(locale, people.all_groups)}</option>
                {groups}
            </select>
        }
    });
    let label = say!(locale, people.find);
    let (with_disabled, kept) = (here.disabled, here.kept());
    view! {
        <SearchForm action="/settings/people" label=label search=here.search.clone()>
            <select class="input" name="with_role" aria-label=say!(locale, common.word.role)>
                <option value="">{say!(locale, people.all_roles)}</option>
                {roles}
            </select>
            <select class="input" name="with_right" aria-label=say!(locale, common.word.rights)>
                <option value="">{say!(locale, people.all_rights)}</option>
                {rights}
            </select>
            {by_group}
            {switch("disabled", with_disabled, say!(locale, people.show_disabled))}
            {kept}
        </SearchForm>
    }
}

/// A page of the people who match the filter; `own` is the sign-in name of the reader.
pub fn list(of: &PeopleView, here: &Address, own: &str) -> impl IntoView + use<> {
    let reader = Reader::expect();
    let locale = reader.locale;
    if of.found == 0 {
        let (title, disabled) = if of.left_out > 0 {
            let word = say!(locale, people.show_disabled);
            let link = view! { <a class="btn" href=here.with_disabled()>{word}</a> };
            (say!(locale, people.only_disabled), Some(link))
        } else {
            (say!(locale, people.none), None)
        };
        return view! {
            <Empty glyph=Glyph::Search title=title>
                <div class="btns">
                    {disabled}
                    <a class="btn" href=Address::tab(false)>{say!(locale, common.action.clear_filters)}</a>
                </div>
            </Empty>
        }
        .into_any();
    }
    let zone = words::offset_name(reader.zone.offset(reader.now));
    let (n, found) = (of.rows.len(), of.found);
    let shown = say!(locale, people.shown, n, found, zone);
    let link = |class: &'static str, after: &str, word: &'static str| {
        view! { <a class=class href=here.page(after) data-walk="">{word}</a> }
    };
    let first = !here.after.is_empty();
    let first = first.then(|| link("btn quiet", "", say!(locale, common.action.to_beginning)));
    let next = of.next.map(|last| {
        link(
            "btn",
            &last.to_string(),
            say!(locale, common.action.load_more),
        )
    });
    let rows = of.rows.iter().map(|of| row(locale, of, here, own));
    view! {
        <table class="table ppl" aria-label=say!(locale, people.title)>
            <thead>
                <tr>
                    <th>{say!(locale, common.word.person)}</th>
                    <th class="c-role">{say!(locale, common.word.role)}</th>
                    <th class="c-rights">{say!(locale, common.word.rights)}</th>
                    <th class="c-grants">{say!(locale, common.word.reaches)}</th>
                    <th class="c-groups">{say!(locale, common.word.groups)}</th>
                    <th class="c-seen">{say!(locale, people.table.seen)}</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
        <nav class="pager" aria-label=say!(locale, library.pages)>
            <span>{shown}</span>
            {first}
            {next}
        </nav>
        {is_alone(of).then(|| alone(locale, of.may_add(), here))}
    }
    .into_any()
}

/// Whether the list shows the only account that there is.
pub const fn is_alone(of: &PeopleView) -> bool {
    of.enabled + of.disabled == 1 && of.found == 1
}

/// The empty state below the reader's own row.
fn alone(locale: Locale, may_add: bool, here: &Address) -> AnyView {
    let title = say!(locale, people.alone);
    if !may_add {
        return view! { <Empty glyph=Glyph::Users title=title /> }.into_any();
    }
    let add = here.adding();
    view! {
        <Empty glyph=Glyph::Users title=title text=say!(locale, people.alone_text)>
            <div class="btns">
                {icon_link("btn primary", add, Glyph::Plus, say!(locale, people.add))}
            </div>
        </Empty>
    }
    .into_any()
}

fn row(locale: Locale, of: &PersonRow, here: &Address, own: &str) -> impl IntoView + use<> {
    let id = of.id.to_string();
    let is_open = here.open == id;
    let (called, user_id) = of.person.with_id(&of.name);
    let called = called.to_owned();
    let user_id = user_id.map(|id| view! { <span class="mono">{id.to_owned()}</span> });
    let dot = user_id.is_some().then_some(" · ");
    let dash = || view! { <span class="muted">"–"</span> };
    let role = words::role(locale, of.role);
    let rights = match words::rights(locale, &of.rights) {
        none if none.is_empty() => dash().into_any(),
        rights => rights.into_any(),
    };
    let groups: Vec<&str> = of.groups.iter().map(|group| group.name.as_str()).collect();
    let groups = match &groups[..] {
        [] => dash().into_any(),
        groups => words::list(locale, groups).into_any(),
    };
    view! {
        <tr class=of.disabled_at.map(|_| "off") aria-selected=is_open.then_some("true")>
            <td class="c-person">
                <a
                    class="ent"
                    href=here.opening(&id)
                    aria-current=is_open.then_some("true")
                    data-walk=""
                >
                    <span class="av" aria-hidden="true">{words::initials(&of.name)}</span>
                    <b>{called}</b>
                    <small>{user_id} <span class="phone-sub">{dot} {role}</span></small>
                </a>
            </td>
            <td class="c-role">{role}</td>
            <td class="c-rights">{rights}</td>
            <td class="c-grants">{reaches(locale, of.role, &of.grants)}</td>
            <td class="c-groups">{groups}</td>
            <td class="c-seen">{seen(locale, of, of.name == own)}</td>
        </tr>
    }
}

/// The grants as tags.
fn reaches(locale: Locale, role: Role, grants: &[GrantLine]) -> AnyView {
    const SHOWN: usize = 3;
    // An auditor sees every room even without grants; they add pictures and sound.
    if matches!(role, Role::Admin | Role::Auditor) {
        let every = say!(locale, people.table.every_room);
        return view! { <span class="soft">{every}</span> }.into_any();
    }
    if grants.is_empty() {
        let nothing = say!(locale, common.word.none);
        return view! { <span class="muted">{nothing}</span> }.into_any();
    }
    let more = grants.len().saturating_sub(SHOWN);
    let more = (more > 0).then(|| view! { <span class="muted">{format!("+{more}")}</span> });
    let tags = grants.iter().take(SHOWN).map(|line| tag(locale, line));
    view! { <span class="tags">{tags.collect_view()} {more}</span> }.into_any()
}

/// When a person was last seen, or why not.
fn seen(locale: Locale, of: &PersonRow, is_own: bool) -> AnyView {
    let status = |tone: &'static str, glyph: Glyph, word: &'static str| {
        view! {
            <span class="status-w" data-tone=tone>
                <Icon glyph=glyph />
                {word}
            </span>
        }
        .into_any()
    };
    if of.disabled_at.is_some() {
        return status("plain", Glyph::Ban, say!(locale, people.table.disabled));
    }
    if of.link_until.is_some() {
        let word = say!(locale, people.table.link_open);
        return status("wait", Glyph::Hourglass, word);
    }
    let comma = match locale {
        Locale::en => ", ",
        Locale::zh_CN => "，",
    };
    let you = is_own.then(|| format!("{comma}{}", say!(locale, people.table.you)));
    match of.last_seen_at {
        Some(at) => view! { <span class="muted"><Time at=at /> {you}</span> }.into_any(),
        None => view! { <span class="muted">{say!(locale, common.word.never)}</span> }.into_any(),
    }
}
