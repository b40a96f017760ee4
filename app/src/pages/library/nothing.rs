//! The page of a list without recordings: none yet, or none that match.

use leptos::prelude::*;
use reelroom_domain::find::Find;

use super::{
    chips::{Chip, Instead, chips},
    filter::{Filter, IN_TROUBLE, address},
};
use crate::{
    components::{Empty, Glyph, way_on},
    current_app::CurrentApp,
    i18n::Locale,
    reader::Reader,
    words,
};

/// Why the list is empty, and the next step: the day that the search text names, or another list.
pub fn nothing(filter: &Filter, day: Option<&Instead>, others: &[Instead]) -> AnyView {
    let reader = Reader::expect();
    let locale = reader.locale;
    let title = title(locale, filter);
    if is_none_yet(filter) {
        let text = say!(locale, library.empty_text);
        let href = CurrentApp::expect().to("/");
        return view! {
            <Empty glyph=Glyph::Library title=title text=text>
                {way_on("btn primary", href, say!(locale, library.empty_go))}
            </Empty>
        }
        .into_any();
    }
    let all = Find {
        sort: filter.find.sort,
        ..Find::default()
    };
    let (find, word) = match filter.page {
        Some(_) => (&filter.find, say!(locale, common.action.to_beginning)),
        None => (&all, say!(locale, common.action.clear_filters)),
    };
    let href = address(find, None);
    let text = text(&reader, filter);
    // Enter in the search field follows this link.
    let day = day.map(|day| {
        let href = address(&day.find, None);
        view! { <a class="btn primary" href=href data-walk="">{day.word.clone()}</a> }
    });
    let links = others.iter().map(|other| {
        view! { <a class="btn" href=address(&other.find, None)>{other.word.clone()}</a> }
    });
    let links = links.collect_view();
    view! {
        <Empty glyph=Glyph::Search title=title text=text>
            <div class="btns">{day} {links} <a class="btn quiet" href=href>{word}</a></div>
        </Empty>
    }
    .into_any()
}

/// Whether there is no recording at all: nothing narrows the list, and it is the first page.
fn is_none_yet(filter: &Filter) -> bool {
    filter.page.is_none() && !filter.find.is_narrow()
}

/// The filters in words, but for the search that the title repeats.
fn text(reader: &Reader, filter: &Filter) -> String {
    let mut find = filter.find.clone();
    if filter.page.is_none() {
        find.text = None;
    }
    let words = chips(reader, &find, &[]);
    let words: Vec<String> = words.iter().map(Chip::words).collect();
    words::list(reader.locale, &words)
}

/// The reason why the list is empty, in words.
fn title(locale: Locale, filter: &Filter) -> String {
    let find = &filter.find;
    if let (Some(text), None) = (&find.text, filter.page) {
        return say!(locale, library.no_match, search = text.as_str().to_owned());
    }
    let fixed = match filter.page {
        Some(_) => say!(locale, library.no_older),
        None if find.has(&IN_TROUBLE) => say!(locale, library.none_in_trouble),
        None if filter.tries() => say!(locale, library.no_tries),
        None if find.is_narrow() => say!(locale, library.no_match_filters),
        None => say!(locale, library.empty),
    };
    fixed.to_owned()
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use reelroom_domain::time::Timestamp;

    use super::*;
    use crate::query::Query;

    #[test]
    fn the_filter_is_repeated_in_words() {
        for (address, words) in [
            ("/?q=budgte&room=r", "Nothing matches “budgte”"),
            ("/?room=r", "No recording matches"),
            ("/?q=a&after=12", "Nothing further"),
            ("/?archive=trouble", "No recording has files without a copy"),
            ("/?state=failed", "No failed starts"),
            ("/", "No recordings yet"),
        ] {
            let filter = Filter::of(&Query::of(&address.parse().unwrap()));
            assert_eq!(title(Locale::en, &filter), words);
        }
    }

    #[test]
    fn an_order_and_a_form_are_no_filter() {
        for (address, is_none) in [
            ("/", true),
            ("/?sort=oldest&view=grid", true),
            ("/?q=a", false),
            ("/?last=7&sort=oldest", false),
            ("/?unseen=yes", false),
            ("/?after=12", false),
        ] {
            let filter = Filter::of(&Query::of(&address.parse().unwrap()));
            assert_eq!(is_none_yet(&filter), is_none, "{address}");
        }
    }

    #[test]
    fn the_search_is_repeated_once() {
        let mut reader = Reader::of(&HeaderMap::new(), Timestamp::default());
        for (locale, address, words) in [
            (Locale::en, "/?q=a", ""),
            (Locale::en, "/?q=a&room=r&held=yes", "Room r, On hold"),
            (Locale::en, "/?q=a&room=r&after=12", "“a”, Room r"),
            (Locale::zh_CN, "/?q=a&room=r&held=yes", "房间 r、已冻结"),
        ] {
            reader.locale = locale;
            let filter = Filter::of(&Query::of(&address.parse().unwrap()));
            assert_eq!(text(&reader, &filter), words, "{address}");
        }
    }
}
