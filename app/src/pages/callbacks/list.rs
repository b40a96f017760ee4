//! The list of calls: tabs, search, rows.

use leptos::prelude::*;
use reelroom_domain::inbox::{Inbox, InboxTab};

use super::{address::Address, msg::Msg, search::Search};
use crate::{
    components::{Empty, Glyph},
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
        let older = Address {
            before,
            ..here.clone()
        };
        view! {
            <a class="btn" href=older.path() data-walk="">
                {say!(locale, callbacks.list.older)}
            </a>
        }
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
        view! {
            <a href=here.tab(tab) aria-current=(here.show == tab).then_some("true")>
                {tab_word(locale, tab)} <span class="count">{number}</span>
            </a>
        }
    };
    let tabs = InboxTab::ALL.iter().copied().filter(is_shown);
    tabs.map(link).collect_view()
}

fn tab_word(locale: Locale, tab: InboxTab) -> &'static str {
    match tab {
        InboxTab::All => say!(locale, callbacks.tab.all),
        InboxTab::Unrecognised => say!(locale, callbacks.tab.unrecognised),
        InboxTab::Malformed => say!(locale, callbacks.tab.malformed),
        InboxTab::Auto => say!(locale, callbacks.tab.auto),
        InboxTab::Duplicate => say!(locale, callbacks.tab.duplicate),
        InboxTab::Accepted => say!(locale, callbacks.tab.accepted),
    }
}

/// The empty state: no calls, or none that match.
fn nothing(locale: Locale, here: &Address) -> AnyView {
    if here.show == InboxTab::All && !here.is_narrowed() {
        return view! {
            <Empty
                glyph=Glyph::Inbox
                title=say!(locale, callbacks.list.none)
                text=say!(locale, callbacks.list.none_text)
            />
        }
        .into_any();
    }
    let title = match here.search.clone() {
        search if search.is_empty() => say!(locale, callbacks.list.no_match).to_owned(),
        search => say!(locale, callbacks.list.no_match_search, search = search),
    };
    view! {
        <Empty glyph=Glyph::Search title=title>
            <div class="btns">
                <a class="btn" href="/callbacks">
                    {say!(locale, callbacks.list.clear)}
                </a>
            </div>
        </Empty>
    }
    .into_any()
}
