//! All accounts and groups, and what the pages show of them.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use reelroom_domain::{
    access::{Access, Grant, Reach, Rights},
    ids::{AppId, GroupId, UserId},
    people::{Fits, GrantLine, GroupView, Member, Membership, PersonRow},
    time::Timestamp,
    user::{GroupName, Role},
};
use reelroom_store::{
    Conn, StoreError,
    apps::{self, App},
    grants,
    groups::{self, Group},
    links, rooms,
    scope::rooms_within,
    users::{self, User},
};

/// The most rooms that are named beside their number.
const NAMED: usize = 3;

/// All accounts and groups.
pub(super) struct Known {
    pub apps: Vec<App>,
    pub users: Vec<User>,
    groups: Vec<Group>,
    /// Each membership, and whether it comes from single sign-on.
    members: Vec<(UserId, GroupId, bool)>,
    of_users: HashMap<UserId, Vec<Grant>>,
    of_groups: HashMap<GroupId, Vec<Grant>>,
    links: HashMap<UserId, Timestamp>,
}

impl Known {
    pub async fn load(conn: &mut Conn, now: Timestamp) -> Result<Self, StoreError> {
        Ok(Self {
            apps: apps::list(conn).await?,
            users: users::list(conn).await?,
            groups: groups::list(conn).await?,
            members: groups::members(conn).await?,
            of_users: grouped(grants::of_users(conn).await?),
            of_groups: grouped(grants::of_groups(conn).await?),
            links: links::open(conn, now).await?.into_iter().collect(),
        })
    }

    /// The name of an app; its id where the app was removed.
    fn app_name(&self, id: AppId) -> String {
        let app = self.apps.iter().find(|app| app.id == id);
        app.map_or_else(|| id.to_string(), |app| app.name.clone())
    }

    fn line(&self, grant: &Grant, through: Option<&GroupName>) -> GrantLine {
        GrantLine {
            grant: grant.clone(),
            app: grant
                .app()
                .map(|app| self.app_name(app))
                .unwrap_or_default(),
            through: through.cloned(),
            fits: None,
        }
    }

    /// The groups of each account, in the order of the groups.
    fn memberships(&self) -> HashMap<UserId, Vec<(&Group, bool)>> {
        let by_id: HashMap<_, _> = self.groups.iter().map(|group| (group.id, group)).collect();
        let members = self.members.iter().filter_map(|(user, group, from_claim)| {
            let group = *by_id.get(group)?;
            Some((*user, (group, *from_claim)))
        });
        grouped(members)
    }

    /// Every account, by name.
    pub fn rows(&self) -> Vec<PersonRow> {
        let groups = self.memberships();
        let users = self.users.iter();
        users
            .map(|user| {
                let groups = groups.get(&user.id).map(Vec::as_slice);
                self.row(user, groups.unwrap_or_default())
            })
            .collect()
    }

    fn row(&self, user: &User, groups: &[(&Group, bool)]) -> PersonRow {
        let own = self.of_users.get(&user.id).into_iter().flatten();
        let own = own.map(|grant| self.line(grant, None));
        let through = groups.iter().flat_map(|(group, _)| {
            let grants = self.of_groups.get(&group.id).into_iter().flatten();
            grants.map(move |grant| self.line(grant, Some(&group.name)))
        });
        let memberships = groups.iter().map(|(group, from_claim)| Membership {
            id: group.id,
            name: group.name.clone(),
            from_claim: *from_claim,
        });
        PersonRow {
            id: user.id,
            name: user.name.clone(),
            person: user.person.clone(),
            role: user.role,
            rights: user.rights.clone(),
            grants: own.chain(through).collect(),
            groups: memberships.collect(),
            disabled_at: user.disabled_at,
            last_seen_at: user.last_seen_at,
            link_until: self.links.get(&user.id).copied(),
        }
    }

    /// Every group, by name, with the number of rooms that it reaches.
    pub async fn groups(&self, conn: &mut Conn) -> Result<Vec<GroupView>, StoreError> {
        let mut views = Vec::new();
        for group in &self.groups {
            let grants = self.of_groups.get(&group.id).cloned().unwrap_or_default();
            let lines = grants.iter().map(|grant| self.line(grant, None));
            let mut lines: Vec<GrantLine> = lines.collect();
            count_fits(conn, &mut lines).await?;
            let ids = self.members.iter().filter(|(_, of, _)| *of == group.id);
            let ids: HashSet<UserId> = ids.map(|(user, ..)| *user).collect();
            let members = self.users.iter().filter(|user| ids.contains(&user.id));
            views.push(GroupView {
                id: group.id,
                name: group.name.clone(),
                claim: group.claim.clone(),
                members: members
                    .map(|user| Member {
                        id: user.id,
                        name: user.name.clone(),
                        person: user.person.clone(),
                    })
                    .collect(),
                rooms: self.rooms_seen(conn, Role::Viewer, grants).await?,
                grants: lines,
            });
        }
        Ok(views)
    }

    /// The number of rooms of all apps that an account of this role with these grants sees.
    pub async fn rooms_seen(
        &self,
        conn: &mut Conn,
        role: Role,
        grants: Vec<Grant>,
    ) -> Result<u32, StoreError> {
        let rights = Rights::default();
        let access = Access {
            role,
            rights,
            grants,
        };
        let mut seen = 0;
        for app in &self.apps {
            let Some(reach) = access.reach(app.id) else {
                continue;
            };
            seen += match rooms_within(conn, app.id, &reach).await? {
                None => rooms::count(conn, app.id).await?,
                Some(only) => u32::try_from(only.len()).unwrap_or(u32::MAX),
            };
        }
        Ok(seen)
    }
}

/// Counts the rooms that each prefix fits today.
pub(super) async fn count_fits(conn: &mut Conn, lines: &mut [GrantLine]) -> Result<(), StoreError> {
    for line in lines {
        let Grant::Prefix { app, prefix } = &line.grant else {
            continue;
        };
        let reach = Reach::Some {
            rooms: HashSet::new(),
            prefixes: HashSet::from([prefix.clone()]),
        };
        let mut first = rooms_within(conn, *app, &reach).await?.unwrap_or_default();
        let rooms = u32::try_from(first.len()).unwrap_or(u32::MAX);
        first.sort_unstable();
        first.truncate(NAMED);
        line.fits = Some(Fits { rooms, first });
    }
    Ok(())
}

/// The values of each key, in their order.
fn grouped<K: Eq + Hash, V>(pairs: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut grouped: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in pairs {
        grouped.entry(key).or_default().push(value);
    }
    grouped
}
