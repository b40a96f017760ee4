//! The filter in the address: its form, and the page of a filter without results.

use leptos::prelude::*;
use reelroom_domain::{room::RoomId, search::SearchText};
use reelroom_service::LibraryQuery;

use crate::{
    components::{Empty, Glyph, Icon, SearchForm},
    current_app::CurrentApp,
    error::ApiError,
    i18n::Locale,
    paths,
    query::Query,
    this_page::locale,
};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// The search, as typed.
    pub search: String,
    /// Only recordings of this room; empty for all.
    pub room: String,
    /// Starts that failed instead of recordings.
    pub tries: bool,
    /// Only recordings with files in trouble.
    pub in_trouble: bool,
    /// The cursor of the page; empty for the newest.
    pub before: String,
}

impl Filter {
    /// Reads the filter from `query`.
    pub fn of(query: &Query) -> Self {
        let [search, room, before] = ["q", "room", "before"].map(|key| query.get(key).to_owned());
        Self {
            search,
            room,
            tries: !query.get("tries").is_empty(),
            in_trouble: query.get("copies") == "trouble",
            before,
        }
    }

    /// The filter for the service. An invalid room or app gives "not found".
    pub fn query(&self, app: &CurrentApp) -> Result<LibraryQuery, ApiError> {
        let room = Some(self.room.clone()).filter(|room| !room.is_empty());
        let room = room.map(RoomId::new).transpose();
        Ok(LibraryQuery {
            app: app.id()?,
            search: SearchText::parse(&self.search),
            room: room.map_err(|_| ApiError::NotFound)?,
            tries: self.tries,
            in_trouble: self.in_trouble,
            before: Some(self.before.clone()).filter(|before| !before.is_empty()),
        })
    }

    /// The address of the same filter with another cursor.
    pub fn starting(&self, before: &str) -> String {
        let tries = if self.tries { "yes" } else { "" };
        let copies = if self.in_trouble { "trouble" } else { "" };
        let query = [
            ("q", &*self.search),
            ("room", &self.room),
            ("tries", tries),
            ("copies", copies),
            ("before", before),
        ];
        CurrentApp::expect().to(&paths::with_query("/recordings", &query))
    }
}

/// The search field, the filters by a room with this title and by files in trouble, and the number of failed
/// starts, which are not in the list.
pub fn form(filter: &Filter, title: &str, tries: u32) -> impl IntoView + use<> {
    let locale = locale();
    let Filter { search, room, .. } = filter.clone();
    let without = |filter: Filter, word| {
        let href = filter.starting("");
        view! { <a class="chip-x" href=href aria-label=word><Icon glyph=Glyph::X /></a> }
    };
    let of_room = (!room.is_empty()).then(|| {
        let all = Filter {
            room: String::new(),
            ..filter.clone()
        };
        let name = if title.is_empty() {
            room.as_str()
        } else {
            title
        };
        view! {
            <input type="hidden" name="room" value=room.clone() />
            <span class="chip on">
                {say!(locale, library.room)} " " <b title=room.clone()>{name.to_owned()}</b>
                {without(all, say!(locale, library.remove_room))}
            </span>
        }
    });
    let in_trouble = filter.in_trouble.then(|| {
        let all = Filter {
            in_trouble: false,
            ..filter.clone()
        };
        view! {
            <input type="hidden" name="copies" value="trouble" />
            <span class="chip on">
                {say!(locale, library.in_trouble)}
                {without(all, say!(locale, library.remove_in_trouble))}
            </span>
        }
    });
    let other = Filter {
        tries: !filter.tries,
        ..filter.clone()
    };
    let word = say!(locale, library.tries, n = tries);
    let failed = match (filter.tries, tries) {
        (false, 0) => ().into_any(),
        (false, _) => view! { <a class="chip" href=other.starting("")>{word}</a> }.into_any(),
        (true, _) => view! {
            <input type="hidden" name="tries" value="yes" />
            <span class="chip on">{word} {without(other, say!(locale, library.remove_tries))}</span>
        }
        .into_any(),
    };
    view! {
        <SearchForm action="/recordings" label=say!(locale, library.find) search=search>
            {of_room}
            {in_trouble}
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
    if !filter.search.is_empty() {
        return say!(locale, library.no_match, search = filter.search.clone());
    }
    let fixed = match (filter.room.as_str(), filter.before.as_str()) {
        ("", "") if filter.in_trouble => say!(locale, library.none_in_trouble),
        ("", "") if filter.tries => say!(locale, library.no_tries),
        ("", "") => say!(locale, library.empty),
        ("", _) => say!(locale, library.no_older),
        _ => say!(locale, library.no_match_room),
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
            ("/?before=x", "Nothing older than this"),
            ("/?copies=trouble", "No recording has files without a copy"),
            ("/", "No recordings yet"),
        ] {
            let filter = Filter::of(&Query::of(&address.parse().unwrap()));
            assert_eq!(title(Locale::en, &filter), words);
        }
    }
}
