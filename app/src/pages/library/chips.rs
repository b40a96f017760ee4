//! Everything that narrows a list, as words and as chips that can be removed.

use leptos::prelude::*;
use reelroom_domain::{
    find::{Facet, FacetKey, Find},
    search::SearchText,
    view::{Library, RecordingRow},
    visible::visible_line,
};

use super::filter::{Filter, TRIES, address};
use crate::{components, reader::Reader, words};

/// Something that narrows a list.
#[derive(Debug, Clone)]
pub struct Chip {
    /// Its subject; may be empty.
    name: &'static str,
    /// Its value.
    value: String,
    /// The list without it.
    pub without: Find,
}

/// A list that is offered in place of the current one.
pub struct Instead {
    /// Its filters and its order.
    pub find: Find,
    /// Its name, with the number of its recordings.
    pub word: String,
}

impl Chip {
    /// Subject and value: `Archive Archived`.
    pub fn words(&self) -> String {
        let words = format!("{} {}", self.name, self.value);
        words.trim_start().to_owned()
    }
}

/// Everything that narrows a list. `rows` are recordings of it, which know the titles of rooms.
pub fn chips(reader: &Reader, find: &Find, rows: &[RecordingRow]) -> Vec<Chip> {
    let locale = reader.locale;
    let text = find.text.as_ref().map(|text| Chip {
        name: "",
        value: say!(
            locale,
            library.text_chip,
            text = visible_line(text.as_str(), SearchText::MAX_BYTES)
        ),
        without: Find {
            text: None,
            ..find.clone()
        },
    });
    let days = find.days.map(|days| Chip {
        name: say!(locale, common.word.day),
        value: words::days(locale, days, reader.today()),
        without: Find {
            days: None,
            ..find.clone()
        },
    });
    let facets = find.facets.iter().map(|facet| {
        let is_alone = matches!(
            facet.key(),
            FacetKey::Gaps | FacetKey::Held | FacetKey::Unseen
        );
        let title = match facet {
            Facet::Room(room) => rows.iter().find(|row| row.room == *room),
            _ => None,
        };
        Chip {
            name: if is_alone {
                ""
            } else {
                words::facet_key(locale, facet.key())
            },
            value: match title {
                Some(row) => visible_line(row.room_name(), SearchText::MAX_BYTES),
                None => words::facet(locale, facet),
            },
            without: find.toggled(facet),
        }
    });
    text.into_iter().chain(days).chain(facets).collect()
}

/// The chips of a list, the day that its search text names, the number of failed starts, which are not in the list,
/// and a link that removes all chips.
pub fn chip_row(
    filter: &Filter,
    library: &Library,
    day: Option<&Instead>,
) -> impl IntoView + use<> {
    let reader = Reader::expect();
    let (locale, find) = (reader.locale, &filter.find);
    let chip = |chip: Chip| {
        let remove = say!(locale, library.remove, filter = chip.words());
        let (title, href) = (chip.value.clone(), address(&chip.without, None));
        components::chip(chip.name, chip.value, title, href, remove)
    };
    let chips = chips(&reader, find, &library.recordings);
    let day = day.map(|day| {
        view! { <a class="chip" href=address(&day.find, None)>{day.word.clone()}</a> }
    });
    let tries = library.tries;
    let tries = (tries.n > 0 && !find.has(&TRIES)).then(|| {
        let href = address(&find.without(FacetKey::State).toggled(&TRIES), None);
        let word = say!(locale, library.tries, n = words::count(tries));
        view! { <a class="chip" href=href>{word}</a> }
    });
    let all = Find {
        sort: find.sort,
        ..Find::default()
    };
    let clear = find.is_narrow().then(|| {
        let word = say!(locale, library.narrow.clear);
        view! { <a class="btn quiet" href=address(&all, None)>{word}</a> }
    });
    (find.is_narrow() || tries.is_some()).then(|| {
        let chips = chips.into_iter().map(chip).collect_view();
        view! { <div class="filter-bar">{chips} {day} {tries} {clear}</div> }
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn each_filter_has_its_words_and_can_be_left_out() {
        let reader = Reader::of(&HeaderMap::new(), Timestamp::from_millis(1_795_328_825_000));
        let query = [
            ("q", "产品"),
            ("last", "7"),
            ("room", "class-7B"),
            ("prefix", "lab-"),
            ("archive", "archived"),
            ("held", "yes"),
            ("unseen", "yes"),
        ];
        let chips = chips(&reader, &Find::of(query), &[]);
        let words: Vec<String> = chips.iter().map(Chip::words).collect();
        let expected = [
            "“产品”",
            "Day Last 7 days",
            "Room class-7B",
            "Room lab-*",
            "Archive Archived",
            "On hold",
            "Not seen by me",
        ];
        assert_eq!(words, expected);
        for (chip, (key, _)) in chips.iter().zip(query) {
            let pairs = chip.without.pairs();
            assert_eq!(pairs.len(), query.len() - 1);
            assert!(pairs.iter().all(|(other, _)| *other != key));
        }
    }
}
