//! The state of the inbox in the address, so that a link and a reload show the same.

use leptos::prelude::*;
use reelroom_domain::{
    ids::CallId,
    inbox::{InboxOnly, InboxTab},
};

use crate::{components::hidden, paths, query::Query};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    pub show: InboxTab,
    /// An additional filter.
    pub only: InboxOnly,
    /// Only calls that name this room; empty for all.
    pub room: String,
    /// The search, as typed.
    pub search: String,
    /// The cursor of the page; empty for the newest.
    pub before: String,
    /// The call that is open; empty for none.
    pub call: String,
    /// The search for recordings to assign the file to.
    pub find: String,
    /// The recording that files are to be assigned to, chosen on its page; empty for none.
    pub target: String,
}

impl Address {
    /// Reads the state from a query.
    pub fn of(query: &Query) -> Self {
        let get = |name| query.get(name).to_owned();
        Self {
            show: query.get("show").parse().unwrap_or_default(),
            only: query.get("only").parse().unwrap_or_default(),
            room: get("room"),
            search: get("q"),
            before: get("before"),
            call: get("call"),
            find: get("find"),
            target: get("for"),
        }
    }

    fn members(&self) -> [(&'static str, &str); 8] {
        [
            ("show", self.show.as_str()),
            ("only", self.only.as_str()),
            ("room", &self.room),
            ("q", &self.search),
            ("before", &self.before),
            ("call", &self.call),
            ("find", &self.find),
            ("for", &self.target),
        ]
    }

    /// The path and the query.
    pub fn path(&self) -> String {
        self.with(&[])
    }

    /// The path and the query with other values for these members.
    pub fn with(&self, changed: &[(&str, &str)]) -> String {
        paths::with_changed("/callbacks", &self.members(), changed)
    }

    /// Hidden fields for a form that changes only `changed`.
    pub fn fields_without(&self, changed: &[&str]) -> AnyView {
        let members = self.members().into_iter();
        hidden(members.filter(|(name, _)| !changed.contains(name)))
    }

    /// The hidden field that makes the form of a server function return here.
    pub fn back(&self) -> AnyView {
        hidden([("back", &*self.path())])
    }

    /// The same list without an open call.
    pub fn list(&self) -> String {
        self.with(&[("call", ""), ("find", "")])
    }

    /// The same list with this call open.
    pub fn open(&self, id: CallId) -> String {
        self.with(&[("call", &id.to_string()), ("find", "")])
    }

    /// The list without filters.
    pub fn cleared(&self) -> String {
        let target = self.target.clone();
        let cleared = Self {
            target,
            ..Self::default()
        };
        cleared.path()
    }

    /// Another tab from its beginning; the open call stays open.
    pub fn tab(&self, show: InboxTab) -> String {
        self.with(&[("show", show.as_str()), ("before", "")])
    }

    /// Whether a filter other than the tab applies.
    pub fn is_narrowed(&self) -> bool {
        let texts = [&self.room, &self.search, &self.before];
        self.only != InboxOnly::Everything || texts.iter().any(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_back() {
        let of = |query: &str| Address::of(&Query::of(&format!("/x?{query}").parse().unwrap()));
        let here = of("q=x%26y&only=files&show=auto&room=a+b&other=1");
        let path = "/callbacks?show=auto&only=files&room=a%20b&q=x%26y";
        assert_eq!(here.path(), path);
        assert!(here.is_narrowed() && !of("show=auto").is_narrowed());
        let fields = here.fields_without(&["q", "room"]).to_html();
        assert_eq!(
            fields.replace("<!>", ""),
            "<input type=\"hidden\" name=\"show\" value=\"auto\">\
             <input type=\"hidden\" name=\"only\" value=\"files\">"
        );
        let here = of("show=auto&call=c&before=1.2");
        assert_eq!(here.path(), "/callbacks?show=auto&before=1.2&call=c");
        assert_eq!(here.list(), "/callbacks?show=auto&before=1.2");
        assert_eq!(here.tab(InboxTab::All), "/callbacks?call=c");
        assert_eq!(of("").path(), "/callbacks");
        let here = of("show=auto&q=x&find=y&call=c&for=r");
        assert_eq!(here.list(), "/callbacks?show=auto&q=x&for=r");
        assert_eq!(here.cleared(), "/callbacks?for=r");
    }
}
