//! The filters and the order of a list of recordings. They are in the address of the list.

mod date;
mod entry;
mod facet;
mod mask;
mod terms;
mod typed;

use strum::{EnumString, IntoStaticStr, VariantArray};

pub use self::{
    date::{Date, Days, Month},
    entry::{Entry, EntryFile},
    facet::{Archive, Facet, FacetKey, Length, Size},
    mask::Mask,
    terms::{Shelf, Term},
};
use crate::{search::SearchText, words::words};

words!(Sort);

/// The recordings that a list has, and their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Find {
    /// Each of its words is in a text of the recording.
    pub text: Option<SearchText>,
    /// The days on which it started.
    pub days: Option<Days>,
    /// For each key that occurs, it has one of the facets with that key.
    pub facets: Vec<Facet>,
    /// The order.
    pub sort: Sort,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Sort {
    /// The newest start first.
    #[default]
    Newest,
    /// The oldest start first.
    Oldest,
    /// The longest first.
    Longest,
    /// The largest first.
    Largest,
    /// By the ids of the rooms; in a room the newest first.
    Room,
}

/// The limit of facets in a list.
const MOST_FACETS: usize = 50;

impl Find {
    /// Reads the parameters of an address. What cannot be read is left out, and days in the wrong order are swapped.
    pub fn of<'a>(query: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut find = Self::default();
        let (mut from, mut to) = (None, None);
        for (key, value) in query {
            match key {
                "q" => find.text = SearchText::parse(value),
                "sort" => find.sort = Sort::parse(value).unwrap_or_default(),
                "last" => {
                    let days = value.parse().ok().filter(|days| *days > 0);
                    find.days = days.map(Days::Last);
                }
                "from" => from = Date::parse(value),
                "to" => to = Date::parse(value),
                _ => {
                    let facet = FacetKey::parse(key).and_then(|key| Facet::parse(key, value));
                    let facet = facet.filter(|facet| !find.facets.contains(facet));
                    find.facets.extend(facet);
                }
            }
        }
        if to.is_some() && to < from {
            (from, to) = (to, from);
        }
        if from.is_some() || to.is_some() {
            find.days = Some(Days::Between(from, to));
        }
        find.facets.truncate(MOST_FACETS);
        find
    }

    /// The parameters of its address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(
            self.text
                .as_ref()
                .map(|text| ("q", text.as_str().to_owned())),
        );
        match self.days {
            Some(Days::Last(days)) => pairs.push(("last", days.to_string())),
            Some(Days::Between(from, to)) => {
                pairs.extend(from.map(|day| ("from", day.to_string())));
                pairs.extend(to.map(|day| ("to", day.to_string())));
            }
            None => {}
        }
        let facets = self.facets.iter();
        pairs.extend(facets.map(|facet| (facet.key().as_str(), facet.value())));
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.as_str().to_owned()));
        }
        pairs
    }

    /// Whether it has this facet.
    pub fn has(&self, facet: &Facet) -> bool {
        self.facets.contains(facet)
    }

    /// The same with this facet, or without it where it has it.
    #[must_use]
    pub fn toggled(&self, facet: &Facet) -> Self {
        let mut find = self.clone();
        if self.has(facet) {
            find.facets.retain(|one| one != facet);
        } else {
            find.facets.push(facet.clone());
        }
        find
    }

    /// The same without the facets of this key.
    #[must_use]
    pub fn without(&self, key: FacetKey) -> Self {
        let mut find = self.clone();
        find.facets.retain(|facet| facet.key() != key);
        find
    }

    /// The facets of a key.
    pub fn of_key(&self, key: FacetKey) -> impl Iterator<Item = &Facet> {
        self.facets.iter().filter(move |facet| facet.key() == key)
    }

    /// Whether it finds the same recordings as another, in whatever order.
    pub fn finds_as(&self, other: &Self) -> bool {
        let pairs = |find: &Self| {
            let mut pairs = find.pairs();
            pairs.retain(|(key, _)| *key != "sort");
            pairs.sort_unstable();
            pairs
        };
        pairs(self) == pairs(other)
    }

    /// Whether it narrows the list at all; the order does not.
    pub fn is_narrow(&self) -> bool {
        self.text.is_some() || self.days.is_some() || !self.facets.is_empty()
    }
}

/// A number that is exact up to a limit, and a lower bound beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Count {
    /// The number.
    pub n: u32,
    /// Whether there are more.
    pub more: bool,
}

impl Count {
    /// The limit up to which recordings are counted.
    pub const LIMIT: u32 = 10_000;

    /// The count of rows, of which at most one more than the limit was read.
    pub fn of(rows: u32) -> Self {
        Self {
            n: rows.min(Self::LIMIT),
            more: rows > Self::LIMIT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(query: &str) -> Find {
        Find::of(query.split('&').filter_map(|pair| pair.split_once('=')))
    }

    #[test]
    fn an_address_comes_back() {
        for query in [
            "",
            "q=产品评审&last=7",
            "from=2026-11-09&to=2026-11-22&room=class-7B&room=a b&kind=composite&sort=longest",
            "to=2026-02-28&prefix=class-&media=audio&state=failed&archive=trouble&tag=lesson",
            "length=over_hour&size=large&by=ada&gaps=yes&held=yes&unseen=yes",
        ] {
            let pairs = find(query).pairs().into_iter();
            let pairs: Vec<String> = pairs.map(|(key, value)| format!("{key}={value}")).collect();
            assert_eq!(pairs.join("&"), query);
        }
    }

    #[test]
    fn unreadable_parameters_are_left_out() {
        for query in [
            "kind=x",
            "last=0",
            "from=2026-02-29",
            "to=2026-1-01",
            "room=",
            "sort=?",
            "gaps=no",
            "x=y",
            "q= ",
        ] {
            assert_eq!(find(query), Find::default(), "{query}");
        }
        assert_eq!(find("tag=a&tag=a").facets.len(), 1);
    }

    #[test]
    fn days_are_in_order() {
        let days = find("from=2026-11-09&to=2026-11-22");
        assert_eq!(find("from=2026-11-22&to=2026-11-09"), days);
        let until = Find::of([("to", "2026-11-09")]).days;
        assert_eq!(until, Some(Days::Between(None, Date::parse("2026-11-09"))));
    }

    #[test]
    fn the_same_is_found_in_whatever_order() {
        let one = find("q=a&archive=remote&archive=fetching");
        assert!(one.finds_as(&find("archive=fetching&archive=remote&q=a&sort=longest")));
        assert!(!one.finds_as(&find("q=a&archive=remote")));
        assert!(!find("last=7").finds_as(&find("")));
    }

    #[test]
    fn a_facet_is_switched_on_and_off() {
        let facet = Facet::Archive(Archive::Trouble);
        let on = Find::default().toggled(&facet);
        assert!(on.has(&facet) && on.is_narrow());
        assert_eq!(on.toggled(&facet), Find::default());
        assert_eq!(on.without(FacetKey::Archive), Find::default());
    }
}
