//! Actions that may need the consent of a second administrator: the request, the agreement and the refusal.

use reelroom_domain::{
    act::ActKind,
    change::Change,
    ids::{CaseId, RequestId},
    keep::{Keep, KeepField, Request, RequestState, ShownRequest, Wish, reason},
    time::Timestamp,
    user::Role,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, Write, cases, holds,
    recordings::keep::{self, Locked},
    requests, settings, users,
};

use super::{
    error::{Consent, KeepError},
    say::Why,
};
use crate::{
    Browser, Found, Principal, Service, ServiceError, accounts::rules::sign_in_rules,
    ground::jobs::Job,
};

impl Service {
    /// Does what is wished in this transaction, or asks a second administrator to agree if one has to. `typed` is the
    /// reason, which all but settings need, and `wrong` another invalid field of the form.
    pub(super) async fn wish(
        &self,
        mut tx: Write,
        (by, browser): (&Principal, &Browser),
        wish: Wish,
        typed: &str,
        wrong: Option<KeepField>,
    ) -> Result<Consent, KeepError> {
        let reason = reason(typed);
        let lacks_reason = reason.is_none() && !matches!(wish, Wish::Settings { .. });
        let why = reason.unwrap_or_default();
        // Done first, and rolled back: consent is only asked for what is possible now.
        let changed = self
            .do_wished(&mut tx, (by, browser), &wish, Why::Reason(why))
            .await?;
        let wrong = wrong.into_iter();
        let wrong: Vec<KeepField> = wrong
            .chain(lacks_reason.then_some(KeepField::Reason))
            .collect();
        if !wrong.is_empty() {
            return Err(KeepError::Invalid(wrong));
        }
        if wish.needs_second(keep::settings(&mut tx).await?) {
            drop(tx);
            return self.ask(by, browser, wish, why).await;
        }
        self.close_requests(&mut tx, &by.name, &changed, wish.case())
            .await?;
        tx.commit().await?;
        tracing::info!(?wish, by = by.name, "done without a second administrator");
        self.publish_wished(by, &wish, &changed);
        Ok(None)
    }

    /// Does what is wished. Returns the changed recordings.
    async fn do_wished(
        &self,
        tx: &mut Conn,
        who: (&Principal, &Browser),
        wish: &Wish,
        why: Why<'_>,
    ) -> Result<Vec<Locked>, KeepError> {
        match wish {
            Wish::DeleteNow { recordings } => self.purge_soon(tx, who, recordings, why).await,
            Wish::Release { recording, case } => {
                let locked = keep::lock(tx, *recording).await?.found()?;
                if !self.release_one(tx, who, &locked, *case, why).await? {
                    return Err(KeepError::NotHeld);
                }
                Ok(vec![locked])
            }
            Wish::CloseCase { case } => self.close_now(tx, who, *case, why).await,
            Wish::Settings { settings, .. } => {
                self.store_keep_settings(tx, who, *settings).await?;
                Ok(Vec::new())
            }
        }
    }

    /// Publishes, after the commit, that recordings changed as a wish asked for.
    fn publish_wished(&self, by: &Principal, wish: &Wish, changed: &[Locked]) {
        self.wake(Job::Purge);
        let event = match wish {
            Wish::DeleteNow { .. } => HistoryEvent::PurgeAsked,
            _ => HistoryEvent::Released,
        };
        self.publish_done(by, event, changed);
    }

    /// Asks a second administrator to agree. Returns the open request where the same was asked for before.
    async fn ask(
        &self,
        by: &Principal,
        browser: &Browser,
        wish: Wish,
        reason: &str,
    ) -> Result<Consent, KeepError> {
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        lock_wished(&mut tx, &wish).await?;
        for open in requests::open(&mut tx, now).await? {
            if !open.wish.is_like(&wish) {
                continue;
            }
            if is_outdated(&mut tx, &open).await? {
                requests::answer(&mut tx, open.id, RequestState::Lapsed, now, &by.name).await?;
            } else if open.wish == wish {
                return Ok(Some(open.id));
            }
        }
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
        self.publish(Change::Request);
        Ok(Some(request.id))
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
        if is_outdated(&mut tx, &request).await? {
            return Err(KeepError::NotOpen);
        }
        let (who, why) = ((by, browser), Why::Request(&request, by));
        let changed = self.do_wished(&mut tx, who, &request.wish, why).await?;
        self.answer(&mut tx, who, &request, RequestState::Agreed)
            .await?;
        self.close_requests(&mut tx, &by.name, &changed, request.wish.case())
            .await?;
        tx.commit().await?;
        tracing::info!(request = %id, by = by.name, "request for consent agreed to");
        self.publish_wished(by, &request.wish, &changed);
        self.publish(Change::Request);
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
        self.publish(Change::Request);
        Ok(())
    }

    /// Closes the open requests about changed recordings or a case that ask for nothing any more, such as to release
    /// a hold that is gone. `by` is the sign-in name of the account that changed them.
    pub(super) async fn close_requests(
        &self,
        tx: &mut Conn,
        by: &str,
        changed: &[Locked],
        case: Option<CaseId>,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        for Request { id, wish, .. } in requests::open(tx, now).await? {
            let named = wish.recordings();
            let is_named = changed.iter().any(|one| named.contains(&one.id))
                || (case.is_some() && wish.case() == case);
            if is_named && times_of(tx, &wish).await?.is_none() {
                requests::answer(tx, id, RequestState::Lapsed, now, by).await?;
            }
        }
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
        let user = user.found()?;
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
        let asked = requests::get(tx, id).await?.found()?;
        // In the order of the actions that close requests: first what it is about, then the request itself.
        lock_wished(tx, &asked.wish).await?;
        let request = requests::lock(tx, id).await?.found()?;
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

/// The number of open requests that an account may answer.
pub(crate) async fn waiting(
    conn: &mut Conn,
    by: &Principal,
    now: Timestamp,
) -> Result<u32, ServiceError> {
    if by.role() != Role::Admin {
        return Ok(0);
    }
    let waiting = requests::count_of_others(conn, by.user, now).await?;
    if waiting > 0 && !is_second(conn, by).await? {
        return Ok(0);
    }
    Ok(waiting)
}

/// The open or else the last request for each of these wishes, if it is open or refused, and
/// [covers](Request::covers) the time beside the wish.
pub(super) async fn requests_of(
    conn: &mut Conn,
    by: &Principal,
    wishes: &[(Wish, Timestamp)],
    now: Timestamp,
) -> Result<Vec<ShownRequest>, ServiceError> {
    let all: Vec<Wish> = wishes.iter().map(|(wish, _)| wish.clone()).collect();
    let asked = requests::of_wishes(conn, &all, now).await?;
    let is_second = is_second(conn, by).await?;
    let mut shown = Vec::new();
    for (wish, since) in wishes {
        let Some(request) = asked.iter().find(|request| request.wish == *wish) else {
            continue;
        };
        let state = request.state_at(now);
        let is_shown = matches!(state, RequestState::Open | RequestState::Refused);
        if is_shown && request.covers(*since) {
            shown.push(ShownRequest {
                may_look: request.asked_by == by.user || is_second,
                request: request.clone(),
            });
        }
    }
    Ok(shown)
}

/// Whether an account may serve as the second administrator: the break-glass account never does.
pub(super) async fn is_second(conn: &mut Conn, by: &Principal) -> Result<bool, ServiceError> {
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

/// When the recordings of a wish were moved to the trash or put on hold. `None` where there is nothing left to agree
/// to: a recording is no longer in the trash or on hold, or the case is closed.
async fn times_of(conn: &mut Conn, wish: &Wish) -> Result<Option<Vec<Timestamp>>, ServiceError> {
    let mut times = Vec::new();
    match wish {
        Wish::DeleteNow { recordings } => {
            for id in recordings {
                let Some(Keep::Trashed { at, .. }) = keep::of(conn, *id).await? else {
                    return Ok(None);
                };
                times.push(at);
            }
        }
        Wish::Release { recording, case } => {
            let holds = holds::of_recording(conn, *recording).await?;
            let Some(hold) = holds.iter().find(|hold| hold.of_case() == *case) else {
                return Ok(None);
            };
            times.push(hold.at);
        }
        Wish::CloseCase { case } => {
            let of_id = cases::get(conn, *case).await?;
            if of_id.is_none_or(|case| case.closed.is_some()) {
                return Ok(None);
            }
            // The others were on hold before.
            let (_, newest) = holds::totals_of_case(conn, *case).await?;
            times.extend(newest);
        }
        Wish::Settings { .. } => {}
    }
    Ok(Some(times))
}

/// Whether what a request asks for is gone, or has changed since it was made: a recording was moved to the trash or
/// put on hold again, recordings were added to the case, or the settings were changed.
pub(super) async fn is_outdated(conn: &mut Conn, request: &Request) -> Result<bool, ServiceError> {
    if let Wish::Settings { before, .. } = &request.wish {
        return Ok(keep::settings(conn).await? != *before);
    }
    let times = times_of(conn, &request.wish).await?;
    Ok(times.is_none_or(|times| times.iter().any(|at| !request.covers(*at))))
}
