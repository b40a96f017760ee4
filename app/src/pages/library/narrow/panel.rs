//! The forms that narrow the list.

use leptos::prelude::*;
use reelroom_domain::find::{FacetKey, Find};
use strum::{EnumString, IntoStaticStr};

use crate::{
    current_app::CurrentApp,
    i18n::Locale,
    pages::library::filter::{is_grid, view},
    paths,
    query::Query,
    words,
};

/// The path of the form.
pub const PATH: &str = "/recordings/narrow";

/// A form that narrows the list, by its facets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Panel {
    /// Rooms.
    Room,
    /// Tags.
    Tag,
    /// The states of the copies.
    Archive,
    /// Lengths.
    Length,
    /// Everything else.
    More,
}

impl Panel {
    /// Its word in addresses.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The id of the frame around its form.
    pub fn frame(self) -> String {
        format!("narrow-{}", self.as_str())
    }

    /// The keys of its facets.
    pub const fn keys(self) -> &'static [FacetKey] {
        match self {
            Self::Room => &[FacetKey::Room, FacetKey::Prefix],
            Self::Tag => &[FacetKey::Tag],
            Self::Archive => &[FacetKey::Archive],
            Self::Length => &[FacetKey::Length],
            Self::More => &[
                FacetKey::Kind,
                FacetKey::Media,
                FacetKey::State,
                FacetKey::Size,
                FacetKey::By,
                FacetKey::Gaps,
                FacetKey::Held,
                FacetKey::Unseen,
            ],
        }
    }

    /// Its name.
    pub fn word(self, locale: Locale) -> &'static str {
        match self {
            Self::More => say!(locale, library.narrow.more),
            _ => words::facet_key(locale, self.keys()[0]),
        }
    }

    /// Whether a person searches among its values.
    pub const fn is_searched(self) -> bool {
        matches!(self, Self::Room | Self::Tag)
    }

    /// The address of its form.
    pub fn address(self, find: &Find) -> String {
        let view = view(is_grid(&expect_context::<Query>()));
        let rest = [view, ("key", self.as_str())];
        CurrentApp::expect().to(&paths::with_query(&paths::with_list(PATH, find), &rest))
    }
}

#[cfg(test)]
mod tests {
    use strum::VariantArray;

    use super::*;

    #[test]
    fn each_facet_has_its_panel() {
        let panels = [
            Panel::Room,
            Panel::Tag,
            Panel::Archive,
            Panel::Length,
            Panel::More,
        ];
        let keys: Vec<FacetKey> = panels
            .iter()
            .flat_map(|panel| panel.keys().to_vec())
            .collect();
        for key in FacetKey::VARIANTS {
            assert_eq!(keys.iter().filter(|one| *one == key).count(), 1, "{key:?}");
        }
        for panel in panels {
            assert_eq!(panel.as_str().parse(), Ok(panel));
        }
    }
}
