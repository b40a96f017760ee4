//! The query of an address.

use reelroom_domain::saved_view::ListView;

/// The parameters of a query, decoded once.
#[derive(Debug, Clone, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Parses the query of `uri`.
    pub fn of(uri: &http::Uri) -> Self {
        Self::parse(uri.query().unwrap_or_default())
    }

    /// Parses a query without its `?`.
    pub fn parse(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// Its parameters.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The value of the first parameter of that name; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map_or("", |(_, value)| value)
    }

    /// The parameters of a list that do not narrow it: its view and its page. The address of a recording carries
    /// them, for the way back.
    pub fn place(&self) -> [(&'static str, &str); 3] {
        let (view, _) = ListView::GRID;
        [view, "after", "before"].map(|name| (name, self.get(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_decoded_once() {
        let query = |text: &str| Query::of(&format!("/x?{text}").parse().unwrap());
        assert_eq!(query("a=%2541+b&a=2").get("a"), "%41 b");
        assert_eq!(query("a").get("a"), "");
        assert_eq!(query("%ff=1").get("b"), "");
    }

    #[test]
    fn the_place_in_a_list_does_not_narrow_it() {
        let query = Query::parse("q=a&view=grid&after=12&sort=room");
        let place = [("view", "grid"), ("after", "12"), ("before", "")];
        assert_eq!(query.place(), place);
    }
}
