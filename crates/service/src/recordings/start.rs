//! Start a recording: one at a time per room, at most one request to the platform.

use reelroom_anyrtc::client::{Outcome, Start, names_type};
use reelroom_domain::{
    access::Verb,
    ids::{AppId, RecordingId},
    naming::NamingRule,
    order::{Draft, FormField, StartForm, StoragePath, is_unlisted, stop_after},
    recording::{AutoStop, Recording, RecordingEvent},
    room::RoomId,
    time::Timestamp,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, Write,
    apps::App,
    history, presets,
    recordings::{self, Fields, Inserted},
    rooms,
};

use super::persist::persist;
use crate::{
    PlatformError, Principal, Service, ServiceError,
    apps::{cause, platform::platform},
    ground::jobs::Job,
};

/// A mistake in a start form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormProblem {
    /// The naming rule.
    Rule,
    /// The storage path is absolute or has a `..`.
    Path,
    /// The type is empty or has a control character.
    Kind,
    /// A field is over its limit; the form was not stored.
    OverLimit(FormField),
    /// The minutes until it stops are not a whole number from 1 to 1440.
    StopAfter,
}

/// No recording was started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The form has mistakes.
    #[error("the form has mistakes")]
    Invalid(Vec<FormProblem>),
    /// Another recording occupies the room.
    #[error("the room is taken")]
    RoomTaken {
        /// The account that started it, if it was started here.
        by: Option<String>,
        /// The time of its request.
        since: Timestamp,
    },
    /// The meeting that was to be recorded is over.
    #[error("the meeting is over")]
    MeetingOver,
    /// The platform refused, or was not reached.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The cause of a start.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Asker<'a> {
    /// The account of that name.
    Person(&'a str),
    /// The room is always recorded; the account of that name turned that on.
    Always(&'a str),
}

/// A valid start form.
pub(crate) struct Order {
    pub(crate) rule: NamingRule,
    path: Option<String>,
    user_data: String,
    kind: String,
    pub(crate) auto_stop: AutoStop,
}

/// Validates a form. The error has every problem of it.
pub(crate) fn parse(draft: &Draft) -> Result<Order, Vec<FormProblem>> {
    let form = draft.form();
    let mut problems = Vec::new();
    let rule = NamingRule::parse(form.rule.trim()).map_err(|_| problems.push(FormProblem::Rule));
    let path = StoragePath::parse(&form.path).map_err(|_| problems.push(FormProblem::Path));
    let kind = form.kind.trim();
    if kind.is_empty() || kind.chars().any(char::is_control) {
        problems.push(FormProblem::Kind);
    }
    let after_ms = stop_after(&form.stop_after).map_err(|_| problems.push(FormProblem::StopAfter));
    match (rule, path, after_ms) {
        (Ok(rule), Ok(path), Ok(after_ms)) if problems.is_empty() => Ok(Order {
            rule,
            path: path.map(String::from),
            user_data: form.user_data.clone(),
            kind: kind.to_owned(),
            auto_stop: AutoStop {
                after_ms,
                at_end: form.stop_at_end,
            },
        }),
        _ => Err(problems),
    }
}

/// A form without an unlisted type, if the platform's `words` refuse it: a preset may have filled it in.
fn without_refused_kind(draft: Draft, kinds: &[String], words: &str) -> Draft {
    let is_refused = names_type(words) && is_unlisted(kinds, &draft.form().kind);
    match kinds.first().filter(|_| is_refused) {
        Some(kind) => Draft::cut(StartForm {
            kind: kind.clone(),
            ..draft.into()
        }),
        None => draft,
    }
}

fn over_limit(fields: Vec<FormField>) -> StartError {
    StartError::Invalid(fields.into_iter().map(FormProblem::OverLimit).collect())
}

impl Service {
    /// Starts a recording in `room` and stores the form for the room, unless a field is over its limit or
    /// the platform refuses. Minutes after which it stops are stored only as a part of a preset.
    ///
    /// `Ok` if the platform accepted, and also if it did not answer: the recording is `unknown` then,
    /// because the room may be recording.
    pub async fn start_recording(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        form: StartForm,
    ) -> Result<RecordingId, StartError> {
        let app = self.room_for(by, Verb::Change, app, room).await?;
        let draft = Draft::parse(form).map_err(over_limit)?;
        let mut tx = self.0.store.write().await?;
        let before = self.keep_form(&mut tx, &app, room, Some(&draft)).await?;
        let requested = match parse(&draft) {
            Ok(order) => {
                let by = Asker::Person(&by.name);
                let recording = self.request(&mut tx, by, &app, room, &order).await;
                recording.map(|recording| (recording, order))
            }
            Err(problems) => Err(StartError::Invalid(problems)),
        };
        let (recording, order) = match requested {
            Ok(requested) => requested,
            Err(error) => {
                // The form stays.
                tx.commit().await?;
                return Err(error);
            }
        };
        let sent = self.send_start(tx, app.clone(), recording, order).await;
        let kept = match &sent {
            Ok(_) => self
                .without_minutes(&app, room, draft.clone())
                .await
                .map(Some),
            Err(StartError::Platform(PlatformError::Refused { words })) => {
                Ok(before.map(|before| without_refused_kind(before, &app.kinds, words)))
            }
            Err(_) => return sent,
        };
        let kept = match kept {
            Ok(Some(kept)) if kept == draft => Ok(()),
            Ok(kept) => self.change_form(&app, room, kept.as_ref()).await,
            Err(error) => Err(error),
        };
        // Does not change the outcome of the start.
        if let Err(error) = kept {
            tracing::warn!(%room, %error, "the form is not stored");
        }
        sent
    }

    /// A form without the minutes after which it stops, unless it is that of a preset.
    async fn without_minutes(
        &self,
        app: &App,
        room: &RoomId,
        draft: Draft,
    ) -> Result<Draft, ServiceError> {
        let mut read = self.0.store.read().await?;
        let presets = presets::list(&mut read, app.id, room).await?;
        if presets.iter().any(|preset| preset.form == *draft.form()) {
            return Ok(draft);
        }
        Ok(Draft::cut(StartForm {
            stop_after: String::new(),
            ..draft.into()
        }))
    }

    /// Commits a request, and sends it to the platform.
    pub(crate) async fn send_start(
        &self,
        tx: Write,
        app: App,
        recording: Recording,
        order: Order,
    ) -> Result<RecordingId, StartError> {
        tx.commit().await?;
        self.publish_recording(&recording);
        let id = recording.id;
        // A task of its own: the end of a background round must not cancel it before the answer.
        let service = self.clone();
        let request = async move { service.ask_to_start(app, recording, order).await };
        let request = self.0.jobs.spawn(request);
        let outcome = request.await.map_err(|_| ServiceError::Interrupted)??;
        cause::taken_up(outcome)?;
        Ok(id)
    }

    /// Stores the form of a room; `None` removes it. Returns the one before.
    async fn keep_form(
        &self,
        tx: &mut Conn,
        app: &App,
        room: &RoomId,
        draft: Option<&Draft>,
    ) -> Result<Option<Draft>, ServiceError> {
        rooms::ensure(tx, app.id, room, self.now()).await?;
        let before = rooms::form(tx, app.id, room).await?;
        rooms::set_form(tx, app.id, room, draft).await?;
        // A form that was sent cannot be undone.
        presets::set_form_before(tx, app.id, room, None).await?;
        Ok(before)
    }

    async fn change_form(
        &self,
        app: &App,
        room: &RoomId,
        draft: Option<&Draft>,
    ) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        self.keep_form(&mut tx, app, room, draft).await?;
        Ok(tx.commit().await?)
    }

    /// Stores a request, which is committed before it is sent. A unique index of the database allows one recording per
    /// room.
    pub(crate) async fn request(
        &self,
        tx: &mut Conn,
        by: Asker<'_>,
        app: &App,
        room: &RoomId,
        order: &Order,
    ) -> Result<Recording, StartError> {
        // Checked first: a stored request waits for an answer.
        platform(app).ok_or(ServiceError::NoApp)?;
        let now = self.now();
        let (event, actor, requested_by) = match by {
            Asker::Person(name) => (HistoryEvent::Requested, name, Some(name.to_owned())),
            Asker::Always(name) => (HistoryEvent::Always, name, None),
        };
        let recording = Recording {
            rule: Some(order.rule.to_string()),
            path: order.path.clone(),
            user_data: (!order.user_data.is_empty()).then(|| order.user_data.clone()),
            kind: Some(order.kind.clone()),
            requested_by,
            frames_expected: app.frames,
            auto_stop: order.auto_stop,
            ..Recording::requested(self.0.rng.id(now), app.id, room.clone(), now)
        };
        if let Inserted::RoomTaken(other) = recordings::insert(tx, &recording).await? {
            return Err(StartError::RoomTaken {
                by: other.requested_by,
                since: other.requested_at,
            });
        }
        recordings::follow_meeting(tx, app.id, room).await?;
        history::append(tx, recording.id, now, event, Some(actor), None).await?;
        Ok(recording)
    }

    async fn ask_to_start(
        &self,
        app: App,
        recording: Recording,
        order: Order,
    ) -> Result<Outcome, ServiceError> {
        let sealed =
            self.0
                .correlator
                .seal(&order.user_data, recording.id, app.id, &recording.room);
        let platform = platform(&app).ok_or(ServiceError::NoApp)?;
        let start = Start {
            room: recording.room.as_str(),
            kind: &order.kind,
            path: order.path.as_deref(),
            user_data: Some(&sealed),
            name_rule: order.rule.as_str(),
        };
        let outcome = self.0.client.start(&platform, &start).await;
        let event = match &outcome {
            Outcome::Accepted => RecordingEvent::StartAccepted,
            Outcome::Refused { .. } | Outcome::NotSent { .. } => RecordingEvent::StartRefused,
            Outcome::Unknown(_) => RecordingEvent::StartUnanswered,
        };
        let cause = cause::cause(&outcome);
        if let Some(cause) = &cause {
            tracing::warn!(recording = %recording.id, room = %recording.room, ?event, %cause, "start");
        }
        let fields = Fields {
            started_at: matches!(outcome, Outcome::Accepted).then(|| self.now()),
            ..Fields::default()
        };
        persist(|| async {
            let mut tx = self.0.store.write().await?;
            let (set, cause) = (fields.clone(), cause.as_ref());
            let moved = self
                .advance(&mut tx, &recording, event, set, None, cause)
                .await?;
            if moved.is_none() {
                // A file came before the answer; the time of the start is stored all the same.
                recordings::update_fields(&mut tx, recording.id, &fields).await?;
            }
            Ok(tx.commit().await?)
        })
        .await?;
        self.wake(Job::AutoStop);
        self.publish_recording(&recording);
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(rule: &str, path: &str, kind: &str) -> Draft {
        Draft::cut(StartForm {
            rule: rule.to_owned(),
            path: path.to_owned(),
            kind: kind.to_owned(),
            ..StartForm::default()
        })
    }

    #[test]
    fn all_errors_are_reported_at_once() {
        let wrong = parse(&draft("x", "../up", "")).err().unwrap();
        let expected = [FormProblem::Rule, FormProblem::Path, FormProblem::Kind];
        assert_eq!(wrong, expected);
    }

    #[test]
    fn a_type_that_was_refused_does_not_stay_in_the_form() {
        let kinds = ["Meet".to_owned(), "Live".to_owned()];
        let kind = |typed, words| {
            let form = without_refused_kind(draft("x", "a/b", typed), &kinds, words);
            assert_eq!(form.form().path, "a/b");
            StartForm::from(form).kind
        };
        assert_eq!(kind("Foo", "Type is unknown"), "Meet");
        assert_eq!(kind("Foo", "AppID is unknown"), "Foo");
        assert_eq!(kind("Live", "Type is unknown"), "Live");
    }
}
