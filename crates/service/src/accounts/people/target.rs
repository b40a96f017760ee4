//! The account that a use case is about.

use reelroom_domain::{ids::UserId, user::Role};
use reelroom_store::{
    Conn,
    users::{self, User},
};

use super::error::PeopleError;
use crate::{Found, Service, ServiceError};

/// Whether an account could act as an administrator: enabled, and seen at least once.
pub(crate) fn is_acting_admin(user: &User) -> bool {
    user.role == Role::Admin && user.disabled_at.is_none() && user.last_seen_at.is_some()
}

impl Service {
    /// The account of this id, and why it must stay an enabled administrator, if it must. Locks all
    /// administrators until the end of the transaction.
    pub(crate) async fn lock_with_admins(
        &self,
        conn: &mut Conn,
        id: UserId,
    ) -> Result<(User, Option<PeopleError>), ServiceError> {
        let acting = users::count_acting_admins(conn).await?;
        let user = users::get(conn, id).await?.found()?;
        let why = if acting <= 1 && is_acting_admin(&user) {
            Some(PeopleError::LastAdmin)
        } else if user.role == Role::Admin && self.is_break_glass(conn, &user).await? {
            Some(PeopleError::BreakGlass)
        } else {
            None
        };
        Ok((user, why))
    }
}
