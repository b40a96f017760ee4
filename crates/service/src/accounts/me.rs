//! An account for its own page, and its preferences.

use reelroom_domain::{
    account::{Choice, CodeUse, FactorView, MyAccount, Preference, Preferences, SessionView},
    user::Role,
};
use reelroom_store::{
    factors::{self, Factor, RecoveryCode},
    sessions, users,
};

use super::{rules::sign_in_rules, session_view::view_of};
use crate::{
    Browser, Found, Principal, Service, ServiceError, SessionToken, SignedIn, ground::totp,
};

impl Service {
    /// The account, with its sessions, that of this browser first.
    pub async fn my_account(
        &self,
        by: &Principal,
        browser: &Browser,
    ) -> Result<MyAccount, ServiceError> {
        let mut read = self.0.store.read().await?;
        let user = users::get(&mut read, by.user).await?.found()?;
        let rules = sign_in_rules(&mut read).await?;
        let codes = factors::codes(&mut read, user.id).await?;
        let factor = factors::get(&mut read, user.id).await?;
        let sessions = sessions::of_user(&mut read, user.id, self.now()).await?;
        let this = browser.session.as_ref().map(SessionToken::hash);
        let mut here = sessions.iter().filter(|one| Some(one.token) == this);
        let from_single_sign_on = here.any(|one| one.provider_session.is_some());
        let sessions = sessions.into_iter().map(|one| view_of(one, browser));
        let mut sessions: Vec<SessionView> = sessions.collect();
        sessions.sort_by_key(|session| !session.is_this);
        Ok(MyAccount {
            preferences: users::preferences(&mut read, user.id).await?,
            name: user.name,
            person: user.person,
            role: user.role,
            rights: user.rights,
            password_at: user.password_hash.and(user.password_at),
            factor: factor.map(|factor| shown_factor(&factor, codes)),
            factor_is_demanded: user.role == Role::Admin && rules.admins_need_second_factor,
            from_single_sign_on,
            sessions,
            rules,
        })
    }

    /// Stores a preference of the account; `None` to use that of the browser or the device.
    pub async fn choose(
        &self,
        by: &Principal,
        what: Preference,
        choice: Option<&Choice>,
    ) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        users::set_preference(&mut tx, by.user, what, choice).await?;
        Ok(tx.commit().await?)
    }

    /// The preferences of an account that has signed in, for the cookies of its browser.
    pub async fn preferences_of(&self, signed_in: &SignedIn) -> Result<Preferences, ServiceError> {
        Ok(users::preferences(&mut *self.0.store.read().await?, signed_in.device.user).await?)
    }
}

fn shown_factor(factor: &Factor, codes: Vec<RecoveryCode>) -> FactorView {
    let all = codes.len();
    let used = codes.into_iter().filter_map(|code| {
        let from = code.used_from;
        code.used_at.map(|at| CodeUse { at, from })
    });
    let mut used: Vec<CodeUse> = used.collect();
    used.sort_by_key(|code| code.at);
    FactorView {
        since: factor.since,
        last_used: totp::begin_of(factor.step),
        codes: all,
        used,
    }
}
