//! Sign-out at the provider, begun here or there.

use reelroom_domain::act::ActKind;
use reelroom_store::{
    acts,
    sessions::{self, Session},
    users,
};

use super::{error::SignOnError, flow::Flow, start::ToProvider, token::Ended};
use crate::{Browser, Service, ServiceError, SessionToken};

impl Service {
    /// The `Set-Cookie` value of a sign-out at the provider, which follows the end of the session of `token`;
    /// `None` for a session that began with a password.
    pub async fn provider_sign_out_cookie(
        &self,
        token: &SessionToken,
    ) -> Result<Option<String>, ServiceError> {
        let now = self.now();
        let found = sessions::find(&mut *self.0.store.read().await?, &token.hash(), now).await?;
        let Some((user, session)) = found.filter(|_| self.0.oidc.is_some()) else {
            return Ok(None);
        };
        let Some(sealed) = session.id_token else {
            return Ok(None);
        };
        let opened = self.0.vault.unseal(&user.id.to_string(), &sealed).ok();
        let id_token = opened.map(|token| token.reveal().to_owned());
        let sealed = self.seal_flow(&Flow::SignOut { id_token });
        // A token that is too long for a cookie: the provider asks the person.
        let sealed = sealed.or_else(|| self.seal_flow(&Flow::SignOut { id_token: None }));
        Ok(sealed.map(|sealed| self.flow_cookie(&sealed)))
    }

    /// The address at the provider where a browser that has signed out here signs out, too (OpenID Connect
    /// RP-Initiated Logout 1.0). `None` if it has not, or the provider has no such address or does not answer.
    pub async fn sign_out_at_provider(&self, browser: &Browser) -> Option<ToProvider> {
        let Some(Flow::SignOut { id_token }) = self.flow(browser) else {
            return None;
        };
        let provider = self.0.oidc.as_ref()?;
        let metadata = provider.metadata(self.now()).await.ok()?;
        let end = metadata.additional_metadata().end_session_endpoint.as_ref();
        let mut url = end?.url().clone();
        let back = self.site_url("/login").ok()?;
        url.query_pairs_mut()
            .extend_pairs(id_token.map(|token| ("id_token_hint", token)))
            .append_pair("client_id", &provider.config.client_id)
            .append_pair("post_logout_redirect_uri", back.as_str());
        let cookie = self.end_flow_cookie();
        Some(ToProvider { url, cookie })
    }

    /// Ends the sessions that a logout token of the provider names, if they began before it: those of a session
    /// at the provider, or those of a person. Does nothing if there are none.
    ///
    /// A token may come again, as a provider without an answer repeats it: for the minutes of its age it ends the same
    /// sessions, and none that began later than the tolerated clock skew. So its `jti` is not remembered.
    pub async fn end_provider_sessions(&self, token: &str) -> Result<(), SignOnError> {
        let provider = self.provider()?;
        let metadata = provider.metadata(self.now()).await?;
        let ended = self
            .verified(&metadata, |expected| expected.logout_token(token))
            .await?;
        self.end_named(&provider.config.issuer, &ended).await
    }

    async fn end_named(&self, issuer: &str, ended: &Ended) -> Result<(), SignOnError> {
        let mut tx = self.0.store.write().await?;
        let mut gone = Vec::new();
        if let Some(session) = &ended.session {
            gone = sessions::delete_of_provider(&mut tx, session, ended.begun_by).await?;
        }
        if let Some(subject) = &ended.subject
            && let Some(user) = users::by_subject(&mut tx, issuer, subject).await?
        {
            // A session that does not know its session at the provider may be the one that the token names.
            let is_meant = |one: &Session| {
                one.created_at <= ended.begun_by
                    && (ended.session.is_none() || one.provider_session.as_deref() == Some(""))
            };
            let all = sessions::of_user(&mut tx, user.id, self.now()).await?;
            for one in all.into_iter().filter(is_meant) {
                sessions::delete(&mut tx, &one.token).await?;
                gone.push((user.id, one.token));
            }
        }
        if let Some((user, _)) = gone.first()
            && let Some(user) = users::get(&mut tx, *user).await?
        {
            let mut act = self.act(None, &Browser::default(), ActKind::SessionsEnded);
            act.subject = user.name;
            acts::append(&mut tx, &act).await?;
        }
        tx.commit().await?;
        self.publish_ended(gone.into_iter().map(|(_, token)| token));
        Ok(())
    }
}
