use leptos::prelude::*;
use reelroom_domain::{recording::RecordingState, view::RecordingView};

use crate::{
    components::{Banner, LedgerBar, LedgerLines, Timer, Tone},
    i18n::Locale,
    paths,
    this_page::locale,
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
        state => {
            let (title, text) = words(locale, state).unwrap_or_default();
            let lines = (state == RecordingState::Overdue).then(|| ledger_lines(recording));
            let room =
                (state != RecordingState::Failed).then(|| view! { <div class="btns">{room}</div> });
            view! {
                <Banner tone=Tone::Fault title=title>
                    <p>{text}</p>
                    {lines}
                    {room}
                </Banner>
            }
            .into_any()
        }
    }
}

fn ledger_lines(recording: &RecordingView) -> impl IntoView + use<> {
    view! {
        <LedgerLines
            lines=recording.lines.clone()
            frames=recording.row.ledger.frames
            late_at=recording.late_at
            due_at=recording.due_at
            state=recording.row.state
        />
    }
}

/// The title and text for a state in which files may be missing.
fn words(locale: Locale, state: RecordingState) -> Option<(&'static str, &'static str)> {
    Some(match state {
        RecordingState::Unknown => (
            say!(locale, recording.unknown),
            say!(locale, recording.unknown_text),
        ),
        RecordingState::Overdue => (
            say!(locale, recording.overdue),
            say!(locale, recording.overdue_text),
        ),
        RecordingState::Failed => (
            say!(locale, recording.failed),
            say!(locale, recording.failed_text),
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_needs_attention_is_explained() {
        for state in RecordingState::ALL {
            let words = words(Locale::en, state);
            assert_eq!(words.is_some(), state.needs_attention(), "{state:?}");
        }
    }
}
