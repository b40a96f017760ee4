use leptos::prelude::*;
use reelroom_domain::{recording::RecordingState, view::RecordingView};

use crate::{
    i18n::{Locale, td_string, use_i18n},
    paths,
    whole::components::{Banner, LedgerBar, LedgerLines, Timer, Tone},
};

/// Title and text for a state in which a person may look for something that is not there.
fn words(locale: Locale, state: RecordingState) -> Option<(&'static str, &'static str)> {
    match state {
        RecordingState::Unknown => Some((
            td_string!(locale, recording.unknown),
            td_string!(locale, recording.unknown_text),
        )),
        RecordingState::Overdue => Some((
            td_string!(locale, recording.overdue),
            td_string!(locale, recording.overdue_text),
        )),
        RecordingState::Failed => Some((
            td_string!(locale, recording.failed),
            td_string!(locale, recording.failed_text),
        )),
        RecordingState::Requested
        | RecordingState::Recording
        | RecordingState::Stopping
        | RecordingState::AwaitingFiles
        | RecordingState::Ready => None,
    }
}

/// What the state means, where it needs saying: it runs, waits, or needs a person.
#[component]
pub fn StateNote(
    /// The recording.
    recording: Signal<RecordingView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let state = Memo::new(move |_| recording.with(|recording| recording.row.state));
    let lines = move || {
        recording.with(|recording| {
            view! {
                <LedgerLines
                    lines=recording.lines.clone()
                    frames=recording.row.ledger.frames
                    late_at=recording.late_at
                    due_at=recording.due_at
                    state=recording.row.state
                />
            }
        })
    };
    let room = move || recording.with(paths::room_of);
    move || match state.get() {
        RecordingState::Ready => ().into_any(),
        RecordingState::Requested | RecordingState::Recording | RecordingState::Stopping => {
            let since = recording.with_untracked(|recording| recording.row.started_at);
            view! {
                <section class="running card">
                    <div>
                        <h2>{told!(i18n, recording.running)}</h2>
                        <p class="muted">{told!(i18n, recording.running_text)}</p>
                    </div>
                    {since.map(|since| view! { <Timer since=since /> })}
                    <a class="btn" href=room>
                        {told!(i18n, recording.open_room)}
                    </a>
                </section>
            }
            .into_any()
        }
        RecordingState::AwaitingFiles => view! {
            <section class="waiting inset">
                <b>{told!(i18n, common.state.awaiting_files)}</b>
                {move || {
                    recording
                        .with(|recording| {
                            view! {
                                <LedgerBar
                                    ledger=recording.row.ledger
                                    due_at=recording.due_at
                                    lateness=recording.row.lateness
                                />
                            }
                        })
                }}
                {lines}
            </section>
        }
        .into_any(),
        state => {
            let said = move || words(i18n.get_locale(), state).unwrap_or_default();
            let failed = state == RecordingState::Failed;
            view! {
                <Banner
                    tone=Tone::Fault
                    title=Signal::derive(move || said().0.to_owned())
                >
                    <p>{move || said().1}</p>
                    {(state == RecordingState::Overdue).then_some(lines)}
                    {(!failed)
                        .then(|| {
                            view! {
                                <div class="btns">
                                    <a class="btn" href=room>
                                        {told!(i18n, recording.open_room)}
                                    </a>
                                </div>
                            }
                        })}
                </Banner>
            }
            .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_needs_attention_is_explained() {
        for state in RecordingState::ALL {
            assert_eq!(
                words(Locale::en, state).is_some(),
                state.needs_attention(),
                "{state:?}"
            );
        }
    }
}
