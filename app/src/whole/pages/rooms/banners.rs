//! What a person has to know before anything else: an unknown outcome, a refused start, files that
//! did not come.

use leptos::{form::ActionForm, prelude::*};
use reelroom_domain::{
    recording::{RecordingEvent, RecordingState},
    time::Timestamp,
    view::{HistoryEvent, RecordingRow},
};

use super::{
    check::{CheckForm, LastLook},
    now::StopForm,
    panel::{Deeds, Room},
    progress::{Progress, Unanswered, last_line, may_be_nothing, unanswered},
};
use crate::{
    error::ApiError,
    i18n::{t, t_string, use_i18n},
    paths,
    whole::components::{Banner, ErrorNote, LedgerLines, Time},
    whole::in_app::InApp,
    words::{self, TimeStyle},
};

/// The banner of the room's recording, if it has one.
#[component]
pub fn Banners() -> impl IntoView {
    let room: Room = expect_context();
    // Not made anew when somebody has checked: the button keeps the focus, and an alert is read once.
    let told = Memo::new(move |_| {
        let mut progress = room.progress.get()?;
        progress
            .history
            .retain(|line| matches!(line.event, HistoryEvent::Requested | HistoryEvent::Took(_)));
        Some(progress)
    });
    move || {
        let progress = told.get()?;
        let banner = match progress.row.state {
            RecordingState::Unknown => view! { <UnknownBanner progress=progress /> }.into_any(),
            RecordingState::Failed => view! { <FailedBanner progress=progress /> }.into_any(),
            RecordingState::Overdue => view! { <OverdueBanner progress=progress /> }.into_any(),
            _ => return None,
        };
        Some(view! { <div class="wide">{banner}</div> })
    }
}

/// For whom somebody else was faster with the start: who, and since when; where the address brought
/// the error, as the room says it. Their recording stands below by then, in place of the form.
#[component]
pub fn TakenNote() -> impl IntoView {
    let room: Room = expect_context();
    let is_taken = Memo::new(move |_| room.state().is_some_and(RecordingState::is_active));
    move || {
        let mut error = room.deeds.start.value().get()?.err()?;
        if let ApiError::RoomTaken { by, since } = &mut error
            && since.is_none()
        {
            let progress = room.progress.get()?;
            *by = progress.started_by;
            *since = Some(progress.row.started_at.unwrap_or(progress.row.requested_at));
        }
        (is_taken.get() && matches!(error, ApiError::RoomTaken { .. })).then(|| {
            view! {
                <div class="wide">
                    <ErrorNote error=error />
                </div>
            }
        })
    }
}

/// Nobody knows whether the room is being recorded.
#[component]
fn UnknownBanner(progress: Progress) -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let what = unanswered(&progress.history);
    let asked = match what {
        Unanswered::Start => Some(progress.row.requested_at),
        Unanswered::Stop => {
            last_line(&progress.history, RecordingEvent::StopRequested).map(|line| line.at)
        }
    };
    let time = seconds(asked.unwrap_or(progress.row.requested_at));
    let title = Signal::derive(move || {
        match what {
            Unanswered::Start => t_string!(i18n, rooms.unknown.start_title),
            Unanswered::Stop => t_string!(i18n, rooms.unknown.stop_title),
        }
        .to_owned()
    });
    let text = match what {
        Unanswered::Start => t!(i18n, rooms.unknown.start_text, time).into_any(),
        Unanswered::Stop => t!(i18n, rooms.unknown.stop_text, time).into_any(),
    };
    let Deeds {
        say_stopped,
        give_up,
        ..
    } = room.deeds;
    let row = &progress.row;
    let stopped = (what == Unanswered::Stop).then(|| {
        let word = told!(i18n, rooms.unknown.stopped);
        let fields = settle(&room, row, say_stopped.pending(), word);
        view! { <ActionForm action=say_stopped>{fields}</ActionForm> }
    });
    let nothing = may_be_nothing(row).then(|| {
        let word = told!(i18n, rooms.unknown.give_up);
        let fields = settle(&room, row, give_up.pending(), word);
        view! { <ActionForm action=give_up>{fields}</ActionForm> }
    });
    let deeds = room.may_record.then(|| {
        view! {
            <div class="btns">
                <CheckForm id=progress.row.id />
                <StopForm id=progress.row.id safe=true />
                {stopped}
                {nothing}
            </div>
        }
    });
    view! {
        <Banner title=title>
            <p>{text}</p>
            <LastLook />
            {deeds}
        </Banner>
    }
}

/// What a form holds by which a person settles an outcome that nobody knows.
fn settle(
    room: &Room,
    row: &RecordingRow,
    pending: Memo<bool>,
    word: Signal<&'static str>,
) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="id" value=row.id.to_string() />
        <input type="hidden" name="room" value=row.room.to_string() />
        <input type="hidden" name="app" value=room.app_id() />
        <button class="btn" aria-disabled=move || pending.get().then_some("true")>
            {word}
        </button>
    }
}

/// The start was refused, or did not reach the platform.
#[component]
fn FailedBanner(progress: Progress) -> impl IntoView {
    let i18n = use_i18n();
    let words = last_line(&progress.history, RecordingEvent::StartRefused)
        .and_then(|line| line.cause.clone())
        .map(|cause| {
            let words = move || words::cause(i18n.get_locale(), &cause);
            view! { <p>{t!(i18n, rooms.failed.words, words = words.clone())}</p> }
        });
    let time = seconds(progress.row.requested_at);
    view! {
        <Banner title=told!(i18n, rooms.failed.title)>
            {words}
            <p>{t!(i18n, rooms.failed.still, time)}</p>
        </Banner>
    }
}

/// Files are due and absent.
#[component]
fn OverdueBanner(progress: Progress) -> impl IntoView {
    let i18n = use_i18n();
    let (got, n) = (
        progress.row.ledger.arrived(),
        progress.row.ledger.expected(),
    );
    let text = match progress.due_at {
        Some(due) => {
            let time = move || view! { <Time at=due style=TimeStyle::Near /> };
            t!(i18n, rooms.overdue.text, got, n, time).into_any()
        }
        None => t!(i18n, rooms.overdue.text_open, got, n).into_any(),
    };
    view! {
        <Banner title=told!(i18n, rooms.overdue.title)>
            <p>{text}</p>
            <LedgerLines
                lines=progress.lines
                frames=progress.row.ledger.frames
                late_at=progress.late_at
                due_at=progress.due_at
                state=progress.row.state
            />
            <div class="btns">
                <a class="btn" href=InApp::expect().to(&paths::recording(progress.row.id))>
                    {told!(i18n, rooms.now.open)}
                </a>
            </div>
        </Banner>
    }
}

/// A moment to the second, to stand in a sentence.
fn seconds(at: Timestamp) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || view! { <Time at=at style=TimeStyle::Seconds /> }.into_any()
}
