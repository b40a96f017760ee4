//! Banners for an unknown outcome, a refused start, and missing files.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    check::Checks,
    recording::{RecordingEvent, RecordingState},
    view::{RecordingView, RoomView},
};

use super::actions::{check_form, stop_form};
use crate::{
    components::{Banner, ErrorNote},
    current_app::CurrentApp,
    error::ApiError,
    form::failed,
    i18n::td,
    pages::rooms::room::{
        context::{ledger_lines, room_fields, seconds, time},
        progress::{is_stop_unanswered, last_line, may_be_nothing, started},
    },
    paths,
    server_fns::{GiveUpRecording, SayStopped, StartRecording},
    this_page::locale,
    words::{self, TimeStyle},
};

/// The banner of the room's recording, if it has one.
pub fn banner(view: &RoomView) -> Option<impl IntoView + use<>> {
    let recording = view.current.as_ref()?;
    let banner = match recording.row.state {
        RecordingState::Unknown => unknown(view, recording).into_any(),
        RecordingState::Failed => refused(recording).into_any(),
        RecordingState::Overdue => overdue(recording).into_any(),
        _ => return None,
    };
    Some(view! { <div class="wide">{banner}</div> })
}

/// For a person whose start lost a race: who started the recording, and when. The card of that recording
/// follows, in place of the form.
pub fn taken_note(view: &RoomView) -> Option<impl IntoView + use<>> {
    let mut error = failed::<StartRecording>()?;
    let recording = view.current.as_ref()?;
    let ApiError::RoomTaken { by, since } = &mut error else {
        return None;
    };
    // The address has only the error code.
    by.clone_from(&recording.started_by);
    *since = Some(started(&recording.row));
    let is_active = recording.row.state.is_active();
    is_active.then(|| view! { <div class="wide"><ErrorNote error=error /></div> })
}

/// The state of the recording is unknown.
fn unknown(view: &RoomView, recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let (row, history) = (&recording.row, &recording.history);
    let is_stop = is_stop_unanswered(history);
    let (title, text) = if is_stop {
        let asked = last_line(history, RecordingEvent::StopRequested);
        let time = seconds(asked.map_or(row.requested_at, |line| line.at));
        let text = td!(locale, rooms.unknown.stop_text, time).into_any();
        (say!(locale, rooms.unknown.stop_title), text)
    } else {
        let time = seconds(row.requested_at);
        let text = td!(locale, rooms.unknown.start_text, time).into_any();
        (say!(locale, rooms.unknown.start_title), text)
    };
    let close = |url: &'static str, word: &'static str| {
        view! {
            <form method="post" action=url>
                <input type="hidden" name="id" value=row.id.to_string() />
                {room_fields(view)}
                <button class="btn">{word}</button>
            </form>
        }
    };
    let actions = view.role.may_record().then(|| {
        let stopped =
            is_stop.then(|| close(SayStopped::url(), say!(locale, rooms.unknown.stopped)));
        let nothing = may_be_nothing(row)
            .then(|| close(GiveUpRecording::url(), say!(locale, rooms.unknown.give_up)));
        let error = failed::<SayStopped>().or_else(failed::<GiveUpRecording>);
        view! {
            <div class="btns">
                {check_form(view, row.id)}
                {stop_form(view, row.id, true)}
                {stopped}
                {nothing}
            </div>
            {error.map(|error| view! { <ErrorNote error=error /> })}
        }
    });
    let last_check = last_check(recording.checks);
    view! {
        <Banner title=title>
            <p>{text}</p>
            {last_check}
            {actions}
        </Banner>
    }
}

/// The result of the last check, automatic or by a person. Screen readers announce it when the result
/// changes, not when only the time does.
fn last_check(checks: Option<Checks>) -> impl IntoView {
    let last = checks.map(|checks| {
        view! {
            <span class="muted num" aria-live="off">
                {seconds(checks.last_at)()}
            </span>
            " "
            {words::check(locale(), &checks.last)}
        }
    });
    view! { <p class="look" aria-live="polite">{last}</p> }
}

/// The start was refused, or did not reach the platform.
fn refused(recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let words = last_line(&recording.history, RecordingEvent::StartRefused)
        .and_then(|line| line.cause.as_ref())
        .map(|cause| {
            let words = words::cause(locale, cause);
            view! { <p>{say!(locale, rooms.failed.words, words = words)}</p> }
        });
    let time = seconds(recording.row.requested_at);
    view! {
        <Banner title=say!(locale, rooms.failed.title)>
            {words}
            <p>{td!(locale, rooms.failed.still, time)}</p>
        </Banner>
    }
}

/// Files are overdue.
fn overdue(recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let row = &recording.row;
    let (got, n) = (row.ledger.arrived(), row.ledger.expected());
    let due = recording.due_at.map(|due| time(due, TimeStyle::Near));
    let text = match due {
        Some(time) => td!(locale, rooms.overdue.text, got, n, time).into_any(),
        None => td!(locale, rooms.overdue.text_open, got, n).into_any(),
    };
    let lines = ledger_lines(recording);
    let page = CurrentApp::expect().to(&paths::recording(row.id));
    view! {
        <Banner title=say!(locale, rooms.overdue.title)>
            <p>{text}</p>
            {lines}
            <div class="btns">
                <a class="btn" href=page>{say!(locale, rooms.now.open)}</a>
            </div>
        </Banner>
    }
}
