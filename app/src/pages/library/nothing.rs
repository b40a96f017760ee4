use leptos::prelude::*;

use super::Asked;
use crate::{
    components::{Empty, Glyph},
    i18n::{Locale, td_string, use_i18n},
    in_app::InApp,
};

/// Why the list is empty, in words.
fn title(locale: Locale, asked: &Asked) -> String {
    if !asked.search.is_empty() {
        td_string!(locale, library.no_match, search = asked.search.clone())
    } else if !asked.room.is_empty() {
        td_string!(locale, library.no_match_room).to_owned()
    } else if asked.before.is_empty() {
        td_string!(locale, library.empty).to_owned()
    } else {
        td_string!(locale, library.no_older).to_owned()
    }
}

/// No recordings: none yet, or none that match.
#[component]
pub fn Nothing(
    /// What was asked.
    asked: Asked,
) -> impl IntoView {
    let i18n = use_i18n();
    let in_app = InApp::expect();
    let filtered = asked != Asked::default();
    let title = Signal::derive(move || title(i18n.get_locale(), &asked));
    let text = Signal::derive(move || {
        let locale = i18n.get_locale();
        if filtered {
            td_string!(locale, library.no_match_text).to_owned()
        } else {
            td_string!(locale, library.empty_text).to_owned()
        }
    });
    view! {
        <Empty
            glyph=if filtered { Glyph::Search } else { Glyph::Library }
            title=title
            text=text
        >
            <div class="btns">
                {if filtered {
                    view! {
                        <a class="btn" href=move || in_app.to("/recordings")>
                            {say!(i18n, library.clear)}
                        </a>
                    }
                        .into_any()
                } else {
                    view! {
                        <a class="btn primary" href=move || in_app.to("/")>
                            {say!(i18n, library.empty_go)}
                        </a>
                    }
                        .into_any()
                }}
            </div>
        </Empty>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_repeated_in_words() {
        let asked = |search: &str, room: &str, before: &str| Asked {
            search: search.to_owned(),
            room: room.to_owned(),
            before: before.to_owned(),
        };
        assert_eq!(
            title(Locale::en, &asked("budgte", "r", "")),
            "Nothing matches “budgte”"
        );
        assert_eq!(
            title(Locale::en, &asked("", "r", "")),
            "No recording of this room"
        );
        assert_eq!(
            title(Locale::en, &asked("", "", "x")),
            "Nothing older than this"
        );
        assert_eq!(title(Locale::en, &asked("", "", "")), "No recordings yet");
    }
}
