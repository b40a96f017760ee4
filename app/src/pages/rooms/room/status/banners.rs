//! Banners for an unknown outcome, a refused start, and missing files.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    cause::Cause,
    check::{Checks, ListSign},
    ids::RecordingId,
    recording::{RecordingEvent, RecordingState},
    time::Timestamp,
    view::{RecordingView, RoomView},
};

use super::actions::{check_form, stop_form};
use crate::{
    components::{Banner, ErrorNote, hidden, ledger_lines, post_form, time},
    current_app::CurrentApp,
    error::ApiError,
    form::failed,
    i18n::td,
    islands::START_FORM,
    pages::rooms::room::{
        context::{room_fields, seconds},
        progress::{is_stop_unanswered, last_line, may_be_nothing, unanswered_by},
    },
    paths,
    server_fns::{AcceptIncomplete, GiveUpRecording, MarkSeen, SayStopped, StartRecording},
    this_page::locale,
    words,
};

/// The banner of the room's recording, if it has one.
pub fn banner(view: &RoomView) -> Option<impl IntoView + use<>> {
    let recording = view.current.as_ref()?;
    let banner = match recording.row.state {
        RecordingState::Unknown => unknown(view, recording).into_any(),
        RecordingState::Failed => refused(view, recording).into_any(),
        RecordingState::Overdue => overdue(view, recording).into_any(),
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
    *since = Some(recording.row.began_at());
    let is_active = recording.row.state.is_active();
    is_active.then(|| view! { <div class="wide"><ErrorNote error=error /></div> })
}

fn unknown(view: &RoomView, recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let (row, history) = (&recording.row, &recording.history);
    let is_stop = is_stop_unanswered(history);
    let (title, text) = match unanswered_by(history) {
        Some((line, Some(words))) if is_stop => {
            let (time, words) = (seconds(line.at), words.to_owned());
            let text = td!(locale, rooms.unknown.stop_refused_text, time, words).into_any();
            (say!(locale, rooms.unknown.stop_refused_title), text)
        }
        _ if is_stop => {
            let asked = last_line(history, RecordingEvent::StopRequested);
            let time = seconds(asked.map_or(row.requested_at, |line| line.at));
            let text = td!(locale, rooms.unknown.stop_text, time).into_any();
            (say!(locale, rooms.unknown.stop_title), text)
        }
        _ => {
            let time = seconds(row.requested_at);
            let text = td!(locale, rooms.unknown.start_text, time).into_any();
            (say!(locale, rooms.unknown.start_title), text)
        }
    };
    let actions = view.role.may_record().then(|| {
        let stopped =
            is_stop.then(|| close::<SayStopped>(view, row.id, say!(locale, rooms.unknown.stopped)));
        let nothing = may_be_nothing(row)
            .then(|| close::<GiveUpRecording>(view, row.id, say!(locale, rooms.unknown.give_up)));
        let error = failed::<SayStopped>().or_else(failed::<GiveUpRecording>);
        view! {
            <div class="btns">
                {check_form(view, recording)}
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
            <span class="muted num" aria-live="off">{seconds(checks.last_at)()}</span>
            " "
            {words::check(locale(), &checks.last)}
        }
    });
    view! { <p class="look" aria-live="polite">{last}</p> }
}

/// A button by which a person closes a recording.
fn close<F: ServerFn>(
    view: &RoomView,
    id: RecordingId,
    word: &'static str,
) -> impl IntoView + use<F> {
    let fields = (hidden([("id", &*id.to_string())]), room_fields(view));
    post_form::<F>(fields, "btn", word)
}

/// The start was refused, or did not reach the platform.
fn refused(view: &RoomView, recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let line = last_line(&recording.history, RecordingEvent::StartRefused);
    let cause = line.and_then(|line| line.cause.as_ref());
    let title = match cause {
        None | Some(Cause::Words(_)) => say!(locale, rooms.failed.title),
        Some(_) => say!(locale, rooms.failed.title_not_sent),
    };
    let words = cause.map(|cause| {
        let words = words::cause(locale, cause);
        view! { <p>{say!(locale, rooms.failed.words, words)}</p> }
    });
    let time = seconds(recording.row.requested_at);
    // A button of the start form, whose fields show other values afterwards.
    let seen = view.role.may_record().then(|| {
        view! {
            <button
                class="btn"
                form=START_FORM
                formaction=MarkSeen::url()
                name="id"
                value=recording.row.id.to_string()
            >
                {say!(locale, rooms.failed.seen)}
            </button>
        }
    });
    // The field that the refusal names has the focus, if there is one.
    let focus = failed::<StartRecording>().is_some() && !view.refused_kind;
    view! {
        <Banner title=title focus=focus>
            {words}
            <p>{td!(locale, rooms.failed.still, time)}</p>
            <div class="btns">{seen}</div>
        </Banner>
    }
}

/// The result of the last look-up, and when the next one is; only the latter while a person waits for it.
fn looked_up(checks: Checks, now: Timestamp) -> AnyView {
    let locale = locale();
    if let ListSign::Queued { at } = checks.last.list {
        return td!(locale, rooms.overdue.queued, time = seconds(at)).into_any();
    }
    let next = checks.next_at.filter(|at| *at > now);
    let next = next.map(|at| {
        let time = seconds(at);
        view! { " " {td!(locale, rooms.overdue.next, time)} }
    });
    view! {
        <span class="muted num" aria-live="off">{seconds(checks.last_at)()}</span>
        " "
        {words::missing(locale, checks.last.list)}
        {next}
    }
    .into_any()
}

fn overdue(view: &RoomView, recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let row = &recording.row;
    let (got, n) = (row.ledger.arrived(), row.ledger.expected());
    let due = recording.due_at.map(time);
    let text = match due {
        Some(time) => td!(locale, rooms.overdue.text, got, n, time).into_any(),
        None => td!(locale, rooms.overdue.text_open, got, n).into_any(),
    };
    let checked = (recording.checks).map(|checks| looked_up(checks, recording.now));
    let lines = ledger_lines(recording);
    let page = CurrentApp::expect().to(&paths::recording(row.id));
    let actions = view.role.may_record().then(|| {
        let accept = close::<AcceptIncomplete>(view, row.id, say!(locale, rooms.overdue.accept));
        let assign = view.may_assign.then(|| {
            let calls = paths::assign_to(row.id);
            view! { <a class="btn" href=calls>{say!(locale, rooms.overdue.assign)}</a> }
        });
        let error = failed::<AcceptIncomplete>();
        view! {
            {check_form(view, recording)}
            {accept}
            {assign}
            {error.map(|error| view! { <ErrorNote error=error /> })}
        }
    });
    view! {
        <Banner title=say!(locale, rooms.overdue.title)>
            <p>{text}</p>
            {lines}
            <p class="look" aria-live="polite">{checked}</p>
            <div class="btns">
                {actions}
                <a class="btn" href=page>{say!(locale, rooms.now.open)}</a>
            </div>
        </Banner>
    }
}
