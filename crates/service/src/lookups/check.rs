//! Looking for signs of a recording of which nobody knows whether it runs. A look reads and starts
//! nothing; only a file that it finds moves the state, when the file is taken in.

use std::time::Duration;

use futures::future::join_all;
use reelroom_anyrtc::{
    client::Unknown,
    videos::{Code, Problem, Progress, Video},
};
use reelroom_domain::{
    ids::RecordingId,
    look::{LOOK_EVERY, ListSign, ListTrouble, Look, RoomSign},
    recording::{Recording, RecordingState},
    user::Role,
    view::{Change, HistoryEvent},
};
use reelroom_store::{
    apps::{self, App},
    history, looks, meetings, recordings,
};

use crate::{
    Principal, Service, ServiceError,
    apps::ask::{Asker, NotListed, Question},
    require,
};

/// So long after nobody knows any more, each look of ours asks the list; later, one in five minutes
/// does. Milliseconds.
const KEEN: i64 = 10 * 60_000;
const LATER: i64 = 5 * 60_000;

impl Service {
    /// A person looks for signs of a recording. Nothing is changed at the platform. One that has been
    /// settled in the meantime needs no look.
    pub async fn check_recording(
        &self,
        by: &Principal,
        id: RecordingId,
    ) -> Result<(), ServiceError> {
        require(by.clone(), Role::Operator)?;
        let (recording, app) = {
            let mut read = self.0.store.read().await?;
            let recording = recordings::get(&mut read, id).await?;
            let recording = recording.ok_or(ServiceError::NotFound)?;
            let app = apps::get(&mut read, recording.app).await?;
            (recording, app.ok_or(ServiceError::NoApp)?)
        };
        if recording.state != RecordingState::Unknown {
            return Ok(());
        }
        let list = self.list_sign(&app, &recording, Asker::Person).await?;
        self.note_look(&recording, list, Some(&by.name)).await
    }

    /// Looks at each recording whose state is unknown, [`LOOK_EVERY`] milliseconds after the last look.
    pub(crate) async fn look_at_unknown(&self) -> Result<Option<Duration>, ServiceError> {
        let before = self.now().plus_millis(-LOOK_EVERY);
        let unknown = {
            let mut read = self.0.store.read().await?;
            looks::due(&mut read, before).await?
        };
        let looks = unknown.iter().map(|recording| self.look_again(recording));
        join_all(looks)
            .await
            .into_iter()
            .collect::<Result<(), _>>()?;
        Ok(None)
    }

    /// One look of ours, if nobody else makes it.
    async fn look_again(&self, recording: &Recording) -> Result<(), ServiceError> {
        let now = self.now();
        let (app, known) = {
            let mut read = self.0.store.read().await?;
            let app = apps::get(&mut read, recording.app).await?;
            (app, looks::of_recording(&mut read, recording.id).await?)
        };
        let Some(app) = app else {
            return Ok(());
        };
        let mut tx = self.0.store.write().await?;
        let ours = looks::claim(&mut tx, recording.id, now, LOOK_EVERY).await?;
        tx.commit().await?;
        if !ours {
            return Ok(());
        }
        let pause = if now.since(recording.state_since) < KEEN {
            0
        } else {
            LATER
        };
        let rests = |at| now.since(at) < pause;
        let list = match known.looks.filter(|_| known.listed_at.is_some_and(rests)) {
            Some(looks) => looks.last.list,
            None => self.list_sign(&app, recording, Asker::Ourselves).await?,
        };
        // Not asked because of what went wrong: that is what there is to know.
        let failed = known.looks.map(|looks| looks.last.list);
        let failed = failed.filter(|last| matches!(last, ListSign::Failed(_)));
        let list = match list {
            ListSign::Busy => failed.unwrap_or(list),
            list => list,
        };
        self.note_look(recording, list, None).await
    }

    /// What the list tells of a recording; what it holds of the room enters.
    async fn list_sign(
        &self,
        app: &App,
        recording: &Recording,
        asker: Asker,
    ) -> Result<ListSign, ServiceError> {
        let question = Question::Room(&recording.room);
        let list = match self.ask_list(app, asker, question).await? {
            Ok(list) => list,
            Err(NotListed::NoToken) => return Ok(ListSign::NoToken),
            Err(NotListed::Busy(_)) => return Ok(ListSign::Busy),
            Err(NotListed::Problem(problem)) => return Ok(ListSign::Failed(trouble(&problem))),
        };
        let mut tx = self.0.store.write().await?;
        let sorted = self
            .sort(&mut tx, app, &recording.room, &list.videos)
            .await?;
        let of_it = sorted.iter().filter(|found| {
            let its = found.recording.as_ref().map(|its| its.id);
            its == Some(recording.id)
        });
        let of_it: Vec<&Video> = of_it.map(|found| found.video).collect();
        let count = |there: fn(&Video) -> bool| {
            let videos = of_it.iter().filter(|video| there(video));
            u32::try_from(videos.count()).unwrap_or(u32::MAX)
        };
        let (done, making) = (count(Video::is_there), count(is_in_the_making));
        self.enter(&mut tx, app, &recording.room, &list.videos)
            .await?;
        looks::listed(&mut tx, recording.id, self.now()).await?;
        tx.commit().await?;
        Ok(match (done, making) {
            (0, 0) => ListSign::Nothing,
            (0, files) => ListSign::Making { files },
            (files, _) => ListSign::Files { files },
        })
    }

    /// What status callbacks tell of the room, together with `list`: noted, and told to open pages.
    /// A person's look is a line of the history.
    async fn note_look(
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
                let people = meetings::participants(&mut tx, id).await?;
                let here = people.iter().filter(|person| person.left_at.is_none());
                RoomSign::Live {
                    people: u32::try_from(here.count()).unwrap_or(u32::MAX),
                }
            }
        };
        let look = Look { room, list };
        looks::note(&mut tx, recording.id, now, &look).await?;
        if by.is_some() {
            let event = HistoryEvent::Checked(look);
            history::append(&mut tx, recording.id, now, event, by, None).await?;
        }
        tx.commit().await?;
        self.publish(Change::Recording {
            id: recording.id,
            room: recording.room.clone(),
        });
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
