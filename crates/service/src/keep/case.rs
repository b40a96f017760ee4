//! Cases: open, change and show them, add recordings, and say who may look.

use reelroom_domain::{
    access::Right,
    case::{Case, CaseEvent, CaseForm, CaseRow, CaseView},
    ids::{CaseId, RecordingId},
    keep::{KeepField, MayRelease, Wish},
    user::{Holder, Role},
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, cases, groups, holds,
    recordings::keep::{self, Locked},
    users,
};

use super::{consent::requests_of, error::KeepError, say::Why};
use crate::{Browser, Found, Principal, Service, ServiceError, ground::cursor};

/// The recordings on a page of a case.
const PAGE: u32 = 100;
/// The most lines of the history on the page of a case.
const LINES: u32 = 100;

impl Service {
    /// The cases that the account opened or may look at; administrators and auditors see all.
    pub async fn cases(&self, by: &Principal) -> Result<Vec<CaseRow>, ServiceError> {
        let only = (!sees_all(by)).then_some(by.user);
        Ok(cases::list(&mut *self.0.store.read().await?, only).await?)
    }

    /// The page of a case. `after` is the cursor, [`CaseView::more`] of the page before; the first recordings if it is
    /// invalid.
    pub async fn case(
        &self,
        by: &Principal,
        id: CaseId,
        after: Option<&str>,
    ) -> Result<CaseView, ServiceError> {
        let mut read = self.0.store.read().await?;
        let case = case_for(&mut read, by, id).await?;
        let after = after.and_then(cursor::parse);
        let mut recordings = holds::page_of_case(&mut read, id, after, PAGE + 1).await?;
        let more = cursor::cut(&mut recordings, PAGE, |place| *place);
        let (held, newest) = holds::totals_of_case(&mut read, id).await?;
        let is_open = case.closed.is_none();
        let settings = keep::settings(&mut read).await?;
        let has_right = is_open && by.access.rights.has(Right::Release);
        let requests = if has_right {
            let since = newest.unwrap_or(case.opened_at);
            let mut wishes = vec![(Wish::CloseCase { case: id }, since)];
            wishes.extend(recordings.iter().map(|(at, recording)| {
                let (recording, case) = (*recording, Some(id));
                (Wish::Release { recording, case }, *at)
            }));
            requests_of(&mut read, by, &wishes, self.now()).await?
        } else {
            Vec::new()
        };
        let history = cases::history(&mut read, id, LINES).await?;
        let lines = cases::count_history(&mut read, id).await?;
        Ok(CaseView {
            recordings,
            held,
            more,
            files: cases::files(&mut read, id).await?,
            lookers: cases::lookers(&mut read, id).await?,
            earlier: lines.saturating_sub(LINES),
            history,
            may_change: is_open && may_change(by, &case),
            release: MayRelease::of(has_right, settings),
            requests,
            case,
        })
    }

    /// Opens a case with recordings, all or none of which it holds.
    pub async fn open_case(
        &self,
        by: &Principal,
        browser: &Browser,
        form: &CaseForm,
        ids: &[RecordingId],
    ) -> Result<CaseId, KeepError> {
        if !by.role().may_record() && !by.access.rights.has(Right::Release) {
            return Err(ServiceError::Forbidden.into());
        }
        let now = self.now();
        let case = Case {
            id: self.0.rng.id(now),
            text: form.parse().map_err(KeepError::Invalid)?,
            opened_at: now,
            opened_by: by.user,
            opened_name: by.name.clone(),
            closed: None,
        };
        let mut tx = self.0.store.write().await?;
        if !cases::insert(&mut tx, &case).await? {
            return Err(KeepError::Invalid(vec![KeepField::Number]));
        }
        cases::append(&mut tx, case.id, now, &by.name, &CaseEvent::Opened).await?;
        self.say_of_case(&mut tx, (by, browser), &case, "opened", Why::Unsaid)
            .await?;
        let held = self.add(&mut tx, (by, browser), &case, ids).await?;
        tx.commit().await?;
        self.publish_done(by, HistoryEvent::Held, &held);
        Ok(case.id)
    }

    /// Changes number, name, reason and reference of a case.
    pub async fn change_case(
        &self,
        by: &Principal,
        browser: &Browser,
        id: CaseId,
        form: &CaseForm,
    ) -> Result<(), KeepError> {
        let mut tx = self.0.store.write().await?;
        let case = to_change(&mut tx, by, id).await?;
        let text = form.parse().map_err(KeepError::Invalid)?;
        if case.text == text {
            return Ok(());
        }
        if !cases::update(&mut tx, id, &text).await? {
            return Err(KeepError::Invalid(vec![KeepField::Number]));
        }
        cases::append(&mut tx, id, self.now(), &by.name, &CaseEvent::Changed).await?;
        let case = Case { text, ..case };
        self.say_of_case(&mut tx, (by, browser), &case, "changed", Why::Unsaid)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Adds recordings to a case, all or none of them: it holds them from now on.
    pub async fn add_to_case(
        &self,
        by: &Principal,
        browser: &Browser,
        id: CaseId,
        ids: &[RecordingId],
    ) -> Result<(), KeepError> {
        let mut tx = self.0.store.write().await?;
        let case = to_change(&mut tx, by, id).await?;
        let held = self.add(&mut tx, (by, browser), &case, ids).await?;
        tx.commit().await?;
        self.publish_done(by, HistoryEvent::Held, &held);
        Ok(())
    }

    /// Lets an account, by its sign-in name, or a group, by its name, look at a case and at its recordings.
    pub async fn let_look(
        &self,
        by: &Principal,
        browser: &Browser,
        id: CaseId,
        name: &str,
    ) -> Result<(), KeepError> {
        let mut tx = self.0.store.write().await?;
        let case = to_change(&mut tx, by, id).await?;
        let found = looker(&mut tx, name.trim()).await?;
        let (looker, name) = found.ok_or_else(|| KeepError::Invalid(vec![KeepField::Looker]))?;
        let now = self.now();
        if cases::add_looker(&mut tx, id, looker, &name, now).await? {
            let looker = Why::Looker(&name);
            self.say_of_case(&mut tx, (by, browser), &case, "looker_added", looker)
                .await?;
            let event = CaseEvent::LookerAdded { name };
            cases::append(&mut tx, id, now, &by.name, &event).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Lets an account or a group no longer look at a case.
    pub async fn end_look(
        &self,
        by: &Principal,
        browser: &Browser,
        id: CaseId,
        looker: Holder,
    ) -> Result<(), KeepError> {
        let mut tx = self.0.store.write().await?;
        let case = to_change(&mut tx, by, id).await?;
        if let Some(name) = cases::remove_looker(&mut tx, id, looker).await? {
            let looker = Why::Looker(&name);
            self.say_of_case(&mut tx, (by, browser), &case, "looker_removed", looker)
                .await?;
            let event = CaseEvent::LookerRemoved { name };
            cases::append(&mut tx, id, self.now(), &by.name, &event).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Holds recordings by a case. Returns those that it did not hold yet.
    async fn add(
        &self,
        tx: &mut Conn,
        who: (&Principal, &Browser),
        case: &Case,
        ids: &[RecordingId],
    ) -> Result<Vec<Locked>, KeepError> {
        let mut held = Vec::new();
        keep::lock_rooms(tx, ids).await?;
        for id in ids {
            let locked = keep::lock(tx, *id).await?.found()?;
            if self.hold_one(tx, who, &locked, Some(case), "").await? {
                held.push(locked);
            }
        }
        if !held.is_empty() {
            self.close_requests(tx, &who.0.name, &held, None).await?;
            let recordings = held.iter().map(|locked| locked.id).collect();
            let event = CaseEvent::Added { recordings };
            cases::append(tx, case.id, self.now(), &who.0.name, &event).await?;
        }
        Ok(held)
    }
}

fn may_change(by: &Principal, case: &Case) -> bool {
    by.user == case.opened_by || by.role() == Role::Admin
}

/// The open case of that id, if `by` may change it. It stays open until the end of the transaction.
async fn to_change(tx: &mut Conn, by: &Principal, id: CaseId) -> Result<Case, KeepError> {
    cases::lock(tx, id).await?;
    let case = case_for(tx, by, id).await?;
    if !may_change(by, &case) {
        return Err(ServiceError::Forbidden.into());
    }
    if case.closed.is_some() {
        return Err(KeepError::Closed);
    }
    Ok(case)
}

/// The case of that id, if `by` sees it.
pub(super) async fn case_for(
    conn: &mut Conn,
    by: &Principal,
    id: CaseId,
) -> Result<Case, ServiceError> {
    let case = cases::get(conn, id).await?.found()?;
    if sees(conn, by, id).await? {
        Ok(case)
    } else {
        Err(ServiceError::NotFound)
    }
}

/// Whether an account sees every case, by its role.
fn sees_all(by: &Principal) -> bool {
    matches!(by.role(), Role::Admin | Role::Auditor)
}

/// Whether an account sees a case.
pub(super) async fn sees(
    conn: &mut Conn,
    by: &Principal,
    id: CaseId,
) -> Result<bool, ServiceError> {
    Ok(sees_all(by) || cases::is_named(conn, id, by.user).await?)
}

/// The account or the group of a name, and how that is spelt.
async fn looker(conn: &mut Conn, name: &str) -> Result<Option<(Holder, String)>, ServiceError> {
    if let Some(user) = users::by_name(conn, name).await? {
        return Ok(Some((Holder::User(user.id), user.name)));
    }
    let groups = groups::list(conn).await?;
    let group = groups
        .into_iter()
        .find(|group| group.name.as_str().to_lowercase() == name.to_lowercase());
    Ok(group.map(|group| (Holder::Group(group.id), group.name.as_str().to_owned())))
}
