//! Records what people do with recordings and cases, in the history of a recording and in that of access.

use reelroom_domain::{
    access::{Thing, Verb},
    act::{Act, ActKind, detail},
    case::Case,
    cause::Cause,
    change::Change,
    keep::{Keep, Request},
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, acts, cases, history,
    recordings::{self, keep::Locked},
};

use crate::{Browser, Principal, Service, ServiceError};

/// Why a person does something with a recording or a case.
#[derive(Clone, Copy)]
pub(super) enum Why<'a> {
    /// Without a reason.
    Unsaid,
    /// For this reason.
    Reason(&'a str),
    /// This case holds it.
    Case(&'a Case),
    /// Another account asked for it, and the person agrees.
    Request(&'a Request, &'a Principal),
    /// The name of the account or group that may look at the case, or no longer may.
    Looker(&'a str),
}

impl<'a> Why<'a> {
    /// The text for the history of a recording: the reason, or the number of the case.
    pub(super) const fn words(self) -> Option<&'a str> {
        match self {
            Self::Unsaid | Self::Looker(_) => None,
            Self::Reason(reason) => Some(reason),
            Self::Case(case) => Some(case.text.number.as_str()),
            Self::Request(request, _) => Some(request.reason.as_str()),
        }
    }

    /// The sign-in name of the account whose action it is: the one that asked for consent, else `by`.
    pub(super) const fn actor(self, by: &'a Principal) -> &'a str {
        match self {
            Self::Request(request, _) => request.asked_name.as_str(),
            _ => by.name.as_str(),
        }
    }

    /// Adds the reason to an act. With consent it is an act of the account that asked, whose browser is not known any
    /// more.
    fn added_to(self, act: Act) -> Act {
        match self {
            Self::Unsaid => act,
            Self::Looker(name) => act.with(detail::MEMBER, name),
            Self::Reason(reason) => act.with(detail::REASON, reason),
            Self::Case(case) => act.with(detail::CASE, case.text.number.as_str()),
            Self::Request(request, agreed) => Act {
                user: Some(request.asked_by),
                name: request.asked_name.clone(),
                address: None,
                agent: String::new(),
                ..act
            }
            .with(detail::REASON, request.reason.as_str())
            .with(detail::AGREED_BY, agreed.name.as_str()),
        }
    }
}

impl Service {
    /// Appends what a person did to the history of a recording, and to that of access.
    pub(super) async fn say(
        &self,
        tx: &mut Conn,
        (by, browser): (&Principal, &Browser),
        locked: &Locked,
        event: HistoryEvent,
        why: Why<'_>,
    ) -> Result<(), ServiceError> {
        let kind = match event {
            HistoryEvent::Trashed => ActKind::Trashed,
            HistoryEvent::Restored => ActKind::Restored,
            HistoryEvent::Released => ActKind::Released,
            HistoryEvent::PurgeAsked => ActKind::PurgeAsked,
            _ => ActKind::Held,
        };
        let cause = why.words().map(|words| Cause::Words(words.to_owned()));
        let (at, actor) = (self.now(), Some(why.actor(by)));
        history::append(tx, locked.id, at, event, actor, cause.as_ref()).await?;
        let act = self.act_on((by, browser), locked, kind);
        Ok(acts::append(tx, &why.added_to(act)).await?)
    }

    /// An act on a recording.
    pub(super) fn act_on(
        &self,
        (by, browser): (&Principal, &Browser),
        locked: &Locked,
        kind: ActKind,
    ) -> Act {
        Act {
            room: Some((locked.app, locked.room.clone())),
            recording: Some(locked.id),
            ..self.act(Some((by.user, &by.name)), browser, kind)
        }
    }

    /// Appends to the history of access what a person did with a case.
    pub(super) async fn say_of_case(
        &self,
        tx: &mut Conn,
        (by, browser): (&Principal, &Browser),
        case: &Case,
        change: &str,
        why: Why<'_>,
    ) -> Result<(), ServiceError> {
        let act = self.act_about(by, browser, ActKind::CaseChanged, &case.text.number);
        let act = act.with(detail::CHANGE, change);
        Ok(acts::append(tx, &why.added_to(act)).await?)
    }

    /// Appends to the history of access what a person did with a request for consent: an act on each recording that
    /// it names, or else one on its case.
    pub(super) async fn say_of_request(
        &self,
        tx: &mut Conn,
        (by, browser): (&Principal, &Browser),
        request: &Request,
        kind: ActKind,
    ) -> Result<(), ServiceError> {
        let act = self.act_about(by, browser, kind, "");
        let mut act = act.with(detail::WISH, request.wish.kind());
        if by.user != request.asked_by {
            act = act.with(detail::ASKED_BY, request.asked_name.as_str());
        }
        if !request.reason.is_empty() {
            act = act.with(detail::REASON, request.reason.as_str());
        }
        let case = match request.wish.case() {
            Some(case) => cases::get(tx, case).await?,
            None => None,
        };
        let number = case.map(|case| case.text.number);
        let named = request.wish.recordings();
        if named.is_empty() {
            act.subject = number.unwrap_or_default();
            return Ok(acts::append(tx, &act).await?);
        }
        if let Some(number) = number {
            act = act.with(detail::CASE, number);
        }
        for id in named {
            let recording = recordings::get(tx, *id).await?;
            act.recording = Some(*id);
            act.room = recording.map(|recording| (recording.app, recording.room));
            acts::append(tx, &act).await?;
        }
        Ok(())
    }

    /// Logs and publishes what a person did with recordings, after its commit.
    pub(super) fn publish_done(&self, by: &Principal, event: HistoryEvent, changed: &[Locked]) {
        for one in changed {
            tracing::info!(recording = %one.id, ?event, by = by.name, "recording kept or deleted");
        }
        self.publish_kept(changed);
    }

    /// Publishes changes of recordings, after their commit.
    pub(crate) fn publish_kept(&self, changed: &[Locked]) {
        for one in changed {
            self.publish(Change::Recording {
                id: one.id,
                app: one.app,
                room: one.room.clone(),
            });
        }
    }
}

/// Rejects what an account may not do with a recording. A deleted one is hidden from accounts that may not delete.
pub(super) fn require(by: &Principal, verb: Verb, locked: &Locked) -> Result<(), ServiceError> {
    let thing = Thing::Room(locked.app, &locked.room);
    if locked.facts.keep != Keep::Kept && !by.may(Verb::Delete, thing) {
        return Err(ServiceError::NotFound);
    }
    by.require(verb, thing)
}
