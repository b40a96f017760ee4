//! The filter in the address: its form, and the page of a filter without results.

use leptos::prelude::*;
use reelroom_domain::{
    find::{Archive, Count, Facet, FacetKey, Find},
    recording::RecordingState,
    view::PageAt,
};
use reelroom_service::LibraryQuery;

use crate::{
    components::{Empty, Glyph, Icon, SearchForm},
    current_app::CurrentApp,
    error::ApiError,
    i18n::Locale,
    paths,
    query::Query,
    reader::Reader,
    this_page::locale,
};

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// What the list is narrowed to.
    pub find: Find,
    /// The page; `None`: the first.
    pub page: Option<PageAt>,
}

impl Filter {
    /// Reads the filter from `query`.
    pub fn of(query: &Query) -> Self {
        let number = |key| query.get(key).parse().ok();
        let before = number("before").map(PageAt::Before);
        Self {
            find: Find::of(query.pairs()),
            page: number("after").map(PageAt::After).or(before),
        }
    }

    /// The filter for the service. An invalid app gives "not found".
    pub fn query(&self, reader: &Reader, app: &CurrentApp) -> Result<LibraryQuery, ApiError> {
        Ok(LibraryQuery {
            app: app.id()?,
            find: self.find.clone(),
            between: reader.between(self.find.days),
            page: self.page,
        })
    }

    /// Whether it asks for starts that failed alone.
    pub fn tries(&self) -> bool {
        let mut states = self.find.of_key(FacetKey::State);
        states.next() == Some(&TRIES) && states.next().is_none()
    }
}

/// The facet of starts that failed.
pub const TRIES: Facet = Facet::State(RecordingState::Failed);
/// The facet of files in trouble.
pub const IN_TROUBLE: Facet = Facet::Archive(Archive::Trouble);

/// The address of a list.
pub fn address(find: &Find, page: Option<PageAt>) -> String {
    let list = paths::with_list("/recordings", find);
    let address = match page {
        None => list,
        Some(PageAt::After(place)) => paths::with_query(&list, &[("after", &place.to_string())]),
        Some(PageAt::Before(place)) => paths::with_query(&list, &[("before", &place.to_string())]),
    };
    CurrentApp::expect().to(&address)
}

/// The search field, the filters as chips that can be removed, and the number of failed starts, which are not in the
/// list.
pub fn form(filter: &Filter, title: &str, tries: Count) -> impl IntoView + use<> {
    let locale = locale();
    let find = &filter.find;
    let hidden = find.pairs().into_iter().filter(|(key, _)| *key != "q");
    let hidden =
        hidden.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    let chips = find
        .facets
        .iter()
        .filter(|facet| **facet != TRIES)
        .map(|facet| {
            let (word, remove) = match facet {
                Facet::Room(room) => {
                    let name = Some(title)
                        .filter(|title| !title.is_empty())
                        .unwrap_or(room.as_str());
                    let word = format!("{} {name}", say!(locale, library.room));
                    (word, say!(locale, library.remove_room))
                }
                other => {
                    let word = if *other == IN_TROUBLE {
                        say!(locale, library.in_trouble).to_owned()
                    } else {
                        other.value()
                    };
                    (word, say!(locale, library.remove_in_trouble))
                }
            };
            let href = address(&find.toggled(facet), None);
            view! {
                <span class="chip on">
                    {word} <a class="chip-x" href=href aria-label=remove><Icon glyph=Glyph::X /></a>
                </span>
            }
        })
        .collect_view();
    let word = say!(locale, library.tries, n = tries.n);
    let href = address(&find.toggled(&TRIES), None);
    let failed = if filter.tries() {
        let remove = say!(locale, library.remove_tries);
        view! {
            <span class="chip on">
                {word} <a class="chip-x" href=href aria-label=remove><Icon glyph=Glyph::X /></a>
            </span>
        }
        .into_any()
    } else {
        (tries.n > 0)
            .then(|| view! { <a class="chip" href=href>{word}</a> })
            .into_any()
    };
    let search = find
        .text
        .as_ref()
        .map(|text| text.as_str().to_owned())
        .unwrap_or_default();
    view! {
        <SearchForm action="/recordings" label=say!(locale, library.find) search=search>
            {hidden.collect_view()}
            {chips}
            {failed}
        </SearchForm>
    }
}

/// The empty state: there are no recordings, or none match the filter.
pub fn nothing(filter: &Filter) -> impl IntoView + use<> {
    let locale = locale();
    let (glyph, text, class, path, go) = if *filter == Filter::default() {
        let text = say!(locale, library.empty_text);
        let go = say!(locale, library.empty_go);
        (Glyph::Library, text, "btn primary", "/", go)
    } else {
        let text = say!(locale, library.no_match_text);
        let go = say!(locale, library.clear);
        (Glyph::Search, text, "btn", "/recordings", go)
    };
    let href = CurrentApp::expect().to(path);
    view! {
        <Empty glyph=glyph title=title(locale, filter) text=text>
            <div class="btns"><a class=class href=href>{go}</a></div>
        </Empty>
    }
}

/// The reason why the list is empty, in words.
fn title(locale: Locale, filter: &Filter) -> String {
    let find = &filter.find;
    if let Some(text) = &find.text {
        return say!(locale, library.no_match, search = text.as_str().to_owned());
    }
    let fixed = match filter.page {
        Some(_) => say!(locale, library.no_older),
        None if find.has(&IN_TROUBLE) => say!(locale, library.none_in_trouble),
        None if filter.tries() => say!(locale, library.no_tries),
        None if find.is_narrow() => say!(locale, library.no_match_room),
        None => say!(locale, library.empty),
    };
    fixed.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_repeated_in_words() {
        for (address, words) in [
            ("/?q=budgte&room=r", "Nothing matches “budgte”"),
            ("/?room=r", "No recording of this room"),
            ("/?after=12", "Nothing older than this"),
            ("/?archive=trouble", "No recording has files without a copy"),
            ("/", "No recordings yet"),
        ] {
            let filter = Filter::of(&Query::of(&address.parse().unwrap()));
            assert_eq!(title(Locale::en, &filter), words);
        }
    }
}
