//! The steps in words, the lanes of a running recording, and what happened in an unclear one.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use reelroom_domain::{
    ledger::Ledger,
    recording::{RecordingEvent, RecordingState},
    time::{Timestamp, clock_length},
    view::{HistoryEvent, HistoryLine},
};

use super::{
    check::looking_step,
    lanes::{Lane, lanes_of},
    panel::Room,
    progress::{Progress, StepAt, StepName, steps_of},
};
use crate::{
    i18n::{Locale, t, use_i18n},
    whole::clock::ServerClock,
    whole::components::{LedgerBar, Step, StepMark, Steps, Time},
    words::{self, TimeStyle},
};

/// The five steps, ready to be shown.
pub fn step_views(i18n: I18nContext<Locale>, progress: &Progress) -> Vec<Step> {
    steps_of(progress)
        .into_iter()
        .map(|step| Step {
            mark: step.mark,
            title: title(i18n, step),
            note: note(i18n, step, progress),
            more: None,
        })
        .collect()
}

fn title(i18n: I18nContext<Locale>, step: StepAt) -> AnyView {
    match (step.name, step.mark) {
        (StepName::Requested, _) => told!(i18n, rooms.now.requested).into_any(),
        (StepName::Recording, StepMark::Maybe) => told!(i18n, rooms.now.recording_maybe).into_any(),
        (StepName::Recording, _) => told!(i18n, rooms.now.recording).into_any(),
        (StepName::Stopping, _) => told!(i18n, rooms.now.step_stopping).into_any(),
        (StepName::Waiting, _) => told!(i18n, rooms.now.waiting).into_any(),
        (StepName::Ready, _) => told!(i18n, rooms.now.ready).into_any(),
    }
}

fn note(i18n: I18nContext<Locale>, step: StepAt, progress: &Progress) -> AnyView {
    let ledger = progress.row.ledger;
    let seconds = |at: Timestamp| move || view! { <Time at=at style=TimeStyle::Seconds /> };
    match (step.name, step.mark, step.at) {
        (_, StepMark::Maybe, _) => told!(i18n, rooms.now.not_known).into_any(),
        (StepName::Waiting, StepMark::Now, _) => match progress.due_at {
            Some(due) => {
                let time = move || view! { <Time at=due style=TimeStyle::Clock /> };
                t!(i18n, rooms.now.due, time).into_any()
            }
            None => told!(i18n, rooms.now.usual_wait).into_any(),
        },
        (StepName::Recording, StepMark::Recording, Some(at)) => {
            t!(i18n, rooms.now.since, time = seconds(at)).into_any()
        }
        (_, StepMark::Fault, Some(at)) => {
            t!(i18n, rooms.now.no_answer, time = seconds(at)).into_any()
        }
        (StepName::Ready, StepMark::Done, None) => arrived(i18n, ledger),
        (_, _, Some(at)) => seconds(at)().into_any(),
        (StepName::Stopping, ..) if progress.row.state == RecordingState::Recording => {
            told!(i18n, rooms.now.few_seconds).into_any()
        }
        (StepName::Waiting, StepMark::Ahead, None)
            if progress.row.state != RecordingState::Unknown =>
        {
            told!(i18n, rooms.now.usual_wait).into_any()
        }
        (StepName::Ready, StepMark::Ahead, None) => match progress.row.state {
            RecordingState::AwaitingFiles => arrived(i18n, ledger),
            _ => ().into_any(),
        },
        _ => ().into_any(),
    }
}

fn arrived(i18n: I18nContext<Locale>, ledger: Ledger) -> AnyView {
    t!(
        i18n,
        rooms.now.arrived,
        got = ledger.arrived(),
        n = ledger.expected()
    )
    .into_any()
}

/// The most lanes that are drawn, each second anew; of more there is the number.
const MOST_LANES: usize = 30;

/// While it records: who is in which track, and what is expected after the stop.
#[component]
pub fn Tracks() -> impl IntoView {
    let i18n = use_i18n();
    let clock = ServerClock::expect();
    let room: Room = expect_context();
    let started = Memo::new(move |_| {
        room.progress.with(|progress| {
            progress
                .as_ref()
                .and_then(|p| p.row.started_at.or(Some(p.row.requested_at)))
        })
    });
    let people = Memo::new(move |_| room.view.with(|view| view.participants.clone()));
    let lanes = Memo::new(move |_| {
        let Some(start) = started.get() else {
            return Vec::new();
        };
        let end = clock.now().max(start.plus_millis(1000));
        people.with(|people| lanes_of(people, start, end))
    });
    let count = Memo::new(move |_| lanes.with(Vec::len));
    let frames_expected = Memo::new(move |_| {
        room.progress.with(|progress| {
            progress
                .as_ref()
                .is_some_and(|p| p.row.ledger.frames_expected)
        })
    });
    let ledger = move || Ledger {
        frames_expected: frames_expected.get(),
        tracks_expected: u32::try_from(count.get()).unwrap_or(u32::MAX),
        ..Ledger::default()
    };
    view! {
        <section aria-labelledby="tracks-h">
            <div class="today-h">
                <h2 id="tracks-h">{told!(i18n, rooms.now.tracks)}</h2>
                <span class="muted">{told!(i18n, rooms.now.one_lane)}</span>
            </div>
            <div class="lanes">
                <div class="ax" aria-hidden="true">
                    <span></span>
                    <div>
                        {move || {
                            started.get().map(|at| view! { <Time at=at style=TimeStyle::Seconds /> })
                        }}
                        <span>{told!(i18n, rooms.now.now)}</span>
                    </div>
                    <span></span>
                </div>
                {move || {
                    lanes.get().into_iter().take(MOST_LANES).map(lane).collect_view()
                }}
            </div>
            {move || {
                let rest = count.get().saturating_sub(MOST_LANES);
                (rest > 0)
                    .then(|| view! { <p class="hint">{t!(i18n, common.more, n = rest)}</p> })
            }}
        </section>
        <div class="expect inset">
            <span class="strong">{told!(i18n, rooms.now.expect)}</span>
            {move || view! { <LedgerBar ledger=ledger() due_at=None /> }}
        </div>
    }
}

fn lane(lane: Lane) -> impl IntoView {
    // Drawn as SVG: a style attribute would be against the page's content security policy.
    let stays = lane
        .stays
        .into_iter()
        .map(|stay| {
            let class = if stay.open { "stay open" } else { "stay" };
            view! {
                <rect
                    class=class
                    x=format!("{}%", stay.from)
                    width=format!("{}%", stay.width)
                    y="0"
                    height="12"
                    rx="3"
                />
            }
        })
        .collect_view();
    view! {
        <div class="ln">
            <span class="trunc" title=lane.id.to_string()>
                {lane.id.to_string()}
            </span>
            <svg class="lane" height="12" aria-hidden="true">
                <rect class="rest" x="0" y="5.5" width="100%" height="1" />
                {stays}
            </svg>
            <span>{clock_length(lane.millis)}</span>
        </div>
    }
}

/// What happened, where the outcome is not known.
#[component]
pub fn History() -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let steps = move || {
        let history = room.progress.get().map(|p| p.history).unwrap_or_default();
        history
            .into_iter()
            .filter_map(|line| history_step(i18n, line))
            .chain([looking_step()])
            .collect::<Vec<_>>()
    };
    view! {
        <section aria-labelledby="history-h">
            <div class="today-h">
                <h2 id="history-h">{told!(i18n, rooms.unknown.history)}</h2>
            </div>
            {move || view! { <Steps steps=steps() vertical=true /> }}
        </section>
    }
}

fn history_step(i18n: I18nContext<Locale>, line: HistoryLine) -> Option<Step> {
    use RecordingEvent as E;
    let who = line.actor;
    let (mark, title) = match (line.event, who) {
        (HistoryEvent::Always, Some(who)) => (
            StepMark::Done,
            t!(i18n, watch.always.requested, name = who).into_any(),
        ),
        (HistoryEvent::Requested, Some(who)) => (
            StepMark::Done,
            t!(i18n, rooms.unknown.pressed, who).into_any(),
        ),
        (HistoryEvent::Requested, None) => (
            StepMark::Done,
            told!(i18n, rooms.unknown.requested).into_any(),
        ),
        (HistoryEvent::Took(E::StartAccepted), _) => (
            StepMark::Done,
            told!(i18n, rooms.unknown.accepted).into_any(),
        ),
        (HistoryEvent::Took(E::StartUnanswered), _) => (
            StepMark::Fault,
            told!(i18n, rooms.unknown.no_start).into_any(),
        ),
        (HistoryEvent::Took(E::StopRequested), Some(who)) => (
            StepMark::Done,
            t!(i18n, rooms.unknown.stop_pressed, who).into_any(),
        ),
        (HistoryEvent::Took(E::StopRequested), None) => (
            StepMark::Done,
            told!(i18n, rooms.unknown.stop_requested).into_any(),
        ),
        (HistoryEvent::Took(E::StopUncertain), _) => (
            StepMark::Fault,
            told!(i18n, rooms.unknown.no_stop).into_any(),
        ),
        (HistoryEvent::LookedUp, _) => (StepMark::Done, told!(i18n, look.looked_up).into_any()),
        (HistoryEvent::Checked(_), Some(name)) => {
            (StepMark::Done, t!(i18n, look.checked_by, name).into_any())
        }
        (HistoryEvent::Took(E::PartArrived), _) => (
            StepMark::Done,
            told!(i18n, rooms.unknown.arrived).into_any(),
        ),
        _ => return None,
    };
    Some(Step {
        mark,
        title,
        note: view! { <Time at=line.at style=TimeStyle::Seconds /> }.into_any(),
        more: match line.event {
            HistoryEvent::Checked(look) => {
                Some((move || words::look(i18n.get_locale(), &look)).into_any())
            }
            _ => line
                .cause
                .map(|cause| (move || words::cause(i18n.get_locale(), &cause)).into_any()),
        },
    })
}
