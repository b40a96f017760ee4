//! The card of the room's recording: timer, steps, and stop button.

use leptos::prelude::*;
use reelroom_domain::{
    recording::RecordingState,
    view::{RecordingView, RoomView},
};

use super::actions::stop_form;
use crate::{
    components::{
        Glyph, Icon, LedgerBar, Step, StepMark as M, Steps, Timer, ledger_lines, state_word,
        time_as,
    },
    current_app::CurrentApp,
    i18n::td,
    pages::rooms::room::{
        context::seconds,
        progress::{StepAt, is_refused, is_stop_unanswered, marked_by, may_be_nothing, steps_of},
    },
    paths,
    this_page::locale,
    words::{self, TimeStyle},
};

/// The card; `None` if the room has no recording in progress.
pub fn card(view: &RoomView) -> Option<impl IntoView + use<>> {
    let recording = view.current.as_ref()?;
    // The banner covers these states, and the form comes first.
    if let RecordingState::Failed | RecordingState::Overdue = recording.row.state {
        return None;
    }
    let steps = steps_of(&recording.row, &recording.history).map(|at| step(at, recording));
    Some(view! {
        <section class="now wide" aria-label=say!(locale(), common.word.progress)>
            <div class="top">
                <div>
                    <p class="line">{line(recording)}</p>
                    <p class="time">{length(recording)}</p>
                    {auto_stop(recording)}
                </div>
                {action(view, recording)}
            </div>
            <Steps steps=steps.into() />
            {ledger(recording)}
        </section>
    })
}

/// The actions on the recording, with account and time.
fn line(recording: &RecordingView) -> AnyView {
    let locale = locale();
    let row = &recording.row;
    match row.state {
        RecordingState::Requested => {
            td!(locale, rooms.now.asking, time = seconds(row.requested_at)).into_any()
        }
        RecordingState::Unknown => say!(locale, rooms.unknown.at_most).into_any(),
        RecordingState::Recording => {
            let time = seconds(row.began_at());
            if let Some(name) = marked_by(&recording.history) {
                let who = say!(locale, watch.always.by, name);
                return td!(locale, watch.always.started, time, who).into_any();
            }
            match recording.started_by.clone() {
                Some(who) => td!(locale, rooms.now.started_by, time, who).into_any(),
                None => td!(locale, rooms.now.started, time).into_any(),
            }
        }
        RecordingState::Stopping => say!(locale, common.state.stopping).into_any(),
        _ => match (row.stopped_at.map(seconds), recording.stopped_by.clone()) {
            (None, _) => ().into_any(),
            (Some(time), Some(who)) => td!(locale, rooms.now.stopped_by, time, who).into_any(),
            (Some(time), None) => td!(locale, rooms.now.stopped, time).into_any(),
        },
    }
}

/// The time at which a running recording stops by itself.
fn auto_stop(recording: &RecordingView) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let row = &recording.row;
    if row.state != RecordingState::Recording {
        return None;
    }
    let after = recording.auto_stop.after_ms;
    let at = after.map(|after| time_as(row.began_at().plus_millis(after), TimeStyle::Clock));
    let text = match (at, recording.auto_stop.at_end) {
        (Some(time), true) => td!(locale, rooms.now.stops_at_or_end, time).into_any(),
        (Some(time), false) => td!(locale, rooms.now.stops_at, time).into_any(),
        (None, true) => say!(locale, rooms.now.stops_at_end).into_any(),
        (None, false) => return None,
    };
    Some(view! { <p class="hint">{text}</p> })
}

/// The running timer, or the final duration.
fn length(recording: &RecordingView) -> AnyView {
    let row = &recording.row;
    let start = row.began_at();
    let text = match row.state {
        RecordingState::Recording | RecordingState::Stopping => {
            return view! { <Timer since=start /> }.into_any();
        }
        // Grey, with "at most": the recording may never have started.
        RecordingState::Unknown => {
            let timer = view! { <Timer since=start /> };
            return view! { <span class="maybe">{timer}</span> }.into_any();
        }
        RecordingState::Requested => "00:00:00".to_owned(),
        _ => {
            let stopped = row.stopped_at.map(|at| at.since(start));
            let length = words::known_length(row.length.or(stopped));
            let text = words::length(locale(), length);
            if length.is_none() {
                return view! { <span class="muted">{text}</span> }.into_any();
            }
            text
        }
    };
    view! { <span class="timer over">{text}</span> }.into_any()
}

/// The actions available now.
fn action(view: &RoomView, recording: &RecordingView) -> AnyView {
    let row = &recording.row;
    match row.state {
        RecordingState::Recording if view.role.may_record() => {
            stop_form(view, row.id, false).into_any()
        }
        RecordingState::Unknown => meanings(recording).into_any(),
        RecordingState::Ready | RecordingState::AwaitingFiles => {
            let is_ready = row.state == RecordingState::Ready;
            view! {
                <a
                    class=if is_ready { "btn primary lg" } else { "btn lg" }
                    href=CurrentApp::expect().to(&paths::recording(row.id))
                >
                    <Icon glyph=Glyph::Film />
                    {say!(locale(), rooms.now.open)}
                </a>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}

/// Explains the actions of the banner.
fn meanings(recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let is_stop = is_stop_unanswered(&recording.history);
    let may_be_nothing = may_be_nothing(&recording.row);
    let term = |word: &'static str, means: &'static str| {
        view! { <dt>{word}</dt> <dd>{means}</dd> }
    };
    let stopped = say!(locale, rooms.unknown.stopped_means);
    let nothing = say!(locale, rooms.unknown.give_up_means);
    view! {
        <dl class="kv say">
            {term(say!(locale, look.check), say!(locale, look.check_means))}
            {term(say!(locale, rooms.unknown.stop), say!(locale, rooms.unknown.stop_means))}
            {is_stop.then(|| term(say!(locale, rooms.unknown.stopped), stopped))}
            {may_be_nothing.then(|| term(say!(locale, rooms.unknown.give_up), nothing))}
        </dl>
    }
}

fn step(step: StepAt, recording: &RecordingView) -> Step {
    use RecordingState as S;
    let locale = locale();
    let title = match (step.state, step.mark) {
        (S::Recording, M::Maybe) => say!(locale, rooms.now.recording_maybe),
        (state, _) => state_word(locale, state),
    };
    Step {
        mark: step.mark,
        title: title.into_any(),
        note: note(step, recording),
        more: None,
    }
}

/// The time of a step, or what is expected.
fn note(step: StepAt, recording: &RecordingView) -> AnyView {
    use RecordingState as S;
    let locale = locale();
    let (state, ledger) = (recording.row.state, recording.row.ledger);
    match (step.state, step.mark, step.at.map(seconds)) {
        (_, M::Maybe, _) => say!(locale, common.word.unknown).into_any(),
        (S::AwaitingFiles, M::Now, _) => match recording.due_at {
            Some(due) => {
                td!(locale, rooms.now.due, time = time_as(due, TimeStyle::Clock)).into_any()
            }
            None => say!(locale, rooms.now.usual_wait).into_any(),
        },
        (S::Recording, M::Recording, Some(time)) => td!(locale, rooms.now.since, time).into_any(),
        (_, M::Fault, Some(time)) => {
            if is_refused(&recording.history, step.state == S::Requested) {
                td!(locale, rooms.now.refused, time).into_any()
            } else {
                td!(locale, rooms.now.no_answer, time).into_any()
            }
        }
        (_, _, Some(time)) => time(),
        (S::Stopping, _, None) if state == S::Recording => {
            say!(locale, rooms.now.few_seconds).into_any()
        }
        (S::AwaitingFiles, M::Ahead, None) if state != S::Unknown => {
            say!(locale, rooms.now.usual_wait).into_any()
        }
        (S::Ready, _, None) if matches!(state, S::AwaitingFiles | S::Ready) => {
            let (got, n) = (ledger.arrived(), ledger.expected());
            td!(locale, rooms.now.arrived, got, n).into_any()
        }
        _ => ().into_any(),
    }
}

/// After the stop: the received files, and when the others are due.
fn ledger(recording: &RecordingView) -> Option<impl IntoView + use<>> {
    let row = &recording.row;
    let is_waiting = row.state == RecordingState::AwaitingFiles;
    // The files of a ready recording are listed on its own page.
    let lines = is_waiting.then(|| ledger_lines(recording));
    (is_waiting || row.state == RecordingState::Ready).then(|| {
        view! {
            <div class="expect inset">
                <span class="strong">{say!(locale(), common.files.expected)}</span>
                <LedgerBar ledger=row.ledger due_at=recording.due_at lateness=row.lateness />
                {lines}
            </div>
        }
    })
}
