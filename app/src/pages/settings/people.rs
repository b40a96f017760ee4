//! `/settings/people`: the accounts and groups, and the open one beside them. Filters and selection are in the
//! address.

mod add;
mod address;
mod fields;
mod grant;
mod group;
mod groups;
mod link;
mod list;
mod memberships;
mod person;
mod signing_in;

use axum::{Extension, response::Response};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use reelroom_domain::people::{GroupView, PeopleView, PersonView};
use reelroom_service::{Browser, Principal, ServiceError};

use self::{
    add::{add, no_add},
    address::Address,
    group::group,
    groups::groups,
    list::{filters, is_alone, list},
    person::person,
};
use super::nav::{SettingsPage, nav};
use crate::{
    components::{ErrorNote, Glyph, Icon, icon_link},
    error::ApiError,
    i18n::Locale,
    paths,
    server::{HOLDS_SECRET, id_named, status_of},
    this_page::locale,
    visit::{Page, Visit},
};

/// The page of people. It shows the one-time link that this browser has just made, once.
pub async fn people(Extension(browser): Extension<Browser>, visit: Visit) -> Response {
    let here = Address::of(&visit.query);
    let loaded = load(&visit, &browser, &here).await;
    let shows_link = loaded.as_ref().is_ok_and(Loaded::shows_link);
    let (me, service) = (visit.me.clone(), visit.service.clone());
    let mut response = visit
        .answer(loaded, |loaded| page(loaded, &here, &me))
        .await;
    if shows_link {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HOLDS_SECRET);
        if let Ok(cookie) = HeaderValue::from_str(&service.link_cookie(None)) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    response
}

struct Loaded {
    people: PeopleView,
    open: Open,
}

/// The panel beside the list.
enum Open {
    Nothing,
    Adding,
    Person(Box<PersonView>),
    Group(GroupView),
    Failed(ApiError),
}

impl Loaded {
    fn shows_link(&self) -> bool {
        matches!(&self.open, Open::Person(person) if person.link.is_some())
    }
}

async fn load(visit: &Visit, browser: &Browser, here: &Address) -> Result<Loaded, ServiceError> {
    let query = here.query(&visit.reader);
    let people = visit.service.people(&visit.me, &query).await?;
    let open = match here.open.as_str() {
        _ if here.add && people.may_change => Open::Adding,
        "" => Open::Nothing,
        id if here.groups => open_group(&people, id),
        id => open_person(visit, browser, id).await,
    };
    Ok(Loaded { people, open })
}

fn open_group(people: &PeopleView, id: &str) -> Open {
    let mut groups = people.groups.iter();
    let found = groups.find(|group| group.id.to_string() == id);
    found
        .cloned()
        .map_or(Open::Failed(ApiError::NotFound), Open::Group)
}

async fn open_person(visit: &Visit, browser: &Browser, id: &str) -> Open {
    let id = match id_named(id) {
        Ok(id) => id,
        Err(error) => return Open::Failed(error),
    };
    match visit.service.person(&visit.me, browser, id).await {
        Ok(person) => Open::Person(Box::new(person)),
        Err(error) => Open::Failed(error.into()),
    }
}

fn page(loaded: Loaded, here: &Address, me: &Principal) -> Page {
    let locale = locale();
    let Loaded { people: all, open } = loaded;
    let mut status = StatusCode::OK;
    let panel = match open {
        Open::Nothing => ().into_any(),
        Open::Adding if all.passwords_off => no_add(here).into_any(),
        Open::Adding => add(&all, here).into_any(),
        Open::Person(of) => person(&of, &all, here).into_any(),
        Open::Group(of) => group(&of, &all.apps, here, all.may_change).into_any(),
        Open::Failed(error) => {
            status = status_of(&error);
            view! {
                <section class="inspector scroll" id="detail" tabindex="-1">
                    <section>
                        <ErrorNote error=error />
                    </section>
                </section>
            }
            .into_any()
        }
    };
    let title = say!(locale, people.title);
    let content = if here.groups {
        groups(&all, here).into_any()
    } else {
        list(&all, here, &me.name).into_any()
    };
    let filters = (!here.groups).then(|| filters(&all, here));
    let read_only = (!all.may_change).then(|| {
        view! { <p class="hint below">{say!(locale, people.read_only)}</p> }
    });
    let passwords_off = (all.may_change && all.passwords_off && !here.add).then(|| {
        view! { <p class="hint below">{say!(locale, people.form.passwords_off)}</p> }
    });
    let export = all.may_export.then(|| {
        view! {
            <a class="btn quiet" href=paths::EXPORT_PEOPLE data-turbo="false">
                <Icon glyph=Glyph::Export />
                {say!(locale, common.action.export)}
            </a>
        }
    });
    // Else the empty state has it.
    let has_add = all.may_add() && (here.groups || !is_alone(&all));
    let add_button = has_add.then(|| {
        icon_link(
            "btn primary",
            here.adding(),
            Glyph::Plus,
            say!(locale, people.add),
        )
    });
    let main = view! {
        <main
            class="sheet set persons"
            id="content"
            data-page=format!("people:{}:{}:{}", here.groups, here.add, here.open)
            data-list="people"
        >
            {nav(me, SettingsPage::People)}
            <div class="set-p">
                <header class="page-h">
                    <h1 tabindex="-1" data-focus=here.open.is_empty().then_some("")>
                        {title}
                    </h1>
                    <span class="grow muted">{count(locale, &all)}</span>
                    {export}
                    {add_button}
                </header>
                <div class="people-h">
                    {tabs(locale, &all, here)}
                    {filters}
                </div>
                <div class="scroll" data-place=here.opening("") tabindex="-1">
                    {content}
                    {read_only}
                    {passwords_off}
                </div>
            </div>
            {panel}
        </main>
    };
    Page::new(title, main).status(status)
}

/// The number of people whose accounts are enabled, and of those seen today; and of the disabled ones.
fn count(locale: Locale, of: &PeopleView) -> String {
    let (all, today) = (of.enabled, of.seen_today);
    let people = if all == 1 {
        say!(locale, people.count_single, today)
    } else {
        say!(locale, people.count, all, today)
    };
    match of.disabled {
        0 => people,
        n => say!(locale, people.count_disabled, people, n),
    }
}

fn tabs(locale: Locale, of: &PeopleView, here: &Address) -> impl IntoView + use<> {
    let tab = |groups: bool, word: &'static str, number: usize| {
        view! {
            <a
                href=Address::tab(groups)
                aria-current=(here.groups == groups).then_some("page")
            >
                {word}
                <span class="count">{number}</span>
            </a>
        }
    };
    view! {
        <nav class="tabs" aria-label=say!(locale, people.tabs)>
            {tab(false, say!(locale, people.title), of.enabled as usize)}
            {tab(true, say!(locale, common.word.groups), of.groups.len())}
        </nav>
    }
}
