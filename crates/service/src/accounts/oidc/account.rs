//! The account of a person whom the provider has signed in.

use std::iter;

use reelroom_domain::{
    access::Rights,
    act::{ActKind, DISABLED, detail},
    people::SINGLE_SIGN_ON,
    user::Role,
};
use reelroom_store::{
    Conn, acts, groups,
    sessions::{self, TokenHash},
    users::{self, User},
};

use super::{claims::Claims, error::SignOnError};
use crate::{
    Browser, Secret, Service, ServiceError, SignedIn, accounts::session::Proof,
    ground::config::OidcConfig,
};

impl Service {
    /// Opens a session for the account of the claims, which the first sign-in adds. Ends the browser's former
    /// session, and all sessions of the account if its role changes. An account that must stay an administrator
    /// keeps its role.
    pub(super) async fn sign_on(
        &self,
        browser: &Browser,
        claims: Claims,
        id_token: &str,
    ) -> Result<SignedIn, SignOnError> {
        let config = &self.provider()?.config;
        let mut tx = self.0.store.write().await?;
        let found = users::by_subject(&mut tx, &config.issuer, &claims.subject).await?;
        let mut user = match found {
            Some(user) => user,
            None => self.add_claimed(&mut tx, config, &claims, browser).await?,
        };
        if user.disabled_at.is_some() {
            let by = Some((user.id, &*user.name));
            let act = self.act(by, browser, ActKind::SignInRefused);
            let act = act
                .with(detail::REFUSED, DISABLED)
                .with("provider", config.host());
            acts::commit(tx, &act).await?;
            tracing::info!(name = user.name, "single sign-on: a disabled account");
            return Err(SignOnError::Disabled);
        }
        let mut ended = Vec::new();
        if let Some(role) = config
            .role_of(&claims.groups)
            .filter(|role| *role != user.role)
        {
            let (_, must_stay) = self.lock_with_admins(&mut tx, user.id).await?;
            if let Some(why) = must_stay {
                let role = role.as_str();
                tracing::warn!(name = user.name, role, %why, "single sign-on: the role stays");
            } else {
                ended = self.change_role(&mut tx, &user, role, browser).await?;
                user.role = role;
            }
        }
        let has_other_groups = groups::set_claimed(&mut tx, user.id, &claims.groups).await?;
        let (vault, rng) = (&self.0.vault, &self.0.rng);
        let sealed = vault.seal(&user.id.to_string(), &Secret::new(id_token), rng);
        let proof = Proof {
            second_factor: claims.second_factor,
            provider: Some((claims.session, sealed.map_err(ServiceError::from)?)),
        };
        let signed_in = self.enter(tx, &user, browser, proof).await?;
        // Disabled just now.
        let signed_in = signed_in.ok_or(SignOnError::Disabled)?;
        self.publish_ended(ended);
        if has_other_groups {
            self.publish_access([user.id]);
        }
        Ok(signed_in)
    }

    /// Adds the account of a new subject, without rights and grants, which claims do not give. If another account
    /// has the name, it is another person's, and a number is added to the name.
    async fn add_claimed(
        &self,
        conn: &mut Conn,
        config: &OidcConfig,
        claims: &Claims,
        browser: &Browser,
    ) -> Result<User, SignOnError> {
        if users::count(conn).await? == 0 {
            tracing::warn!("single sign-on: the first administrator is not set up yet");
            return Err(SignOnError::Refused);
        }
        let role = config.role_of(&claims.groups).unwrap_or(Role::Viewer);
        let wanted = &claims.name;
        let numbered = (2..10).map(|number| format!("{wanted}-{number}"));
        let at_random = iter::repeat_with(|| format!("{wanted}-{}", self.0.rng.word(6)));
        let names = iter::once(wanted.clone()).chain(numbered).chain(at_random);
        let mut user = User {
            person: claims.person.clone(),
            rights: Rights::default(),
            created_by: SINGLE_SIGN_ON.to_owned(),
            ..self.new_user(wanted, None, role)
        };
        for name in names {
            user.name = name;
            if users::insert(conn, &user).await? {
                break;
            }
        }
        users::set_subject(conn, user.id, &config.issuer, &claims.subject).await?;
        let act = self.act(None, browser, ActKind::AccountAdded);
        let mut act = act
            .with("role", role.as_str())
            .with("provider", config.host());
        act.subject.clone_from(&user.name);
        acts::append(conn, &act).await?;
        Ok(user)
    }

    /// Gives an account the role of its claims, and ends its sessions.
    async fn change_role(
        &self,
        conn: &mut Conn,
        user: &User,
        role: Role,
        browser: &Browser,
    ) -> Result<Vec<TokenHash>, SignOnError> {
        users::set_access(conn, user.id, &user.person, role, &user.rights).await?;
        let act = self.act(None, browser, ActKind::AccountChanged);
        let mut act = act
            .with("role_from", user.role.as_str())
            .with("role_to", role.as_str());
        act.subject.clone_from(&user.name);
        acts::append(conn, &act).await?;
        Ok(sessions::delete_of_user(conn, user.id, None).await?)
    }
}
