//! The recordings that an address or a form names.

use reelroom_domain::find::Find;
use reelroom_service::{LibraryQuery, Selection};

use super::filter::Filter;
use crate::{
    current_app::CurrentApp, error::ApiError, query::Query, reader::Reader,
    server::recordings_named,
};

/// The selection when a page loads: the parameter `all` of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Nothing.
    Nothing,
    /// The recordings of the page.
    Shown,
    /// All that match, on whichever page.
    All,
}

impl Mode {
    /// The mode in a query.
    pub fn of(query: &Query) -> Self {
        match query.get("all") {
            "yes" => Self::All,
            "shown" => Self::Shown,
            _ => Self::Nothing,
        }
    }

    /// Its word in an address; empty for [`Mode::Nothing`].
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Shown => "shown",
            Self::All => "yes",
        }
    }
}

/// The recordings of the ids in a query or, with `all=yes`, those that match its filter.
pub fn selected(query: &Query, reader: &Reader) -> Result<Selection, ApiError> {
    posted(query, query, reader)
}

/// The recordings of the ids in a query or, without ids, those that match its filter.
pub fn listed(query: &Query, reader: &Reader) -> Result<Selection, ApiError> {
    let ids = recordings_named(query)?;
    if ids.is_empty() {
        return Ok(Selection::Matching(matching(query, reader)?));
    }
    Ok(Selection::These(ids))
}

/// The recordings of the ids in a form or, with `all=yes` in the address of its page, those that match the filter of
/// the page.
pub fn posted(form: &Query, page: &Query, reader: &Reader) -> Result<Selection, ApiError> {
    Ok(match Mode::of(page) {
        Mode::All => Selection::Matching(matching(page, reader)?),
        Mode::Nothing | Mode::Shown => Selection::These(recordings_named(form)?),
    })
}

/// The list of the filter in a query.
pub fn matching(query: &Query, reader: &Reader) -> Result<LibraryQuery, ApiError> {
    let filter = Filter {
        find: Find::of(query.pairs()),
        page: None,
    };
    filter.query(reader, &CurrentApp::new(query.get("app")))
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use reelroom_domain::time::Timestamp;

    use super::*;

    const ID: &str = "0192f00d0192f00d0192f00d0192f00d";

    #[test]
    fn an_address_names_ids_or_all_that_match() {
        let reader = Reader::of(&HeaderMap::new(), Timestamp::default());
        let query = |text: &str| Query::parse(text);
        let these = format!("id={ID}&id={ID}&q=a");
        let one = Selection::These(vec![ID.parse().unwrap()]);
        let all = Selection::Matching(LibraryQuery {
            find: Find::of([("q", "a")]),
            ..LibraryQuery::default()
        });
        let selected = |text: &str| selected(&query(text), &reader);
        assert_eq!(selected(&these), Ok(one.clone()));
        assert_eq!(selected("q=a&all=yes"), Ok(all.clone()));
        assert_eq!(selected("q=a&all=shown"), Ok(Selection::These(vec![])));
        assert_eq!(selected("id=x"), Err(ApiError::NotFound));
        let listed = |text: &str| listed(&query(text), &reader);
        assert_eq!(listed(&these), Ok(one.clone()));
        assert_eq!(listed("q=a"), Ok(all.clone()));
        let posted = |page: &str| posted(&query(&these), &query(page), &reader);
        assert_eq!(posted("q=a"), Ok(one));
        assert_eq!(posted("q=a&all=yes"), Ok(all));
    }
}
