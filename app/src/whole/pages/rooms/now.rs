//! The card of the room's recording: the timer, the steps, the button that stops it.

use leptos::{form::ActionForm, prelude::*};
use reelroom_domain::{
    ids::RecordingId,
    recording::RecordingState,
    time::{Timestamp, clock_length},
};

use super::{
    panel::Room,
    progress::{Progress, Unanswered, marked_by, may_be_nothing, unanswered},
    shortcuts::{STOP, StopArmed},
    steps::step_views,
};
use crate::{
    i18n::{t, t_string, use_i18n},
    paths,
    whole::components::{ErrorNote, Glyph, Icon, LedgerBar, LedgerLines, Steps, Time, Timer},
    whole::in_app::InApp,
    words::TimeStyle,
};

/// The card; nothing where the room has no recording that a person would follow.
#[component]
pub fn NowCard() -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    move || {
        let progress = room.progress.get()?;
        if matches!(
            progress.row.state,
            RecordingState::Failed | RecordingState::Overdue
        ) {
            return None; // The banner says it all, and the form comes first.
        }
        let steps = step_views(i18n, &progress);
        Some(view! {
            <section class="now wide" aria-label=told!(i18n, rooms.now.label)>
                <div class="top">
                    <div>
                        <p class="line">{line(&progress)}</p>
                        <p class="time">{time(&progress)}</p>
                        {auto_stop(&progress).map(|text| view! { <p class="hint">{text}</p> })}
                    </div>
                    {deed(&progress)}
                </div>
                <Steps steps=steps />
                {ledger(&progress)}
            </section>
        })
    }
}

/// Who did what, and when.
fn line(progress: &Progress) -> AnyView {
    let i18n = use_i18n();
    let row = &progress.row;
    let seconds = |at: Timestamp| move || view! { <Time at=at style=TimeStyle::Seconds /> };
    match row.state {
        RecordingState::Requested => {
            t!(i18n, rooms.now.asking, time = seconds(row.requested_at)).into_any()
        }
        RecordingState::Unknown => told!(i18n, rooms.unknown.at_most).into_any(),
        RecordingState::Recording => {
            let time = seconds(row.started_at.unwrap_or(row.requested_at));
            let always = marked_by(&progress.history).map(|name| {
                let by = move || t_string!(i18n, watch.always.by, name = name.clone());
                t!(i18n, watch.always.started, time, who = by.clone()).into_any()
            });
            if let Some(always) = always {
                return always;
            }
            match progress.started_by.clone() {
                Some(who) => t!(i18n, rooms.now.started_by, time, who).into_any(),
                None => t!(i18n, rooms.now.started, time).into_any(),
            }
        }
        RecordingState::Stopping => told!(i18n, rooms.now.stop_pending).into_any(),
        _ => {
            let Some(at) = row.stopped_at else {
                return ().into_any();
            };
            match progress.stopped_by.clone() {
                Some(who) => t!(i18n, rooms.now.stopped_by, time = seconds(at), who).into_any(),
                None => t!(i18n, rooms.now.stopped, time = seconds(at)).into_any(),
            }
        }
    }
}

/// When it stops by itself, while it runs.
fn auto_stop(progress: &Progress) -> Option<AnyView> {
    let i18n = use_i18n();
    if progress.row.state != RecordingState::Recording {
        return None;
    }
    let started = progress.row.started_at.unwrap_or(progress.row.requested_at);
    let at = progress
        .auto_stop
        .after_ms
        .map(|after| started.plus_millis(after));
    let time = move |at| move || view! { <Time at=at style=TimeStyle::Clock /> };
    match (at, progress.auto_stop.at_end) {
        (Some(at), true) => Some(t!(i18n, rooms.now.stops_at_or_end, time = time(at)).into_any()),
        (Some(at), false) => Some(t!(i18n, rooms.now.stops_at, time = time(at)).into_any()),
        (None, true) => Some(told!(i18n, rooms.now.stops_at_end).into_any()),
        (None, false) => None,
    }
}

/// The running timer, or the length that it came to.
fn time(progress: &Progress) -> AnyView {
    let row = &progress.row;
    let running = |class: &'static str, since| {
        view! {
            <span class=class>
                <Timer since=since />
            </span>
        }
        .into_any()
    };
    match row.state {
        RecordingState::Requested => {
            view! { <span class="timer over">"00:00:00"</span> }.into_any()
        }
        RecordingState::Recording | RecordingState::Stopping => {
            running("", row.started_at.unwrap_or(row.requested_at))
        }
        // Grey, and "at most": it may never have begun.
        RecordingState::Unknown => running("maybe", row.started_at.unwrap_or(row.requested_at)),
        _ => {
            let length = row.length.or_else(|| {
                let started = row.started_at.unwrap_or(row.requested_at);
                row.stopped_at.map(|stopped| stopped.since(started))
            });
            let text = length.map_or_else(|| "--:--:--".to_owned(), clock_length);
            view! { <span class="timer over">{text}</span> }.into_any()
        }
    }
}

/// What can be done now.
fn deed(progress: &Progress) -> Option<AnyView> {
    let i18n = use_i18n();
    let id = progress.row.id;
    match progress.row.state {
        RecordingState::Recording => {
            let room: Room = expect_context();
            room.may_record
                .then(|| view! { <StopForm id=id /> }.into_any())
        }
        RecordingState::Unknown => {
            let stopped = (unanswered(&progress.history) == Unanswered::Stop).then(|| {
                view! {
                    <dt>{told!(i18n, rooms.unknown.stopped_word)}</dt>
                    <dd>{told!(i18n, rooms.unknown.stopped_means)}</dd>
                }
            });
            let nothing = may_be_nothing(&progress.row).then(|| {
                view! {
                    <dt>{told!(i18n, rooms.unknown.give_up_word)}</dt>
                    <dd>{told!(i18n, rooms.unknown.give_up_means)}</dd>
                }
            });
            let words = view! {
                <dl class="kv say">
                    <dt>{told!(i18n, look.check)}</dt>
                    <dd>{told!(i18n, look.check_means)}</dd>
                    <dt>{told!(i18n, rooms.unknown.stop_word)}</dt>
                    <dd>{told!(i18n, rooms.unknown.stop_means)}</dd>
                    {stopped}
                    {nothing}
                </dl>
            };
            Some(words.into_any())
        }
        RecordingState::Ready | RecordingState::AwaitingFiles => {
            let ready = progress.row.state == RecordingState::Ready;
            let class = if ready { "btn primary lg" } else { "btn lg" };
            let open = view! {
                <a class=class href=InApp::expect().to(&paths::recording(id))>
                    <Icon glyph=Glyph::Film />
                    {told!(i18n, rooms.now.open)}
                </a>
            };
            Some(open.into_any())
        }
        _ => None,
    }
}

/// After the stop: what came, and when the rest is due.
fn ledger(progress: &Progress) -> Option<AnyView> {
    let i18n = use_i18n();
    let row = &progress.row;
    matches!(
        row.state,
        RecordingState::AwaitingFiles | RecordingState::Ready
    )
    .then(|| {
        view! {
            <div class="expect inset">
                <span class="strong">{told!(i18n, rooms.now.expect_files)}</span>
                <LedgerBar ledger=row.ledger due_at=progress.due_at lateness=row.lateness />
                // What is ready is listed on its own page.
                {(row.state == RecordingState::AwaitingFiles)
                    .then(|| {
                        view! {
                            <LedgerLines
                                lines=progress.lines.clone()
                                frames=row.ledger.frames
                                late_at=progress.late_at
                                due_at=progress.due_at
                                state=row.state
                            />
                        }
                    })}
            </div>
        }
        .into_any()
    })
}

/// The button that stops a recording at once, and what went wrong with it.
#[component]
pub fn StopForm(
    /// Which.
    id: RecordingId,
    /// For a recording of which nobody knows whether it runs.
    #[prop(optional)]
    safe: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let armed: StopArmed = expect_context();
    let stop = room.deeds.stop;
    let pending = stop.pending();
    let name = room.view.with_untracked(|view| view.room.to_string());
    let class = if safe { "btn solid" } else { "btn solid lg" };
    let word = move || {
        // Whether it is armed is the page's: it may change when this room is on its way out, and what
        // is the room's is gone.
        if pending.try_get() == Some(true) {
            t_string!(i18n, rooms.now.stop_pending)
        } else if armed.get() {
            t_string!(i18n, rooms.now.stop_again)
        } else if safe {
            t_string!(i18n, rooms.unknown.stop)
        } else {
            t_string!(i18n, rooms.now.stop)
        }
    };
    view! {
        <ActionForm
            action=stop
            on:submit:capture=move |event| {
                // A second press while the first is under way says nothing new.
                if pending.get_untracked() {
                    event.prevent_default();
                }
            }
        >
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="room" value=name />
            <input type="hidden" name="app" value=room.app_id() />
            <button
                class=class
                id=STOP
                title=told!(i18n, rooms.now.stop_final)
                aria-disabled=move || pending.get().then_some("true")
            >
                <Icon glyph=Glyph::Stop />
                <span aria-live="polite">{word}</span>
                <kbd aria-hidden="true">"S"</kbd>
            </button>
        </ActionForm>
        {move || {
            stop.value().get().and_then(Result::err).map(|error| view! { <ErrorNote error=error /> })
        }}
    }
}
