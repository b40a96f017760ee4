//! The values of facets that a person chooses among.

use reelroom_domain::{
    find::{Count, Facet, FacetKey, Find},
    search::SearchText,
    view::FacetCount,
    visible::visible_line,
};

use super::panel::Panel;
use crate::{i18n::Locale, words};

/// A value to choose.
pub struct Choice {
    /// The facet.
    pub facet: Facet,
    /// The facet in words.
    pub word: String,
    /// The number of recordings found with it, if known.
    pub count: Option<Count>,
    /// Whether the list is narrowed to it.
    pub is_on: bool,
}

/// The values of a panel.
pub struct Narrowing {
    /// The panel.
    pub panel: Panel,
    /// The text that is searched among them.
    pub typed: String,
    /// The values of each of its keys.
    pub groups: Vec<(FacetKey, Vec<Choice>)>,
    /// The number of recordings found now.
    pub total: Count,
}

/// The facets of a key to choose: those that the list is narrowed to, and others.
pub fn choices(locale: Locale, find: &Find, key: FacetKey, values: &[FacetCount]) -> Vec<Choice> {
    let known = values.iter().filter_map(|value| {
        let facet = Facet::parse(key, &value.value)?;
        let word = match value.title.as_str() {
            "" => words::facet(locale, &facet),
            title => visible_line(title, SearchText::MAX_BYTES),
        };
        Some(Choice {
            is_on: find.has(&facet),
            word,
            count: Some(value.count),
            facet,
        })
    });
    let known: Vec<Choice> = known.collect();
    let others = find.of_key(key);
    let others = others.filter(|facet| !known.iter().any(|choice| choice.facet == **facet));
    let others = others.map(|facet| Choice {
        word: words::facet(locale, facet),
        facet: facet.clone(),
        count: None,
        is_on: true,
    });
    let mut choices: Vec<Choice> = others.collect();
    choices.extend(known);
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_stays_while_something_else_is_searched() {
        let find = Find::of([("room", "class-7B"), ("room", "lab-1"), ("tag", "lesson")]);
        let found = |value: &str, title: &str, n| FacetCount {
            key: FacetKey::Room,
            value: value.to_owned(),
            title: title.to_owned(),
            count: Count::of(n),
        };
        let values = [found("lab-1", "The lab", 3), found("lab-2", "", 0)];
        let choices = choices(Locale::en, &find, FacetKey::Room, &values);
        let shown: Vec<_> = choices
            .iter()
            .map(|choice| {
                (
                    &*choice.word,
                    choice.count.map(|count| count.n),
                    choice.is_on,
                )
            })
            .collect();
        let expected = [
            ("class-7B", None, true),
            ("The lab", Some(3), true),
            ("lab-2", Some(0), false),
        ];
        assert_eq!(shown, expected);
    }
}
