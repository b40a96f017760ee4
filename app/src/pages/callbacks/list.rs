//! The list of calls: tabs, filters, rows.

use leptos::prelude::*;
use reelroom_domain::inbox::{Inbox, InboxOnly, InboxTab};

use super::{address::Address, msg::Msg};
use crate::{
    components::{Empty, Glyph, Icon, SearchForm},
    i18n::Locale,
    this_page::locale,
};

/// The list with its tabs, and links to its other pages.
#[component]
pub fn List(inbox: Inbox, here: Address) -> impl IntoView {
    let locale = locale();
    let tabs = tabs(locale, &inbox, &here);
    let none = inbox.calls.is_empty().then(|| nothing(locale, &here));
    let newest = (!here.before.is_empty()).then(|| {
        view! {
            <a class="btn quiet" href=here.tab(here.show) data-walk="">
                {say!(locale, callbacks.list.newest)}
            </a>
        }
    });
    let older = inbox.older.map(|before| {
        let href = here.with(&[("before", &before)]);
        view! { <a class="btn" href=href data-walk="">{say!(locale, callbacks.list.older)}</a> }
    });
    let row = |row| view! { <Msg row=row here=here.clone() /> };
    let rows = inbox.calls.into_iter().map(row).collect_view();
    view! {
        <section class="inbox" aria-label=say!(locale, callbacks.list.title)>
            <div class="inbox-h">
                <div class="seg" role="group" aria-label=say!(locale, callbacks.list.verdict)>
                    {tabs}
                </div>
                <Search here=here />
            </div>
            <nav class="msgs scroll" aria-label=say!(locale, callbacks.list.calls)>
                {rows}
                {none}
                <div class="pager">{newest} {older}</div>
            </nav>
        </section>
    }
}

/// The tabs as links, each with its count.
fn tabs(locale: Locale, inbox: &Inbox, here: &Address) -> impl IntoView + use<> {
    // The rare tab is shown only while it has calls.
    let is_shown =
        |tab: &InboxTab| *tab != InboxTab::Malformed || inbox.count(*tab) > 0 || here.show == *tab;
    let link = |tab: InboxTab| {
        let number = match inbox.count(tab) {
            Inbox::COUNTED.. => format!("{}+", Inbox::COUNTED),
            count => count.to_string(),
        };
        let word = match tab {
            InboxTab::All => say!(locale, callbacks.tab.all),
            InboxTab::Unrecognised => say!(locale, callbacks.tab.unrecognised),
            InboxTab::Malformed => say!(locale, callbacks.tab.malformed),
            InboxTab::Auto => say!(locale, callbacks.tab.auto),
            InboxTab::Duplicate => say!(locale, callbacks.tab.duplicate),
            InboxTab::Accepted => say!(locale, callbacks.tab.accepted),
        };
        view! {
            <a href=here.tab(tab) aria-current=(here.show == tab).then_some("true")>
                {word} <span class="count">{number}</span>
            </a>
        }
    };
    let tabs = InboxTab::ALL.iter().copied().filter(is_shown);
    tabs.map(link).collect_view()
}

/// The search field and the other filters. A search starts at the first page.
#[component]
fn Search(here: Address) -> impl IntoView {
    let locale = locale();
    let option = |only: &InboxOnly| {
        let word = match only {
            InboxOnly::Everything => say!(locale, callbacks.only.everything),
            InboxOnly::Files => say!(locale, callbacks.only.files),
            InboxOnly::Status => say!(locale, callbacks.only.status),
            InboxOnly::Tests => say!(locale, callbacks.only.tests),
            InboxOnly::Dealt => say!(locale, callbacks.only.dealt),
            InboxOnly::LookedUp => say!(locale, callbacks.only.looked_up),
        };
        view! { <option value=only.as_str() selected=here.only == *only>{word}</option> }
    };
    let options = InboxOnly::ALL.iter().map(option).collect_view();
    let hidden = here.fields_without(&["q", "only", "before"]);
    let chip = (!here.room.is_empty()).then(|| {
        let remove = say!(locale, callbacks.list.remove_room);
        view! {
            <span class="chip on">
                {say!(locale, callbacks.list.room)} " " <b>{here.room.clone()}</b>
                <a class="chip-x" href=here.with(&[("room", "")]) aria-label=remove>
                    <Icon glyph=Glyph::X />
                </a>
            </span>
        }
    });
    let label = say!(locale, callbacks.list.find);
    view! {
        <SearchForm action="/callbacks" label=label search=here.search.clone()>
            <select class="input" name="only" aria-label=say!(locale, callbacks.only.title)>
                {options}
            </select>
            {hidden}
            {chip}
        </SearchForm>
    }
}

/// The empty state: no calls, or none that match.
fn nothing(locale: Locale, here: &Address) -> AnyView {
    if here.show == InboxTab::All && !here.is_narrowed() {
        let title = say!(locale, callbacks.list.none);
        let text = say!(locale, callbacks.list.none_text);
        return view! { <Empty glyph=Glyph::Inbox title=title text=text /> }.into_any();
    }
    let title = match here.search.as_str() {
        "" => say!(locale, callbacks.list.no_match).to_owned(),
        search => say!(locale, callbacks.list.no_match_search, search),
    };
    view! {
        <Empty glyph=Glyph::Search title=title>
            <div class="btns">
                <a class="btn" href="/callbacks">{say!(locale, callbacks.list.clear)}</a>
            </div>
        </Empty>
    }
    .into_any()
}
