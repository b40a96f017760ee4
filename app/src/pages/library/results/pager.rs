use leptos::prelude::*;
use reelroom_domain::{
    find::Sort,
    view::{Library, PageAt},
};

use crate::{
    i18n::Locale,
    pages::library::filter::{Filter, address},
    reader::Reader,
    words,
};

/// The number of shown recordings, and links to the pages before and after this one.
pub fn pager(library: &Library, filter: &Filter) -> impl IntoView + use<> {
    let reader = Reader::expect();
    let locale = reader.locale;
    let find = &filter.find;
    let (before, after) = directions(locale, find.sort);
    let is_newest = find.sort == Sort::Newest;
    let first = if is_newest {
        say!(locale, library.newest)
    } else {
        say!(locale, common.action.to_beginning)
    };
    let link = |class: &'static str, page: Option<PageAt>, word: &'static str| {
        view! { <a class=class href=address(find, page) data-walk="">{word}</a> }
    };
    let first = filter.page.map(|_| link("btn quiet", None, first));
    let before = library.newer.map(|page| link("btn", Some(page), before));
    let after = library.older.map(|page| link("btn", Some(page), after));
    let shown = library.recordings.last().map(|last| {
        let shown = say!(
            locale,
            library.shown,
            shown = library.recordings.len(),
            total = words::count(library.total)
        );
        let text = if is_newest && library.older.is_some() {
            let day = words::day(locale, reader.zone.civil(last.began_at()), reader.today());
            say!(locale, library.shown_back, shown, day)
        } else {
            shown
        };
        view! { <span>{text}</span> }
    });
    view! {
        <nav class="pager" aria-label=say!(locale, library.pages)>
            {shown} {first} {before} {after}
        </nav>
    }
}

/// The words for the pages before and after one.
fn directions(locale: Locale, sort: Sort) -> (&'static str, &'static str) {
    let (newer, older) = (say!(locale, library.newer), say!(locale, library.older));
    match sort {
        Sort::Newest => (newer, older),
        Sort::Oldest => (older, newer),
        Sort::Longest | Sort::Largest | Sort::Room => (
            say!(locale, library.previous),
            say!(locale, common.action.load_more),
        ),
    }
}
