//! `/settings/history`: who did what, by day. The filter is in the address.

mod filter;
mod form;
mod row;

use std::iter::once;

use axum::response::Response;
use leptos::prelude::*;
use reelroom_domain::{act::AccessHistory, time::Civil};

pub use self::filter::Filter;
use self::{
    form::{count, export, form},
    row::row,
};
use super::nav::{SettingsPage, nav};
use crate::{
    components::{Empty, Glyph},
    i18n::Locale,
    reader::Reader,
    this_page::locale,
    visit::{Page, Visit},
    words,
};

/// The history of access, for administrators and auditors.
pub async fn history(visit: Visit) -> Response {
    let me = visit.me.clone();
    let filter = Filter::of(&visit.query);
    let acts = filter.acts(&visit.reader.zone);
    let before = Some(&*filter.before);
    let loaded = visit.service.access_history(&me, acts, before).await;
    visit
        .answer(loaded, |history| {
            let locale = locale();
            let title = say!(locale, history.title);
            let days = words::day_count(locale, history.kept_days);
            let main = view! {
                <main class="sheet set" id="content" data-page="history">
                    {nav(&me, SettingsPage::History)}
                    <div class="set-b hist-b scroll" data-place="" tabindex="-1">
                        <header class="hist-h">
                            // Receives the focus when the focused element is removed (see `morph.js`).
                            <h1 tabindex="-1" data-focus="">{title}</h1>
                            <p class="muted">{say!(locale, history.kept, days)}</p>
                            {export(&filter, &history)}
                        </header>
                        {form(&filter, &history)}
                        {results(&history, &filter)}
                    </div>
                </main>
            };
            Page::new(title, main)
        })
        .await
}

/// The acts by day, and links to newer and older ones.
fn results(history: &AccessHistory, filter: &Filter) -> AnyView {
    let Reader {
        locale, zone, now, ..
    } = Reader::expect();
    if history.acts.is_empty() {
        return nothing(locale, filter);
    }
    let days = zone.by_day(&history.acts, |act| act.at);
    let lines = days.into_iter().flat_map(move |(day, acts)| {
        let rows = acts.iter().map(move |act| row(act, filter).into_any());
        once(day_head(day).into_any()).chain(rows)
    });
    let link = |class: &'static str, before: &str, word: &'static str| {
        let href = filter.link(&[("before", before)]);
        view! { <a class=class href=href data-walk="">{word}</a> }
    };
    let older = history.older.as_deref();
    let older = older.map(|before| link("btn", before, say!(locale, history.older)));
    let newest =
        (!filter.before.is_empty()).then(|| link("btn quiet", "", say!(locale, history.newest)));
    let zone = words::zone_title(locale, zone.name(), zone.offset(now));
    let shown = history.acts.len();
    let total = count(history.total);
    view! {
        <table class="table hist" aria-label=say!(locale, history.title)>
            <thead>
                <tr>
                    <th class="c-time">{say!(locale, history.time)}</th>
                    <th class="c-who">{say!(locale, history.who)}</th>
                    <th class="c-what">{say!(locale, history.what)}</th>
                    <th class="c-on">{say!(locale, history.on)}</th>
                    <th class="c-from">{say!(locale, history.source)}</th>
                </tr>
            </thead>
            <tbody>{lines.collect_view()}</tbody>
        </table>
        <nav class="pager hist-p" aria-label=say!(locale, history.older)>
            <span>
                {say!(locale, history.shown, shown, total)} " "
                {say!(locale, history.gathered, zone)}
            </span>
            {newest}
            {older}
        </nav>
    }
    .into_any()
}

fn day_head(day: Civil) -> impl IntoView + use<> {
    let reader = Reader::expect();
    view! {
        <tr class="day">
            <th colspan="5" scope="colgroup">
                {words::day_heading(reader.locale, day, reader.today())}
            </th>
        </tr>
    }
}

/// The empty state: no acts, or none that match.
fn nothing(locale: Locale, filter: &Filter) -> AnyView {
    if !filter.is_narrowed() {
        let (title, text) = (say!(locale, history.none), say!(locale, history.none_text));
        return view! { <Empty glyph=Glyph::History title=title text=text /> }.into_any();
    }
    let title = match filter.search.as_str() {
        "" => say!(locale, history.no_match).to_owned(),
        search => say!(locale, history.no_match_search, search),
    };
    view! { <Empty glyph=Glyph::Search title=title /> }.into_any()
}
