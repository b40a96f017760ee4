use reelroom_domain::{case::CaseRow, ids::CaseId, search::fold};
use strum::{EnumString, IntoStaticStr};

use crate::{paths, query::Query};

/// A choice of cases to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Which {
    /// Cases that are not closed.
    #[default]
    Open,
    /// Closed cases.
    Closed,
    /// All.
    All,
}

impl Which {
    /// Each, in the order of the choice.
    pub const ALL: [Self; 3] = [Self::Open, Self::Closed, Self::All];

    /// Whether a case is one of them.
    pub const fn has(self, row: &CaseRow) -> bool {
        match self {
            Self::Open => row.case.closed.is_none(),
            Self::Closed => row.case.closed.is_some(),
            Self::All => true,
        }
    }

    /// Its word in an address; empty for the default.
    pub fn as_str(self) -> &'static str {
        if self == Self::Open { "" } else { self.into() }
    }
}

/// The state of the page in its address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// The cases to list.
    pub which: Which,
    /// The search, as typed.
    pub search: String,
    /// The id of the open case; may be empty.
    pub open: String,
    /// The cursor of the page of its recordings; empty for the first.
    pub after: String,
    /// Whether the form of a new case is open.
    pub new: bool,
    /// Whether the form that changes the case is open.
    pub edit: bool,
    /// Whether the dialog that closes the case is open.
    pub close: bool,
    /// The recording that an open dialog releases; may be empty.
    pub release: String,
}

impl Address {
    /// Reads it from a query.
    pub fn of(query: &Query) -> Self {
        let is_set = |name| !query.get(name).is_empty();
        Self {
            which: query.get("show").parse().unwrap_or_default(),
            search: query.get("q").trim().to_owned(),
            open: query.get("open").to_owned(),
            after: query.get("after").to_owned(),
            new: is_set("new"),
            edit: is_set("edit"),
            close: is_set("close"),
            release: query.get("release").to_owned(),
        }
    }

    /// The address of the page with the filters, and with these parameters.
    fn with(&self, query: &[(&str, &str)]) -> String {
        let filters = [("show", self.which.as_str()), ("q", &*self.search)];
        let list = paths::with_query(paths::CASES, &filters);
        paths::with_query(&list, query)
    }

    /// The list without an open case.
    pub fn list(&self) -> String {
        self.with(&[])
    }

    /// Another choice of cases.
    pub fn show(&self, which: Which) -> String {
        let other = Self {
            which,
            ..self.clone()
        };
        other.with(&[("open", &self.open)])
    }

    /// The page with an open case.
    pub fn case(&self, id: CaseId) -> String {
        self.with(&[("open", &id.to_string())])
    }

    /// The page without forms and dialogs.
    pub fn here(&self) -> String {
        self.page(&self.after)
    }

    /// Another page of the recordings of the open case; the first one if the cursor is empty.
    pub fn page(&self, after: &str) -> String {
        self.with(&[("open", &self.open), ("after", after)])
    }

    /// The page with this form or dialog.
    pub fn opening(&self, what: &str) -> String {
        paths::with_query(&self.here(), &[(what, "yes")])
    }

    /// The page with the dialog that releases a recording.
    pub fn releasing(&self, id: &str) -> String {
        paths::with_query(&self.here(), &[("release", id)])
    }

    /// Whether the search finds a case: its number, name or reason has each word.
    pub fn finds(&self, row: &CaseRow) -> bool {
        let text = &row.case.text;
        let text = fold(&format!("{} {} {}", text.number, text.name, text.reason));
        let search = fold(&self.search);
        search.split_whitespace().all(|word| text.contains(word))
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        case::{Case, CaseText},
        time::Timestamp,
    };

    use super::*;

    const ID: &str = "0192f00d0192f00d0192f00d0192f00d";

    #[test]
    fn an_address_keeps_its_filters() {
        let here = Address::of(&Query::parse("show=closed&q=+board+&open=x&edit=yes"));
        assert!(here.edit && !here.new && !here.close);
        assert_eq!(here.here(), "/cases?show=closed&q=board&open=x");
        assert_eq!(here.show(Which::Open), "/cases?q=board&open=x");
        assert_eq!(
            here.opening("close"),
            "/cases?show=closed&q=board&open=x&close=yes"
        );
        assert_eq!(
            here.page("1.2"),
            "/cases?show=closed&q=board&open=x&after=1.2"
        );
        let next = Address::of(&Query::parse("open=x&after=1.2&release=y"));
        assert_eq!(next.here(), "/cases?open=x&after=1.2");
        assert_eq!(next.releasing("y"), "/cases?open=x&after=1.2&release=y");
        assert_eq!(next.page(""), "/cases?open=x");
        assert_eq!(Address::default().list(), "/cases");
    }

    #[test]
    fn a_search_finds_number_name_and_reason() {
        let row = CaseRow {
            case: Case {
                id: ID.parse().unwrap(),
                text: CaseText {
                    number: "2026-31".to_owned(),
                    name: "Audit of the Board".to_owned(),
                    reason: "监管问询".to_owned(),
                    reference: String::new(),
                },
                opened_at: Timestamp::default(),
                opened_by: ID.parse().unwrap(),
                opened_name: "ada".to_owned(),
                closed: None,
            },
            held: 0,
            changed_at: Timestamp::default(),
        };
        let finds = |search: &str| {
            let here = Address {
                search: search.to_owned(),
                ..Address::default()
            };
            here.finds(&row)
        };
        assert!(finds("") && finds("board 2026") && finds("问询"));
        assert!(!finds("board 2027"));
        assert!(Which::Open.has(&row) && Which::All.has(&row) && !Which::Closed.has(&row));
    }
}
