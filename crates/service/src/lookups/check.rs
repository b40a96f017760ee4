//! Checks of recordings in an unknown state, and of overdue ones: what the file list and the room's
//! meeting say about them. A check itself changes no state; a file that it imports may.

use std::time::Duration;

use futures::future::join_all;
use reelroom_anyrtc::{
    client::Unknown,
    videos::{Code, Problem, Progress, Video},
};
use reelroom_domain::{
    access::Verb,
    check::{CHECK_EVERY, Check, ListSign, ListTrouble, RoomSign},
    ids::RecordingId,
    recording::{Recording, RecordingState},
    view::HistoryEvent,
};
use reelroom_store::{
    apps::{self, App},
    checks, history, meetings, recordings,
};

use crate::{
    Principal, Service, ServiceError,
    apps::ask::{Asker, NotListed, Question},
    ground::jobs::Job,
    recordings::find::recording_for,
};

/// For this time, every automatic check requests the list, in milliseconds.
const FREQUENT: i64 = 10 * 60_000;
/// After that, the pause between two requests.
const PAUSE: i64 = 5 * 60_000;

/// The rate limit never lasts longer than this, in milliseconds; a back-off does.
const MINUTE: i64 = 60_000;

/// The result of a look-up.
pub(super) struct LookUp {
    /// The sign of the recording in the list.
    pub list: ListSign,
    /// The number of files that were not known before.
    pub imported: u32,
    /// Whether the list was not requested because it had refused earlier requests.
    pub backs_off: bool,
}

impl Service {
    /// Checks a recording for a person, if its state is still unknown or overdue. Where the rate limit is
    /// reached, the look-up of an overdue one is queued.
    pub async fn check_recording(
        &self,
        by: &Principal,
        id: RecordingId,
    ) -> Result<(), ServiceError> {
        let (recording, app) = {
            let mut read = self.0.store.read().await?;
            let recording = recording_for(&mut read, by, Verb::Change, id).await?;
            let app = apps::get(&mut read, recording.app).await?;
            (recording, app.ok_or(ServiceError::NoApp)?)
        };
        if !recording.state.is_checked() {
            return Ok(());
        }
        let found = self.look_up(&app, &recording, Asker::Person).await?;
        self.record_check(&recording, found.list, Some(&by.name))
            .await?;
        if matches!(found.list, ListSign::Queued { .. }) {
            self.wake(Job::Overdue);
        }
        Ok(())
    }

    /// Checks each `unknown` recording, [`CHECK_EVERY`] milliseconds after its last check.
    pub(crate) async fn check_unknown(&self) -> Result<Option<Duration>, ServiceError> {
        let before = self.now().plus_millis(-CHECK_EVERY);
        let unknown = checks::due(&mut *self.0.store.read().await?, before).await?;
        let checks = unknown.iter().map(|recording| self.check_again(recording));
        join_all(checks)
            .await
            .into_iter()
            .collect::<Result<(), _>>()?;
        Ok(None)
    }

    /// Checks a recording, unless another process does.
    async fn check_again(&self, recording: &Recording) -> Result<(), ServiceError> {
        let now = self.now();
        let (app, known) = {
            let mut read = self.0.store.read().await?;
            let app = apps::get(&mut read, recording.app).await?;
            (app, checks::of_recording(&mut read, recording.id).await?)
        };
        let Some(app) = app else {
            return Ok(());
        };
        let mut tx = self.0.store.write().await?;
        let claimed = checks::claim(&mut tx, recording.id, now, CHECK_EVERY).await?;
        tx.commit().await?;
        if !claimed {
            return Ok(());
        }
        let pauses = now.since(recording.state_since) >= FREQUENT
            && known.listed_at.is_some_and(|at| now.since(at) < PAUSE);
        let before = known.checks.map(|checks| checks.last.list);
        let list = match before {
            Some(before) if pauses => before,
            _ => {
                let found = self.look_up(&app, recording, Asker::Ourselves).await?;
                found.list
            }
        };
        // The cause of a back-off says more than the back-off.
        let list = match (list, before) {
            (ListSign::Busy, Some(failed @ ListSign::Failed(_))) => failed,
            (list, _) => list,
        };
        self.record_check(recording, list, None).await
    }

    /// Imports the files of the recording's room. The look-up of an overdue one for a person can be queued.
    pub(super) async fn look_up(
        &self,
        app: &App,
        recording: &Recording,
        asker: Asker,
    ) -> Result<LookUp, ServiceError> {
        let may_queue = asker == Asker::Person && recording.state == RecordingState::Overdue;
        let question = Question::Room(&recording.room);
        let list = match self.ask_list(app, asker, question).await {
            Ok(list) => list,
            Err(not_listed) => {
                let backs_off = matches!(
                    not_listed,
                    NotListed::Busy(at) if at.since(self.now()) > MINUTE
                );
                let list = match not_listed {
                    NotListed::NoToken => ListSign::NoToken,
                    NotListed::Busy(at) if may_queue => ListSign::Queued { at },
                    NotListed::Busy(_) => ListSign::Busy,
                    NotListed::Problem(problem) => ListSign::Failed(trouble(&problem)),
                    NotListed::Service(error) => return Err(error),
                };
                return Ok(LookUp {
                    list,
                    imported: 0,
                    backs_off,
                });
            }
        };
        let mut tx = self.0.store.write().await?;
        let found = self
            .match_files(&mut tx, app, &recording.room, &list.videos)
            .await?;
        let (mut done, mut making) = (0, 0);
        for found in &found {
            let known = found.recording.as_ref();
            if known.is_some_and(|known| known.id == recording.id) {
                done += u32::from(found.video.is_there());
                making += u32::from(is_in_the_making(found.video));
            }
        }
        let imported = self
            .import_found(&mut tx, app, &recording.room, &found)
            .await?;
        checks::record_listing(&mut tx, recording.id, self.now()).await?;
        tx.commit().await?;
        let list = match (done, making) {
            (0, 0) => ListSign::Nothing,
            (0, files) => ListSign::Making { files },
            (files, _) => ListSign::Files { files },
        };
        Ok(LookUp {
            list,
            imported,
            backs_off: false,
        })
    }

    /// Records a check: `list`, and what status callbacks say about the room. A person's check is
    /// also in the history. A queued look-up is due at its time.
    pub(super) async fn record_check(
        &self,
        recording: &Recording,
        list: ListSign,
        by: Option<&str>,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let mut tx = self.0.store.write().await?;
        let since = recording.started_at.unwrap_or(recording.requested_at);
        let meeting =
            meetings::newest_since(&mut tx, recording.app, &recording.room, since).await?;
        let room = match meeting.map(|meeting| (meeting.id, meeting.ended_at)) {
            None => RoomSign::Silent,
            Some((_, Some(at))) => RoomSign::Over { at },
            Some((id, None)) => {
                let stays = meetings::stays(&mut tx, id).await?;
                let here = stays.iter().filter(|stay| stay.left_at.is_none());
                RoomSign::Live {
                    people: u32::try_from(here.count()).unwrap_or(u32::MAX),
                }
            }
        };
        let check = Check { room, list };
        checks::record(&mut tx, recording.id, now, &check).await?;
        if let ListSign::Queued { at } = list {
            recordings::set_look_up_at(&mut tx, recording.id, Some(at)).await?;
        }
        if by.is_some() {
            let event = HistoryEvent::Checked(check);
            history::append(&mut tx, recording.id, now, event, by, None).await?;
        }
        tx.commit().await?;
        self.publish_recording(recording);
        Ok(())
    }
}

fn is_in_the_making(video: &Video) -> bool {
    matches!(video.progress, Progress::Waiting | Progress::Working)
}

fn trouble(problem: &Problem) -> ListTrouble {
    match problem {
        Problem::NotSent(_) => ListTrouble::NotReached,
        Problem::NoAnswer(Unknown::Status(_) | Unknown::Redirected(_)) => ListTrouble::Platform,
        Problem::NoAnswer(_) => ListTrouble::NoAnswer,
        Problem::Said { code, .. } => match code {
            Code::BadSignature => ListTrouble::Token,
            Code::BadTimestamp => ListTrouble::Clock,
            Code::UnknownApp | Code::AppGone => ListTrouble::App,
            Code::TooFrequent => ListTrouble::TooFrequent,
            Code::MissingParameter | Code::Internal | Code::Other(_) => ListTrouble::Platform,
        },
    }
}
