//! Saved views: filters of the library under a name, which may be tabs above the list.

use std::fmt;

use strum::VariantArray;

use crate::{
    find::{Archive, Count, Days, Facet, Find},
    ids::{AppId, GroupId, UserId, ViewId},
    time::Timestamp,
    title,
    typed::line,
    user::{GroupName, Role},
    words::as_str,
};

/// The name of a view, not empty. It is unique among the views of an account in an app, compared without case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewName(String);

as_str!(ViewName);

impl ViewName {
    /// The limit in characters.
    pub const LONGEST: usize = title::LONGEST;

    /// Parses a typed name, without white space around it; `None` if it is empty, too long, or has a control
    /// character.
    pub fn parse(typed: &str) -> Option<Self> {
        line(typed, 1..=Self::LONGEST).map(Self)
    }
}

/// The accounts that see a view beside its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shared {
    /// Nobody.
    #[default]
    Me,
    /// The members of a group.
    Group(GroupId),
    /// Everyone who sees the app.
    All,
}

impl Shared {
    const ME: &str = "me";
    const ALL: &str = "all";

    /// Parses `me`, `all`, or the id of a group.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            Self::ME => Some(Self::Me),
            Self::ALL => Some(Self::All),
            id => id.parse().ok().map(Self::Group),
        }
    }
}

impl fmt::Display for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Me => f.write_str(Self::ME),
            Self::All => f.write_str(Self::ALL),
            Self::Group(id) => id.fmt(f),
        }
    }
}

/// The part of a list that a view keeps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListView {
    /// The filters and the order. Each reader finds recordings in the rooms that they reach, and *not seen* means not
    /// seen by the reader.
    pub find: Find,
    /// Whether it is a grid, and not a table.
    pub is_grid: bool,
}

impl ListView {
    /// The parameter that an address of a grid has: its name and its value.
    pub const GRID: (&str, &str) = ("view", "grid");

    /// Reads the parameters of an address.
    pub fn of<'a>(query: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let query: Vec<_> = query.into_iter().collect();
        Self {
            is_grid: query.contains(&Self::GRID),
            find: Find::of(query),
        }
    }

    /// The parameters of its address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let (key, value) = Self::GRID;
        let grid = self.is_grid.then(|| (key, value.to_owned()));
        self.find.pairs().into_iter().chain(grid).collect()
    }
}

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// The account that saved it.
    pub owner: UserId,
    /// The app whose library it is of.
    pub app: AppId,
    /// Its name.
    pub name: ViewName,
    /// The list that it shows.
    pub list: ListView,
    /// The accounts that see it beside its owner.
    pub shared: Shared,
    /// Whether it is a tab above the list.
    pub is_tab: bool,
    /// When it was saved.
    pub created_at: Timestamp,
}

impl SavedView {
    /// Whether an account may rename it, and change who sees it.
    pub fn may_change(&self, by: UserId) -> bool {
        self.owner == by
    }

    /// Whether an account of this role may remove it.
    pub fn may_remove(&self, by: UserId, role: Role) -> bool {
        self.owner == by || role == Role::Admin
    }
}

/// A saved view, with the names of its owner and of its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewRow {
    /// The view.
    pub view: SavedView,
    /// The sign-in name of its owner.
    pub owner: String,
    /// The group that it is shared with.
    pub group: Option<GroupName>,
}

/// The saved views that an account sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Views {
    /// Its own views, then those of others; to an administrator also those of all groups.
    pub rows: Vec<ViewRow>,
    /// The groups that it may share views with.
    pub groups: Vec<(GroupId, GroupName)>,
    /// Whether it may share views.
    pub may_share: bool,
}

/// A view that everybody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, VariantArray)]
pub enum BuiltIn {
    /// All recordings.
    All,
    /// Those that the reader has not opened.
    NotSeen,
    /// Those of the last seven days.
    ThisWeek,
    /// Those with files that are only at the platform.
    NotArchived,
    /// Those that are on hold.
    OnHold,
}

impl BuiltIn {
    /// All, in the order of their tabs.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The recordings that it finds.
    pub fn find(self) -> Find {
        let mut find = Find::default();
        match self {
            Self::All => {}
            Self::NotSeen => find.facets.push(Facet::Unseen),
            Self::ThisWeek => find.days = Some(Days::Last(7)),
            Self::NotArchived => {
                let behind = [Archive::Remote, Archive::Fetching];
                find.facets.extend(behind.map(Facet::Archive));
            }
            Self::OnHold => find.facets.push(Facet::Held),
        }
        find
    }
}

/// A tab above the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Its name.
    pub name: TabName,
    /// The recordings that it finds.
    pub find: Find,
    /// Whether it opens a grid; `None`: what the page has.
    pub is_grid: Option<bool>,
    /// Their number.
    pub count: Count,
}

/// The name of a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TabName {
    /// Of a view that everybody has.
    BuiltIn(BuiltIn),
    /// Of a saved view.
    Saved(ViewName),
}

/// The tabs above the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tabs {
    /// The tabs, those that everybody has first.
    pub tabs: Vec<Tab>,
    /// Whether there are saved views, as tabs or not.
    pub has_saved: bool,
}

impl Tabs {
    /// The place of the tab that finds this: in the same order, or else in another.
    pub fn current(&self, find: &Find) -> Option<usize> {
        let of = |fits: fn(&Find, &Find) -> bool| {
            let mut tabs = self.tabs.iter();
            tabs.position(|tab| fits(&tab.find, find))
        };
        of(|tab, find| tab.finds_as(find) && tab.sort == find.sort).or_else(|| of(Find::finds_as))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::find::Sort;

    #[test]
    fn a_name_is_not_empty() {
        let name = |typed: &str| ViewName::parse(typed).map(|name| name.as_str().to_owned());
        assert_eq!(name("  7B 课程 "), Some("7B 课程".to_owned()));
        for typed in ["", "  ", "a\nb", "x".repeat(81).as_str()] {
            assert_eq!(name(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn a_list_comes_back_from_its_address() {
        let list = ListView::of([("view", "grid"), ("q", "评审"), ("sort", "room")]);
        assert!(list.is_grid);
        let pairs = list.pairs();
        let pairs: Vec<_> = pairs.iter().map(|(key, value)| (*key, &**value)).collect();
        assert_eq!(pairs, [("q", "评审"), ("sort", "room"), ("view", "grid")]);
        assert_eq!(ListView::of(pairs), list);
        assert!(!ListView::of([("view", "list")]).is_grid);
    }

    #[test]
    fn sharing_comes_back_from_its_word() {
        let group = GroupId::from(Uuid::from_u128(7));
        for shared in [Shared::Me, Shared::All, Shared::Group(group)] {
            assert_eq!(Shared::parse(&shared.to_string()), Some(shared));
        }
        assert_eq!(Shared::parse("Me"), None);
    }

    #[test]
    fn the_current_tab_finds_what_the_address_does() {
        let tab = |name: &str, query: &[(&str, &str)]| Tab {
            name: TabName::Saved(ViewName::parse(name).unwrap()),
            find: Find::of(query.iter().copied()),
            is_grid: None,
            count: Count::default(),
        };
        let week = [("last", "7")];
        let by_length = [("last", "7"), ("sort", "longest")];
        let tabs = Tabs {
            tabs: vec![tab("All", &[]), tab("Week", &week), tab("Long", &by_length)],
            has_saved: true,
        };
        let mut find = Find::default();
        assert_eq!(tabs.current(&find), Some(0));
        find.days = Some(Days::Last(7));
        assert_eq!(tabs.current(&find), Some(1));
        find.sort = Sort::Longest;
        assert_eq!(tabs.current(&find), Some(2));
        find.sort = Sort::Largest;
        assert_eq!(tabs.current(&find), Some(1));
        find.facets.push(Facet::Gaps);
        assert_eq!(tabs.current(&find), None);
    }
}
