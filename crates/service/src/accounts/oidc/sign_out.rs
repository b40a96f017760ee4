//! Sign-out at the provider, begun here or there.

use reelroom_domain::act::ActKind;
use reelroom_store::{acts, sessions, users};

use super::{error::SignOnError, flow::Flow, start::ToProvider, token::Ended};
use crate::{Browser, EndedSession, Service, ServiceError, SessionToken};

impl Service {
    /// The `Set-Cookie` value of a sign-out at the provider, which follows the end of the session of `token`;
    /// `None` for a session that began with a password.
    pub async fn provider_sign_out_cookie(
        &self,
        token: &SessionToken,
    ) -> Result<Option<String>, ServiceError> {
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let found = sessions::find(&mut read, &token.hash(), now).await?;
        drop(read);
        let Some((user, session)) = found.filter(|_| self.0.oidc.is_some()) else {
            return Ok(None);
        };
        let Some(sealed) = session.id_token else {
            return Ok(None);
        };
        let opened = self.0.vault.unseal_for(&user.id.to_string(), &sealed).ok();
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

    /// Ends the sessions that a logout token of the provider names: those of a session there, else those of a
    /// person. There may be none.
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
        let ended = match (&ended.session, &ended.subject) {
            (Some(session), _) => sessions::delete_of_provider(&mut tx, session).await?,
            (None, Some(subject)) => match users::by_subject(&mut tx, issuer, subject).await? {
                Some(user) => {
                    let all = sessions::delete_of_user(&mut tx, user.id, None).await?;
                    all.into_iter().map(|token| (user.id, token)).collect()
                }
                None => Vec::new(),
            },
            (None, None) => Vec::new(),
        };
        if let Some((user, _)) = ended.first()
            && let Some(user) = users::get(&mut tx, *user).await?
        {
            let mut act = self.act(None, &Browser::default(), ActKind::SessionsEnded);
            act.subject = user.name;
            acts::append(&mut tx, &act).await?;
        }
        tx.commit().await?;
        self.publish_ended(ended.into_iter().map(|(_, token)| EndedSession(token)));
        Ok(())
    }
}
