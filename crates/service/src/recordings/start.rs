//! Start a recording: one at a time for a room, and never twice.

use reelroom_anyrtc::client::{Outcome, Start};
use reelroom_domain::{
    ids::{AppId, RecordingId},
    naming::{NamingRule, Problem},
    recording::{AutoStop, Origin, RecordingEvent, RecordingState},
    room::RoomId,
    time::Timestamp,
    user::Role,
    view::{Change, HistoryEvent, StartForm},
};
use reelroom_store::{
    StoreError,
    apps::App,
    history,
    recordings::{self, Fields, Inserted, Recording},
    rooms,
};

use super::cause::{self, PlatformError};
use crate::{Principal, Service, ServiceError, apps, require};

/// What is wrong with a start form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormProblem {
    /// The naming rule.
    Rule(Vec<Problem>),
    /// The storage path: it is relative and has no `..`.
    Path,
    /// The type: some text without line breaks.
    Kind,
    /// The user data: over 16 KiB.
    UserData,
    /// After how many minutes it stops: a whole number from 1 to 1440.
    StopAfter,
}

/// Nothing was started, and nothing records because of it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The form cannot be sent.
    #[error("the form has mistakes")]
    Invalid(Vec<FormProblem>),
    /// A recording has the room already.
    #[error("the room is taken")]
    RoomTaken {
        /// Who started it, if it was started here.
        by: Option<String>,
        /// When it was requested.
        since: Timestamp,
    },
    /// The platform did not take it up.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Service(error.into())
    }
}

/// A form that can be sent.
struct Order {
    rule: NamingRule,
    path: Option<String>,
    user_data: String,
    kind: String,
    auto_stop: AutoStop,
}

/// Minutes in a day: a recording that stops by itself later than that does not stop by itself.
const LONGEST_MINUTES: i64 = 24 * 60;

/// Milliseconds of what was typed as minutes; `None` where nothing was.
fn stop_after(typed: &str) -> Result<Option<i64>, FormProblem> {
    match typed.trim() {
        "" => Ok(None),
        typed => typed
            .parse()
            .ok()
            .filter(|minutes| (1..=LONGEST_MINUTES).contains(minutes))
            .map(|minutes: i64| Some(minutes * 60_000))
            .ok_or(FormProblem::StopAfter),
    }
}

fn parse(form: &StartForm) -> Result<Order, Vec<FormProblem>> {
    let mut problems = Vec::new();
    let rule = NamingRule::parse(form.rule.trim())
        .map_err(|wrong| problems.push(FormProblem::Rule(wrong)));
    let path = form.path.trim();
    let relative = !path.starts_with(['/', '\\'])
        && !path.contains(':')
        && path.len() <= 512
        && !path.chars().any(char::is_control)
        && !path.split(['/', '\\']).any(|step| step == "..");
    if !relative {
        problems.push(FormProblem::Path);
    }
    let kind = form.kind.trim();
    if kind.is_empty() || kind.len() > 64 || kind.chars().any(char::is_control) {
        problems.push(FormProblem::Kind);
    }
    if form.user_data.len() > 16 * 1024 {
        problems.push(FormProblem::UserData);
    }
    let after_ms = stop_after(&form.stop_after).unwrap_or_else(|wrong| {
        problems.push(wrong);
        None
    });
    match rule {
        Ok(rule) if problems.is_empty() => Ok(Order {
            rule,
            path: (!path.is_empty()).then(|| path.to_owned()),
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

impl Service {
    /// Starts a recording in `room`.
    ///
    /// `Ok` where the platform accepted, and where it did not answer: then the recording's state is
    /// `unknown`, because the room may be recording. What was typed is kept for the room, always.
    pub async fn start_recording(
        &self,
        by: &Principal,
        app: Option<AppId>,
        room: &RoomId,
        form: StartForm,
    ) -> Result<RecordingId, StartError> {
        require(by.clone(), Role::Operator)?;
        let app = self.app_of(app).await?;
        self.keep_form(&app, room, &form).await?;
        let order = parse(&form).map_err(StartError::Invalid)?;
        let recording = self.request(by, &app, room, &order).await?;
        let id = recording.id;
        // In a task of its own: a browser that hangs up must not lose the platform's answer.
        let service = self.clone();
        let asked = tokio::spawn(async move { service.ask_to_start(app, recording, order).await });
        let outcome = asked.await.map_err(|_| ServiceError::Interrupted)??;
        cause::taken_up(outcome)?;
        Ok(id)
    }

    async fn keep_form(
        &self,
        app: &App,
        room: &RoomId,
        form: &StartForm,
    ) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        rooms::ensure(&mut tx, app.id, room, self.now()).await?;
        rooms::set_form(&mut tx, app.id, room, form).await?;
        Ok(tx.commit().await?)
    }

    /// Writes the request down before it is made. The database lets one recording have the room.
    async fn request(
        &self,
        by: &Principal,
        app: &App,
        room: &RoomId,
        order: &Order,
    ) -> Result<Recording, StartError> {
        let now = self.now();
        let recording = Recording {
            id: self.0.chance.id(now),
            app: app.id,
            room: room.clone(),
            origin: Origin::Started,
            state: RecordingState::Requested,
            state_since: now,
            rule: Some(order.rule.to_string()),
            path: order.path.clone(),
            user_data: (!order.user_data.is_empty()).then(|| order.user_data.clone()),
            kind: Some(order.kind.clone()),
            requested_at: now,
            started_at: None,
            stopped_at: None,
            requested_by: Some(by.name.clone()),
            stopped_by: None,
            tracks_expected: 0,
            auto_stop: order.auto_stop,
        };
        let mut tx = self.0.store.write().await?;
        if let Inserted::RoomTaken(other) = recordings::insert(&mut tx, &recording).await? {
            return Err(StartError::RoomTaken {
                by: other.requested_by,
                since: other.requested_at,
            });
        }
        recordings::follow_meeting(&mut tx, app.id, room).await?;
        let by = Some(by.name.as_str());
        history::append(
            &mut tx,
            recording.id,
            now,
            HistoryEvent::Requested,
            by,
            None,
        )
        .await?;
        tx.commit().await?;
        self.publish(Change::Recording {
            id: recording.id,
            room: room.clone(),
        });
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
        let outcome = match apps::platform(&app) {
            Some(platform) => {
                let start = Start {
                    room: recording.room.as_str(),
                    kind: &order.kind,
                    path: order.path.as_deref(),
                    user_data: Some(&sealed),
                    name_rule: order.rule.as_str(),
                };
                self.0.client.start(&platform, &start).await
            }
            None => return Err(ServiceError::NoApp),
        };
        let event = match &outcome {
            Outcome::Accepted => RecordingEvent::StartAccepted,
            Outcome::Refused { .. } | Outcome::NotSent { .. } => RecordingEvent::StartRefused,
            Outcome::Unknown(_) => RecordingEvent::StartUnanswered,
        };
        let cause = cause::cause(&outcome);
        if let Some(cause) = &cause {
            tracing::warn!(recording = %recording.id, room = %recording.room, ?event, %cause, "start");
        }
        let mut tx = self.0.store.write().await?;
        let started_at = matches!(outcome, Outcome::Accepted).then(|| self.now());
        let fields = Fields {
            started_at,
            ..Fields::default()
        };
        self.advance(&mut tx, &recording, event, fields, None, cause.as_ref())
            .await?;
        tx.commit().await?;
        self.0.to_stop.notify_one();
        self.publish(Change::Recording {
            id: recording.id,
            room: recording.room,
        });
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(rule: &str, path: &str, kind: &str) -> StartForm {
        StartForm {
            rule: rule.to_owned(),
            path: path.to_owned(),
            user_data: String::new(),
            kind: kind.to_owned(),
            stop_after: String::new(),
            stop_at_end: false,
        }
    }

    #[test]
    fn it_stops_after_a_minute_at_the_least_and_a_day_at_the_most() {
        assert_eq!(stop_after(" "), Ok(None));
        assert_eq!(stop_after(" 90 "), Ok(Some(5_400_000)));
        assert_eq!(stop_after("1440"), Ok(Some(86_400_000)));
        for typed in ["0", "1441", "-1", "1.5", "an hour", "99999999999999999999"] {
            assert_eq!(stop_after(typed), Err(FormProblem::StopAfter), "{typed}");
        }
    }

    #[test]
    fn every_mistake_is_named_at_once() {
        let wrong = parse(&form("x", "../up", "")).err().unwrap();
        assert!(matches!(wrong[0], FormProblem::Rule(_)));
        assert_eq!(wrong[1..], [FormProblem::Path, FormProblem::Kind]);
    }

    #[test]
    fn a_path_is_relative_and_stays_below() {
        for (path, good) in [
            ("", true),
            ("recordings/board", true),
            ("a..b", true),
            ("/etc", false),
            ("a/../../b", false),
            ("C:\\x", false),
            ("a\\..\\b", false),
        ] {
            assert_eq!(
                parse(&form(NamingRule::DEFAULT, path, "Meet")).is_ok(),
                good,
                "{path}"
            );
        }
    }
}
