//! The list of accounts and groups.

use reelroom_domain::{
    access::{Right, Thing, Verb},
    ids::{GroupId, UserId},
    people::{PeopleView, PersonRow},
    room::RoomId,
    search::SearchText,
    time::Timestamp,
    user::Role,
};

use super::known::Known;
use crate::{Principal, Service, ServiceError};

/// The most accounts on a page.
const MOST: usize = 200;

/// The accounts to list.
#[derive(Debug, Clone, Default)]
pub struct PeopleQuery {
    /// Only those whose name, person's name, or granted room or prefix contains this, ignoring case.
    pub search: Option<SearchText>,
    /// Only those of this role.
    pub role: Option<Role>,
    /// Only those with this right.
    pub right: Option<Right>,
    /// Only the members of this group.
    pub group: Option<GroupId>,
    /// Whether disabled ones are listed, too.
    pub with_disabled: bool,
    /// When the reader's day began.
    pub today: Timestamp,
    /// Only those after this account: [`PeopleView::next`] of the page before.
    pub after: Option<UserId>,
}

impl PeopleQuery {
    fn finds(&self, row: &PersonRow) -> bool {
        (self.with_disabled || row.disabled_at.is_none()) && self.matches(row)
    }

    /// Whether it finds an account, disabled or not.
    fn matches(&self, row: &PersonRow) -> bool {
        let search = self.search.as_ref();
        let search = search.map(|search| search.as_str().to_lowercase());
        self.role.is_none_or(|role| role == row.role)
            && self.right.is_none_or(|right| row.rights.has(right))
            && self
                .group
                .is_none_or(|id| row.groups.iter().any(|group| group.id == id))
            && search.is_none_or(|search| contains(row, &search))
    }
}

/// Whether the names of an account or its grants contain a text in lower case.
fn contains(row: &PersonRow, text: &str) -> bool {
    let rooms = row.grants.iter().filter_map(|line| line.grant.room());
    let rooms = rooms.map(RoomId::as_str);
    let mut texts = [row.name.as_str(), row.person.as_str()]
        .into_iter()
        .chain(rooms);
    texts.any(|one| one.to_lowercase().contains(text))
}

impl Service {
    /// A page of the accounts that `query` finds, and all groups; the first page if [`PeopleQuery::after`] is unknown.
    pub async fn people(
        &self,
        by: &Principal,
        query: &PeopleQuery,
    ) -> Result<PeopleView, ServiceError> {
        by.require(Verb::See, Thing::People)?;
        let mut read = self.0.store.read().await?;
        let known = Known::load(&mut read, self.now()).await?;
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let is_today = |row: &&PersonRow| row.last_seen_at.is_some_and(|at| at >= query.today);
        let everyone = known.rows();
        let enabled = everyone.iter().filter(|row| row.disabled_at.is_none());
        let seen_today = number(enabled.clone().filter(is_today).count());
        let enabled = number(enabled.count());
        let disabled = number(everyone.len()) - enabled;
        let found = number(everyone.iter().filter(|row| query.finds(row)).count());
        let left_out = number(everyone.iter().filter(|row| query.matches(row)).count()) - found;
        // Searched among all accounts: the filter may leave out the last one of the page before now.
        let last = query.after;
        let last = last.and_then(|id| everyone.iter().position(|row| row.id == id));
        let begin = last.map_or(0, |last| last + 1);
        let rest = everyone.into_iter().skip(begin);
        let rest = rest.filter(|row| query.finds(row));
        let mut rows: Vec<PersonRow> = rest.take(MOST + 1).collect();
        let has_more = rows.len() > MOST;
        rows.truncate(MOST);
        let next = rows.last().filter(|_| has_more).map(|row| row.id);
        Ok(PeopleView {
            enabled,
            disabled,
            seen_today,
            found,
            left_out,
            rows,
            next,
            groups: known.groups(&mut read).await?,
            apps: known
                .apps
                .iter()
                .map(|app| (app.id, app.name.clone()))
                .collect(),
            may_change: by.may(Verb::Change, Thing::People),
            may_export: by.may(Verb::Export, Thing::People),
            passwords_off: self.passwords_off_for(&mut read).await?,
        })
    }
}
