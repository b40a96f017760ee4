//! Change the name, the role and the rights of an account.

use std::collections::BTreeMap;

use reelroom_domain::{
    access::{Rights, Thing, Verb},
    act::{Act, ActKind},
    ids::UserId,
    user::{PersonName, Role},
    visible::hides_in_name,
};
use reelroom_store::{
    acts, sessions,
    users::{self, User},
};

use super::error::PeopleError;
use crate::{Browser, Principal, Service};

/// The parts of an account that can be changed.
#[derive(Debug, Clone)]
pub struct PersonChange {
    /// The person's name, as typed; may be empty.
    pub person: String,
    /// The role.
    pub role: Role,
    /// The rights.
    pub rights: Rights,
}

impl Service {
    /// Changes an account. Another role or other rights end its sessions.
    pub async fn change_person(
        &self,
        by: &Principal,
        browser: &Browser,
        id: UserId,
        change: PersonChange,
    ) -> Result<(), PeopleError> {
        by.require(Verb::Change, Thing::People)?;
        let person = checked_person_name(&change.person)?;
        let (role, rights) = (change.role, change.rights);
        let mut tx = self.0.store.write().await?;
        let (user, must_stay) = self.lock_with_admins(&mut tx, id).await?;
        if let Some(why) = must_stay.filter(|_| role != Role::Admin) {
            return Err(why);
        }
        let detail = changed(&user, &person, role, &rights);
        if detail.is_empty() {
            return Ok(());
        }
        users::set_access(&mut tx, id, &person, role, &rights).await?;
        let mut ended = Vec::new();
        if (role, &rights) != (user.role, &user.rights) {
            ended = sessions::delete_of_user(&mut tx, id, None).await?;
        }
        let act = Act {
            detail,
            ..self.act_about(by, browser, ActKind::AccountChanged, &user.name)
        };
        acts::commit(tx, &act).await?;
        self.publish_ended(ended);
        tracing::info!(name = user.name, by = by.name, "account changed");
        Ok(())
    }
}

pub(super) fn checked_person_name(name: &str) -> Result<PersonName, PeopleError> {
    let name = PersonName::parse(name).ok();
    let name = name.filter(|name| !name.as_str().contains(hides_in_name));
    name.ok_or(PeopleError::Person)
}

/// The old and the new value of what is changed, by name: `role_from` and `role_to`.
fn changed(
    user: &User,
    person: &PersonName,
    role: Role,
    rights: &Rights,
) -> BTreeMap<String, String> {
    let (rights_from, rights_to) = (user.rights.to_string(), rights.to_string());
    let values = [
        ("person", user.person.as_str(), person.as_str()),
        ("role", user.role.as_str(), role.as_str()),
        ("rights", rights_from.as_str(), rights_to.as_str()),
    ];
    let changed = values.into_iter().filter(|(_, from, to)| from != to);
    changed
        .flat_map(|(name, from, to)| {
            let from = (format!("{name}_from"), from.to_owned());
            [from, (format!("{name}_to"), to.to_owned())]
        })
        .collect()
}
