//! The state of the page in its address, so that a link and a reload show the same.

use leptos::prelude::*;
use reelroom_domain::{access::Right, find::Days, search::SearchText, user::Role};
use reelroom_service::PeopleQuery;

use crate::{
    components::hidden, current_app::CurrentApp, form::yes, paths, query::Query, reader::Reader,
};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// The tab of the groups.
    pub groups: bool,
    /// The search, as typed.
    pub search: String,
    /// Only people of this role; empty for all.
    pub role: String,
    /// Only people with this right; empty for all.
    pub right: String,
    /// Only members of this group; empty for all.
    pub group: String,
    /// Disabled people, too.
    pub disabled: bool,
    /// The last person of the page before; empty for the first page.
    pub after: String,
    /// The person or group that is open; empty for none.
    pub open: String,
    /// The form for a new person is open.
    pub add: bool,
}

impl Address {
    /// Reads the state from a query.
    pub fn of(query: &Query) -> Self {
        let get = |name| query.get(name).to_owned();
        Self {
            groups: query.get("show") == "groups",
            search: get("q"),
            role: get("with_role"),
            right: get("with_right"),
            group: get("in_group"),
            disabled: !query.get("disabled").is_empty(),
            after: get("after"),
            open: get("open"),
            add: !query.get("add").is_empty(),
        }
    }

    /// The query for the service; values that are not known filter nothing.
    pub fn query(&self, reader: &Reader) -> PeopleQuery {
        let (today, _) = reader.between(Some(Days::Last(1)));
        PeopleQuery {
            search: SearchText::parse(&self.search),
            role: Role::parse(&self.role),
            right: Right::parse(&self.right),
            group: self.group.parse().ok(),
            with_disabled: self.disabled,
            today: today.unwrap_or(reader.now),
            after: self.after.parse().ok(),
        }
    }

    /// The path and the query with other values for these members.
    fn with(&self, changed: &[(&str, &str)]) -> String {
        let members = [
            ("show", if self.groups { "groups" } else { "" }),
            ("q", &self.search),
            ("with_role", &self.role),
            ("with_right", &self.right),
            ("in_group", &self.group),
            ("disabled", yes(self.disabled)),
            ("after", &self.after),
            ("open", &self.open),
            ("add", yes(self.add)),
        ];
        CurrentApp::expect().to(&paths::with_changed(paths::PEOPLE, &members, changed))
    }

    /// The same list with this person or group open; empty for none.
    pub fn opening(&self, id: &str) -> String {
        self.with(&[("open", id), ("add", "")])
    }

    /// The same list with the form for a new person.
    pub fn adding(&self) -> String {
        self.with(&[("show", ""), ("open", ""), ("add", "yes")])
    }

    /// The page of the list after this person; empty for the first one.
    pub fn page(&self, after: &str) -> String {
        self.with(&[("after", after)])
    }

    /// The list of the same filters with the disabled people, too.
    pub fn with_disabled(&self) -> String {
        self.with(&[("disabled", "yes"), ("after", "")])
    }

    /// A tab without filters.
    pub fn tab(groups: bool) -> String {
        let show = if groups { "groups" } else { "" };
        Self::default().with(&[("show", show)])
    }

    /// Hidden fields that keep the open person while the filter changes.
    pub fn kept(&self) -> AnyView {
        hidden([("open", &*self.open)])
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use reelroom_domain::time::Timestamp;

    use super::*;
    use crate::reader::Zone;

    #[test]
    fn the_address_is_read_back() {
        let of = |query: &str| Address::of(&Query::of(&format!("/x?{query}").parse().unwrap()));
        Owner::new().with(|| {
            provide_context(CurrentApp::new(""));
            let here = of("q=x%26y&with_role=viewer&disabled=1&after=z&open=a&name=typed");
            let first = "/settings/people?q=x%26y&with_role=viewer&disabled=yes";
            let path = format!("{first}&after=z");
            assert_eq!(here.with(&[]), format!("{path}&open=a"));
            assert_eq!(here.opening("b"), format!("{path}&open=b"));
            assert_eq!(here.adding(), format!("{path}&add=yes"));
            assert_eq!(here.page("y"), format!("{first}&after=y&open=a"));
            assert_eq!(here.page(""), format!("{first}&open=a"));
            assert_eq!(Address::tab(true), "/settings/people?show=groups");
            assert_eq!(of("").with(&[]), "/settings/people");
            let with = of("q=x&after=z").with_disabled();
            assert_eq!(with, "/settings/people?q=x&disabled=yes");
        });
    }

    #[test]
    fn a_day_begins_at_midnight_of_the_reader() {
        // 14:27:05 in Shanghai; noon in Berlin on the day that has 23 hours.
        for (zone, now, day) in [
            ("Asia/Shanghai", 1_795_328_825_000, 22),
            ("Europe/Berlin", 1_774_778_400_000, 29),
        ] {
            let reader = Reader {
                zone: Zone::find(zone).unwrap(),
                ..Reader::of(&HeaderMap::new(), Timestamp::from_millis(now))
            };
            let begin = Address::default().query(&reader).today;
            let local = reader.zone.civil(begin);
            let time = (local.day, local.hour, local.minute, local.second);
            assert_eq!(time, (day, 0, 0, 0), "{zone}");
        }
    }
}
