use leptos::prelude::*;
use reelroom_domain::{
    recording::{RecordingEvent, RecordingState},
    view::{HistoryEvent, RecordingView},
};

use crate::{
    components::{Banner, LedgerBar, Timer, Tone, ledger_lines},
    paths,
    reader::Reader,
    this_page::locale,
    words,
};

/// An explanation of the state, if it needs one: running, waiting, or needing a person.
pub fn note(recording: &RecordingView) -> AnyView {
    let locale = locale();
    let row = &recording.row;
    let room = view! {
        <a class="btn" href=paths::room_of(recording)>
            {say!(locale, recording.open_room)}
        </a>
    };
    match row.state {
        RecordingState::Ready => ().into_any(),
        RecordingState::Requested | RecordingState::Recording | RecordingState::Stopping => view! {
            <section class="running card">
                <div>
                    <h2>{say!(locale, recording.running)}</h2>
                    <p class="muted">{say!(locale, recording.running_text)}</p>
                </div>
                {row.started_at.map(|since| view! { <Timer since=since /> })}
                {room}
            </section>
        }
        .into_any(),
        RecordingState::AwaitingFiles => view! {
            <section class="waiting inset">
                <b>{say!(locale, common.state.awaiting_files)}</b>
                <LedgerBar ledger=row.ledger due_at=recording.due_at lateness=row.lateness />
                {ledger_lines(recording)}
            </section>
        }
        .into_any(),
        RecordingState::Failed => {
            let (why, room) = (why_failed(recording), paths::room_of(recording));
            view! {
                <Banner tone=Tone::Fault title=say!(locale, recording.failed)>
                    <p>{why}</p>
                    <div class="btns">
                        <a class="btn" href=room>{say!(locale, recording.again)}</a>
                    </div>
                </Banner>
            }
            .into_any()
        }
        RecordingState::Unknown => view! {
            <Banner tone=Tone::Fault title=say!(locale, recording.unknown)>
                <p>{say!(locale, recording.unknown_text)}</p>
                <div class="btns">{room}</div>
            </Banner>
        }
        .into_any(),
        RecordingState::Overdue => {
            let lines = ledger_lines(recording);
            view! {
                <Banner tone=Tone::Fault title=say!(locale, recording.overdue)>
                    <p>{say!(locale, recording.overdue_text)}</p>
                    {lines}
                    <div class="btns">{room}</div>
                </Banner>
            }
            .into_any()
        }
    }
}

/// Why there is no recording: the platform's refusal, or what a person said.
fn why_failed(recording: &RecordingView) -> Option<String> {
    use RecordingEvent::{GivenUp, StartRefused};
    let Reader { locale, zone, .. } = Reader::expect();
    let events = [GivenUp, StartRefused].map(HistoryEvent::Took);
    let line = (recording.history.iter()).rfind(|line| events.contains(&line.event))?;
    let time = words::clock(zone.civil(line.at));
    Some(match (&line.cause, line.actor.clone()) {
        (Some(cause), _) => {
            let words = words::cause(locale, cause);
            say!(locale, recording.refused_text, time, words)
        }
        (None, name) => {
            let name = name.unwrap_or_default();
            say!(locale, recording.given_up_text, name, time)
        }
    })
}
