//! One recording, with all that belongs to it.

use rand::Rng;
use reelroom_domain::{
    about::About,
    app::DEFAULT_KIND,
    cause::Cause,
    file::FileKind,
    ids::{AppId, RecordingId},
    meeting::Stay,
    naming::NamingRule,
    recording::{AutoStop, Origin, Recording, RecordingEvent, RecordingState},
    time::Timestamp,
    view::{HistoryEvent, HistoryLine},
};
use reelroom_store::{demo::DemoRecording, files::File};

use super::{
    about::{about, user_data},
    choice::{MINUTE, Source, Weighted},
    files::{Copies, Whole, files, only_tracks},
    meeting::meeting,
    rooms::Room,
};

/// The facts from which a recording follows.
pub struct Case<'a> {
    pub app: AppId,
    pub room: &'a Room,
    /// When it was requested.
    pub at: Timestamp,
    /// How long it ran, or has run, in milliseconds.
    pub length: i64,
    pub state: RecordingState,
    /// Whether a person has seen it.
    pub is_seen: bool,
    pub copies: Copies,
    pub rule: &'a NamingRule,
    /// The accounts that start recordings.
    pub accounts: &'a Weighted<&'static str>,
}

/// A recording of this case.
pub fn recording(source: &mut Source, case: &Case<'_>) -> DemoRecording {
    use RecordingState::{AwaitingFiles, Failed, Overdue, Ready, Unknown};
    let (room, theme, state) = (case.room, case.room.theme, case.state);
    let id: RecordingId = source.ids.id(case.at);
    let delay = source.rng.random_range(300..2_500);
    let has_begun = !matches!(state, Failed | Unknown);
    let started_at = has_begun.then(|| case.at.plus_millis(delay));
    let is_over = matches!(state, Ready | AwaitingFiles | Overdue);
    let stopped_at = started_at.filter(|_| is_over);
    let stopped_at = stopped_at.map(|at| at.plus_millis(case.length));
    let met = (state != Failed).then(|| meeting(source, room, case.at, case.length, stopped_at));
    let (meeting, stays) = met.unzip();
    let stays = stays.unwrap_or_default();
    let files = match (started_at, stopped_at) {
        (Some(from), Some(to)) if state != AwaitingFiles => {
            let whole = Whole {
                id,
                room,
                rule: case.rule,
                from,
                to,
                people: stays.iter().map(|stay| &stay.who).collect(),
                copies: case.copies,
            };
            if state == Ready {
                files(source, &whole)
            } else {
                only_tracks(source, &whole)
            }
        }
        _ => Vec::new(),
    };
    let rng = &mut source.rng;
    let is_found = state == Ready && rng.random_ratio(7, 100);
    let by = (*case.accounts.choose(rng)).to_owned();
    let by = Some(by).filter(|_| !is_found);
    let at_end = rng.random_ratio(1, 3) && !is_found;
    let state_since = since(case, started_at, stopped_at, &files);
    let about = if is_found || state == Failed {
        About::default()
    } else {
        about(rng, theme)
    };
    DemoRecording {
        about,
        history: history(case, is_found, by.as_deref(), state_since),
        recording: Recording {
            id,
            app: case.app,
            room: room.row.id.clone(),
            origin: if is_found {
                Origin::AutoRecorded
            } else {
                Origin::Started
            },
            state,
            state_since,
            rule: by.as_ref().map(|_| case.rule.as_str().to_owned()),
            path: None,
            user_data: by.as_ref().and_then(|_| user_data(rng, theme)),
            kind: by.as_ref().map(|_| DEFAULT_KIND.to_owned()),
            requested_at: case.at,
            started_at,
            stopped_at,
            stopped_by: by.clone().filter(|_| is_over && !at_end),
            requested_by: by,
            tracks_expected: tracks_expected(state, &stays, &files),
            frames_expected: false,
            auto_stop: AutoStop {
                after_ms: None,
                at_end,
            },
        },
        is_seen: case.is_seen && state == Failed,
        meeting,
        stays,
        files,
    }
}

/// When it entered its state.
fn since(
    case: &Case<'_>,
    started_at: Option<Timestamp>,
    stopped_at: Option<Timestamp>,
    files: &[File],
) -> Timestamp {
    let since = match case.state {
        RecordingState::Ready => files.last().map(|file| file.announced_at),
        RecordingState::AwaitingFiles => stopped_at,
        RecordingState::Overdue => stopped_at.map(|at| at.plus_millis(60 * MINUTE)),
        _ => started_at,
    };
    since.unwrap_or_else(|| case.at.plus_millis(MINUTE / 6))
}

/// The number of tracks that it expects: of one that is ready, those that it has.
fn tracks_expected(state: RecordingState, stays: &[Stay], files: &[File]) -> u32 {
    let tracks = files
        .iter()
        .filter(|file| file.announced.kind == FileKind::Track);
    let count = match state {
        RecordingState::Ready => tracks.count(),
        RecordingState::AwaitingFiles | RecordingState::Overdue => stays.len(),
        _ => 0,
    };
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// How it began, and how it came into its state.
fn history(
    case: &Case<'_>,
    is_found: bool,
    by: Option<&str>,
    state_since: Timestamp,
) -> Vec<HistoryLine> {
    use RecordingEvent as E;
    let begin = if is_found {
        HistoryEvent::Found
    } else {
        HistoryEvent::Requested
    };
    let (event, why) = match case.state {
        RecordingState::Requested | RecordingState::Recording | RecordingState::Stopping => {
            (E::StartAccepted, None)
        }
        RecordingState::AwaitingFiles => (E::StopAccepted, None),
        RecordingState::Ready => (E::LastFileArrived, None),
        RecordingState::Failed => {
            let why = Cause::Words("the room does not exist".to_owned());
            (E::StartRefused, Some(why))
        }
        RecordingState::Unknown => (E::StartUnanswered, Some(Cause::NoAnswer)),
        RecordingState::Overdue => (E::FallenDue, None),
    };
    let line = |at, event, actor: Option<&str>, cause| HistoryLine {
        at,
        event,
        actor: actor.map(str::to_owned),
        cause,
        change: None,
        moved_from: None,
    };
    vec![
        line(case.at, begin, by, None),
        line(state_since, HistoryEvent::Took(event), None, why),
    ]
}
