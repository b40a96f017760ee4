//! The consent of a second administrator: ask for it, agree, and refuse.

use reelroom_domain::{
    act::ActKind,
    ids::RequestId,
    keep::{Keep, Request, RequestState, Wish},
    user::Role,
    view::HistoryEvent,
};
use reelroom_store::{Conn, cases, holds, recordings::keep, requests, settings, users};

use super::{
    error::{Consent, KeepError},
    say::Why,
};
use crate::{
    Browser, Principal, Service, ServiceError, accounts::rules::sign_in_rules, ground::jobs::Job,
};

/// A request, for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    /// The request.
    pub request: Request,
    /// Whether the account may agree or refuse.
    pub may_answer: bool,
    /// Whether what it asks for has changed since it was made, so that nobody can agree.
    pub is_outdated: bool,
}

impl Service {
    /// Asks a second administrator to agree.
    pub(super) async fn ask(
        &self,
        by: &Principal,
        browser: &Browser,
        wish: Wish,
        reason: &str,
    ) -> Result<Consent, KeepError> {
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        let lapses_at = keep::settings(&mut tx).await?.request_until(now);
        let request = Request {
            id: self.0.rng.id(now),
            wish,
            reason: reason.to_owned(),
            asked_at: now,
            asked_by: by.user,
            asked_name: by.name.clone(),
            lapses_at,
            state: RequestState::Open,
            answered: None,
        };
        requests::insert(&mut tx, &request).await?;
        self.say_of_request(&mut tx, (by, browser), &request, ActKind::ConsentAsked)
            .await?;
        tx.commit().await?;
        tracing::info!(request = %request.id, wish = ?request.wish, by = by.name, "consent asked for");
        Ok(Consent::Asked(request.id))
    }

    /// The open requests that an account made, and for an administrator all.
    pub async fn requests(&self, by: &Principal) -> Result<Vec<RequestLine>, ServiceError> {
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let is_second = is_second(&mut read, by).await?;
        let mut open = requests::open(&mut read, now).await?;
        open.retain(|request| is_second || request.asked_by == by.user);
        let mut lines = Vec::new();
        for request in open {
            lines.push(RequestLine {
                may_answer: is_second && request.may_answer(by.user, now),
                is_outdated: is_outdated(&mut read, &request).await?,
                request,
            });
        }
        Ok(lines)
    }

    /// Agrees to a request as another administrator, who signs with its password. What was asked for is done at once,
    /// if it still can be and has not changed since.
    pub async fn agree(
        &self,
        by: &Principal,
        browser: &Browser,
        id: RequestId,
        password: &str,
    ) -> Result<(), KeepError> {
        self.sign(by, browser, password).await?;
        let mut tx = self.0.store.write().await?;
        let request = self.to_answer(&mut tx, by, id).await?;
        lock_wished(&mut tx, &request.wish).await?;
        if is_outdated(&mut tx, &request).await? {
            return Err(KeepError::NotOpen);
        }
        let (who, why) = ((by, browser), Why::Request(&request, by));
        let changed = match &request.wish {
            Wish::DeleteNow { recordings } => {
                self.purge_soon(&mut tx, who, recordings, why).await?
            }
            wish @ (Wish::Release { .. } | Wish::CloseCase { .. }) => {
                self.release_wished(&mut tx, who, wish, why).await?
            }
            Wish::Settings { settings, .. } => {
                self.store_keep_settings(&mut tx, who, *settings).await?;
                Vec::new()
            }
        };
        self.answer(&mut tx, who, &request, RequestState::Agreed)
            .await?;
        tx.commit().await?;
        tracing::info!(request = %id, by = by.name, "request for consent agreed to");
        self.wake(Job::Purge);
        let event = match &request.wish {
            Wish::DeleteNow { .. } => HistoryEvent::PurgeAsked,
            _ => HistoryEvent::Released,
        };
        self.publish_done(by, event, &changed);
        Ok(())
    }

    /// Refuses a request as another administrator.
    pub async fn refuse(
        &self,
        by: &Principal,
        browser: &Browser,
        id: RequestId,
    ) -> Result<(), KeepError> {
        let mut tx = self.0.store.write().await?;
        let request = self.to_answer(&mut tx, by, id).await?;
        self.answer(&mut tx, (by, browser), &request, RequestState::Refused)
            .await?;
        tx.commit().await?;
        tracing::info!(request = %id, by = by.name, "request for consent refused");
        Ok(())
    }

    /// Verifies the password of an account that has one.
    async fn sign(
        &self,
        by: &Principal,
        browser: &Browser,
        password: &str,
    ) -> Result<(), KeepError> {
        let user = users::get(&mut *self.0.store.read().await?, by.user).await?;
        let user = user.ok_or(ServiceError::NotFound)?;
        if user.password_hash.is_some() {
            let verified = self.own_password(by, browser, password).await;
            verified.map_err(KeepError::Password)?;
        }
        Ok(())
    }

    /// The request of that id, if `by` may answer it now.
    async fn to_answer(
        &self,
        tx: &mut Conn,
        by: &Principal,
        id: RequestId,
    ) -> Result<Request, KeepError> {
        if !is_second(tx, by).await? {
            return Err(ServiceError::Forbidden.into());
        }
        let request = requests::lock(tx, id).await?;
        let request = request.ok_or(ServiceError::NotFound)?;
        if !request.may_answer(by.user, self.now()) {
            return Err(KeepError::NotOpen);
        }
        Ok(request)
    }

    async fn answer(
        &self,
        tx: &mut Conn,
        (by, browser): (&Principal, &Browser),
        request: &Request,
        answer: RequestState,
    ) -> Result<(), KeepError> {
        if !requests::answer(tx, request.id, answer, self.now(), &by.name).await? {
            return Err(KeepError::NotOpen);
        }
        let kind = match answer {
            RequestState::Agreed => ActKind::ConsentGiven,
            _ => ActKind::ConsentRefused,
        };
        self.say_of_request(tx, (by, browser), request, kind)
            .await?;
        Ok(())
    }
}

/// Whether an account may serve as the second administrator: the break-glass account never does.
async fn is_second(conn: &mut Conn, by: &Principal) -> Result<bool, ServiceError> {
    if by.role() != Role::Admin {
        return Ok(false);
    }
    Ok(sign_in_rules(conn).await?.break_glass != by.name)
}

/// Locks what is asked for until the end of the transaction.
async fn lock_wished(tx: &mut Conn, wish: &Wish) -> Result<(), ServiceError> {
    match wish {
        Wish::DeleteNow { recordings } => keep::lock_rooms(tx, recordings).await?,
        Wish::Release { recording, .. } => keep::lock_rooms(tx, &[*recording]).await?,
        Wish::CloseCase { case } => {
            cases::lock(tx, *case).await?;
        }
        Wish::Settings { .. } => settings::lock(tx).await?,
    }
    Ok(())
}

/// Whether what a request asks for has changed since it was made: a recording was moved to the trash or put on hold
/// again, recordings were added to the case, or the settings were changed.
async fn is_outdated(conn: &mut Conn, request: &Request) -> Result<bool, ServiceError> {
    Ok(match &request.wish {
        Wish::DeleteNow { recordings } => {
            for id in recordings {
                if let Some(Keep::Trashed { at, .. }) = keep::of(conn, *id).await?
                    && !request.covers(at)
                {
                    return Ok(true);
                }
            }
            false
        }
        Wish::Release { recording, case } => {
            let holds = holds::of_recording(conn, *recording).await?;
            let of_case = holds
                .iter()
                .find(|hold| hold.case.as_ref().map(|(id, _)| *id) == *case);
            of_case.is_some_and(|hold| !request.covers(hold.at))
        }
        Wish::CloseCase { case } => {
            let recordings = holds::of_case(conn, *case).await?;
            recordings
                .iter()
                .any(|(_, since, is_held)| *is_held && !request.covers(*since))
        }
        Wish::Settings { before, .. } => keep::settings(conn).await? != *before,
    })
}
