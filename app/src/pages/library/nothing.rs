use leptos::prelude::*;

use super::filter::Filter;
use crate::{
    components::{Empty, Glyph},
    current_app::CurrentApp,
    i18n::Locale,
    this_page::locale,
};

/// The reason why the list is empty, in words.
fn title(locale: Locale, filter: &Filter) -> String {
    if !filter.search.is_empty() {
        say!(locale, library.no_match, search = filter.search.clone())
    } else if !filter.room.is_empty() {
        say!(locale, library.no_match_room).to_owned()
    } else if filter.before.is_empty() {
        say!(locale, library.empty).to_owned()
    } else {
        say!(locale, library.no_older).to_owned()
    }
}

/// The empty state: there are no recordings, or none match the filter.
#[component]
pub fn Nothing(
    /// The filter in the address.
    filter: Filter,
) -> impl IntoView {
    let locale = locale();
    let app = CurrentApp::expect();
    let title = title(locale, &filter);
    let (glyph, text, class, href, go) = if filter == Filter::default() {
        let (text, go) = (
            say!(locale, library.empty_text),
            say!(locale, library.empty_go),
        );
        (Glyph::Library, text, "btn primary", app.to("/"), go)
    } else {
        let (text, go) = (
            say!(locale, library.no_match_text),
            say!(locale, library.clear),
        );
        (Glyph::Search, text, "btn", app.to("/recordings"), go)
    };
    view! {
        <Empty glyph=glyph title=title text=text>
            <div class="btns">
                <a class=class href=href>
                    {go}
                </a>
            </div>
        </Empty>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_repeated_in_words() {
        let title = |search: &str, room: &str, before: &str| {
            let filter = Filter {
                search: search.to_owned(),
                room: room.to_owned(),
                before: before.to_owned(),
            };
            title(Locale::en, &filter)
        };
        assert_eq!(title("budgte", "r", ""), "Nothing matches “budgte”");
        assert_eq!(title("", "r", ""), "No recording of this room");
        assert_eq!(title("", "", "x"), "Nothing older than this");
        assert_eq!(title("", "", ""), "No recordings yet");
    }
}
