//! The filter in the address.

use leptos::prelude::*;
use reelroom_domain::{
    act::{ActFilter, ActGroup},
    search::SearchText,
};

use crate::{components::hidden, current_app::CurrentApp, paths, query::Query, reader::Zone};

/// The filter of the history, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// The search.
    pub search: String,
    /// The first day: `2026-11-21`; empty for all.
    pub from: String,
    /// The last day.
    pub to: String,
    /// Only of this sign-in name.
    pub person: String,
    /// Only of these groups; empty for all.
    pub what: Vec<ActGroup>,
    /// Only from this address.
    pub address: String,
    /// Only about the recording of this id.
    pub recording: String,
    /// The cursor of the page; empty for the newest.
    pub before: String,
}

impl Filter {
    /// Reads the filter from a query, without unknown groups.
    pub fn of(query: &Query) -> Self {
        let get = |name| query.get(name).trim().to_owned();
        let what = query.get("what").split(',');
        Self {
            search: get("q"),
            from: get("from"),
            to: get("to"),
            person: get("person"),
            what: what.filter_map(ActGroup::parse).collect(),
            address: get("address"),
            recording: get("recording"),
            before: get("before"),
        }
    }

    /// The filter for the service. Days are of this zone; an invalid day or id is ignored.
    pub fn acts(&self, zone: &Zone) -> ActFilter {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        ActFilter {
            from: zone.day(&self.from).map(|(begin, _)| begin),
            to: zone.day(&self.to).map(|(_, end)| end),
            name: given(&self.person),
            kinds: self.what.iter().flat_map(|group| group.kinds()).collect(),
            address: given(&self.address),
            recording: self.recording.parse().ok(),
            search: SearchText::parse(&self.search),
            up_to: None,
        }
    }

    fn members(&self) -> [(&'static str, String); 8] {
        [
            ("q", self.search.clone()),
            ("from", self.from.clone()),
            ("to", self.to.clone()),
            ("person", self.person.clone()),
            ("what", words(&self.what)),
            ("address", self.address.clone()),
            ("recording", self.recording.clone()),
            ("before", self.before.clone()),
        ]
    }

    /// The address with other values for these members, from the first page unless they name another.
    pub fn with(&self, changed: &[(&str, &str)]) -> String {
        let members = self.members();
        let members = members.each_ref().map(|(name, value)| (*name, &**value));
        let changed = [changed, &[("before", "")]].concat();
        paths::with_changed("/settings/history", &members, &changed)
    }

    /// As [`Filter::with`], in the current app.
    pub fn link(&self, changed: &[(&str, &str)]) -> String {
        CurrentApp::expect().to(&self.with(changed))
    }

    /// The address with this group added, or taken out.
    pub fn toggled(&self, group: ActGroup) -> String {
        let mut what = self.what.clone();
        if self.what.contains(&group) {
            what.retain(|other| *other != group);
        } else {
            what.push(group);
        }
        self.link(&[("what", &words(&what))])
    }

    /// Hidden fields for a form that changes only `changed`, and begins with the first page.
    pub fn fields_without(&self, changed: &[&str]) -> AnyView {
        let members = self.members();
        let members = members.iter().map(|(name, value)| (*name, &**value));
        hidden(members.filter(|(name, _)| *name != "before" && !changed.contains(name)))
    }

    /// Whether any filter applies.
    pub fn is_narrowed(&self) -> bool {
        let all = Self {
            before: self.before.clone(),
            ..Self::default()
        };
        *self != all
    }
}

fn words(what: &[ActGroup]) -> String {
    let words: Vec<&str> = what.iter().map(|group| group.as_str()).collect();
    words.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Filter {
        Filter::of(&Query::of(&format!("/x?{query}").parse().unwrap()))
    }

    #[test]
    fn the_address_is_read_back() {
        let query = "q=a%26b&from=2026-11-21&to=2026-11-22&person=u%201&what=watched,nope,people&before=1.2";
        let filter = of(query);
        assert_eq!(
            filter.with(&[]),
            "/settings/history?q=a%26b&from=2026-11-21&to=2026-11-22&person=u%201&what=watched%2Cpeople"
        );
        assert_eq!(
            of(filter.with(&[]).split_once('?').unwrap().1).with(&[]),
            filter.with(&[])
        );
        let narrowed = [filter.is_narrowed(), of("before=1.2").is_narrowed()];
        assert_eq!(narrowed, [true, false]);
        let page = filter.with(&[("q", ""), ("from", ""), ("to", ""), ("before", "3.4")]);
        assert_eq!(
            page,
            "/settings/history?person=u%201&what=watched%2Cpeople&before=3.4"
        );
        let fields = filter
            .fields_without(&["q", "from", "to", "what"])
            .to_html();
        assert_eq!(
            fields.replace("<!>", ""),
            "<input type=\"hidden\" name=\"person\" value=\"u 1\">"
        );
    }

    #[test]
    fn days_are_those_of_the_zone() {
        let zone = Zone::find("Asia/Shanghai").unwrap();
        let filter = of("from=2026-11-22&to=2026-11-22&recording=x&address=").acts(&zone);
        let (from, to) = (filter.from.unwrap(), filter.to.unwrap());
        assert_eq!(
            (from.as_millis(), to.since(from)),
            (1_795_276_800_000, 86_400_000)
        );
        assert_eq!(
            (filter.recording, filter.address, filter.name),
            (None, None, None)
        );
        assert_eq!(of("from=tomorrow").acts(&zone), ActFilter::default());
    }
}
