//! The filter in the address of a list, and the addresses of other lists.

use leptos::prelude::*;
use reelroom_domain::{
    find::{Archive, Facet, FacetKey, Find},
    recording::RecordingState,
    saved_view::ListView,
    view::PageAt,
};
use reelroom_service::LibraryQuery;

use crate::{
    components::hidden, current_app::CurrentApp, error::ApiError, paths, query::Query,
    reader::Reader,
};

/// The filter and the page in an address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// The search, the facets and the order.
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

/// Whether a page with this query shows its recordings as a grid.
pub fn is_grid(query: &Query) -> bool {
    let (key, value) = ListView::GRID;
    query.get(key) == value
}

/// The address of a list, in the view of this page.
pub fn address(find: &Find, page: Option<PageAt>) -> String {
    let grid = is_grid(&expect_context::<Query>());
    address_in(&CurrentApp::expect(), find, page, grid)
}

/// The address of a list of an app, as a grid or not.
pub fn address_in(app: &CurrentApp, find: &Find, page: Option<PageAt>, grid: bool) -> String {
    let page = page.map(|page| match page {
        PageAt::After(place) => ("after", place.to_string()),
        PageAt::Before(place) => ("before", place.to_string()),
    });
    let (name, place) = page.unwrap_or_default();
    let list = paths::with_list("/recordings", find);
    app.to(&paths::with_query(
        &list,
        &[view(grid), (name, place.as_str())],
    ))
}

/// The parameter of an address that selects the grid. Its value is empty for the table.
pub const fn view(grid: bool) -> (&'static str, &'static str) {
    let (key, value) = ListView::GRID;
    (key, if grid { value } else { "" })
}

/// Hidden fields for a form that changes only the parameters `changed`, and leads to the first page.
pub fn fields(find: &Find, changed: &[&str]) -> AnyView {
    let pairs = find.pairs();
    let pairs = pairs.iter().map(|(key, value)| (*key, &**value));
    let pairs = pairs.chain([view(is_grid(&expect_context::<Query>()))]);
    hidden(pairs.filter(|(key, _)| !changed.contains(key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_the_view_and_names_its_page() {
        let query = Query::of(&"/?room=a%20b&view=grid&after=12".parse().unwrap());
        let filter = Filter::of(&query);
        let at = |app, page| address_in(&CurrentApp::new(app), &filter.find, page, is_grid(&query));
        assert_eq!(
            at("", filter.page),
            "/recordings?room=a%20b&view=grid&after=12"
        );
        assert_eq!(
            at("b7", Some(PageAt::Before(3))),
            "/recordings?room=a%20b&view=grid&before=3&app=b7"
        );
    }
}
