//! What of the inbox stands in the address, so that a link, a reload and a page without JavaScript
//! show the same.

use reelroom_domain::{
    ids::CallId,
    inbox::{InboxOnly, InboxTab},
};

use crate::paths;

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked {
    /// The tab.
    pub show: InboxTab,
    /// What else narrows the list.
    pub only: InboxOnly,
    /// Only calls that name this room; empty for all.
    pub room: String,
    /// The search, as typed.
    pub search: String,
    /// Where the page begins; empty for the newest.
    pub before: String,
    /// The call that is open; empty for none.
    pub call: String,
    /// Which recordings to offer to tie it to.
    pub find: String,
}

impl Asked {
    /// From the members of the query.
    pub fn read(get: impl Fn(&str) -> Option<String>) -> Self {
        let get = |name| get(name).unwrap_or_default();
        Self {
            show: InboxTab::read(&get("show")),
            only: InboxOnly::read(&get("only")),
            room: get("room"),
            search: get("q"),
            before: get("before"),
            call: get("call"),
            find: get("find"),
        }
    }

    /// What of it the list depends on.
    pub fn of_list(&self) -> Self {
        Self {
            call: String::new(),
            find: String::new(),
            ..self.clone()
        }
    }

    /// The address that asks for it.
    pub fn path(&self) -> String {
        paths::with_query(
            "/callbacks",
            &[
                ("show", self.show.as_str()),
                ("only", self.only.as_str()),
                ("room", &self.room),
                ("q", &self.search),
                ("before", &self.before),
                ("call", &self.call),
                ("find", &self.find),
            ],
        )
    }

    /// The same list with this call open.
    pub fn open(&self, id: CallId) -> String {
        Self {
            call: id.to_string(),
            ..self.of_list()
        }
        .path()
    }

    /// Another tab of the same list, from its beginning; what is open stays open.
    pub fn tab(&self, show: InboxTab) -> String {
        Self {
            show,
            before: String::new(),
            ..self.clone()
        }
        .path()
    }

    /// Whether anything but the tab narrows the list.
    pub fn is_narrowed(&self) -> bool {
        self.only != InboxOnly::Everything || !self.room.is_empty() || !self.search.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_back() {
        let asked = Asked {
            show: InboxTab::Auto,
            only: InboxOnly::Files,
            room: "a b".to_owned(),
            search: "x&y".to_owned(),
            ..Asked::default()
        };
        assert_eq!(
            asked.path(),
            "/callbacks?show=auto&only=files&room=a%20b&q=x%26y"
        );
        assert_eq!(Asked::default().path(), "/callbacks");
        let query = |name: &str| match name {
            "show" => Some("auto".to_owned()),
            "call" => Some("c".to_owned()),
            "before" => Some("1.2".to_owned()),
            _ => None,
        };
        let asked = Asked::read(query);
        assert_eq!(asked.path(), "/callbacks?show=auto&before=1.2&call=c");
        assert_eq!(asked.of_list().path(), "/callbacks?show=auto&before=1.2");
        assert_eq!(asked.tab(InboxTab::All), "/callbacks?call=c");
    }
}
