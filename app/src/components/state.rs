use leptos::prelude::*;
use reelroom_domain::{
    recording::{FailedStart, RecordingState},
    time::Timestamp,
    view::{Presence, RecordingRow},
};

use super::{pill::pill, time::Timer};
use crate::{
    i18n::Locale,
    icon::{Glyph, Icon},
    this_page::locale,
};

/// A recording's state as an icon (or the red dot) and a word.
#[component]
fn StateTag(
    state: RecordingState,
    /// When the recording started; a timer is shown next to the word.
    #[prop(optional_no_strip)]
    since: Option<Timestamp>,
    /// Large, and solid while it records: for the head of a page.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let locale = locale();
    let (tone, glyph) = state_look(state);
    let tone = match tone {
        "rec" if large => "rec-solid",
        tone => tone,
    };
    let class = if large { "pill lg" } else { "pill" };
    let mark = match glyph {
        Some(Glyph::Spinner) => view! { <Icon glyph=Glyph::Spinner class="spin" /> }.into_any(),
        Some(glyph) => view! { <Icon glyph=glyph /> }.into_any(),
        None => view! { <span class="dot"></span> }.into_any(),
    };
    let since = since.filter(|_| state == RecordingState::Recording);
    view! {
        <span class=class data-tone=tone>
            {mark}
            <span>{state_word(locale, state)}</span>
            {since.map(|since| view! { <Timer since=since /> })}
        </span>
    }
}

/// The state of a recording; a failed start that needs no attention any more is grey.
pub fn row_tag(row: &RecordingRow) -> AnyView {
    if calm(row).is_none() {
        return view! { <StateTag state=row.state /> }.into_any();
    }
    pill("", Glyph::Idle, row_word(locale(), row)).into_any()
}

/// The word for the state of a recording.
pub fn row_word(locale: Locale, row: &RecordingRow) -> &'static str {
    match calm(row) {
        None => state_word(locale, row.state),
        Some(failed) if failed.is_refused() => say!(locale, common.state.refused),
        Some(_) => say!(locale, common.state.not_recorded),
    }
}

/// The failed start of a recording that needs no attention.
fn calm(row: &RecordingRow) -> Option<&FailedStart> {
    (row.failed.as_ref()).filter(|failed| !failed.needs_attention)
}

/// The id of a room, beside its title; nothing if the id is shown in place of a title.
pub fn room_id(title: &str, id: &str) -> impl IntoView + use<> {
    let id = (!title.is_empty()).then(|| id.to_owned());
    id.map(|id| view! { " " <bdi class="muted mono">{id}</bdi> })
}

/// The state of a room: that of its unfinished recording, else whether a meeting is live.
#[component]
pub fn RoomTag(
    presence: Presence,
    /// The state of the unfinished recording, and its start.
    current: Option<(RecordingState, Timestamp)>,
    /// For the head of the panel: larger, and without a timer, which the card below shows.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let locale = locale();
    if let Some((state, since)) = current {
        let since = Some(since).filter(|_| !large);
        return view! { <StateTag state=state since=since large=large /> }.into_any();
    }
    let class = if large { "pill lg" } else { "pill" };
    let (tone, glyph, word) = match presence {
        Presence::Live { .. } => ("ok", Glyph::Users, say!(locale, common.state.live)),
        Presence::Empty => ("plain", Glyph::Idle, say!(locale, common.state.idle)),
    };
    view! {
        <span class=class data-tone=tone><Icon glyph=glyph /> <span>{word}</span></span>
    }
    .into_any()
}

/// The word for a state.
pub fn state_word(locale: Locale, state: RecordingState) -> &'static str {
    match state {
        RecordingState::Requested => say!(locale, common.state.requested),
        RecordingState::Recording => say!(locale, common.state.recording),
        RecordingState::Stopping => say!(locale, common.state.stopping),
        RecordingState::AwaitingFiles => say!(locale, common.state.awaiting_files),
        RecordingState::Ready => say!(locale, common.state.ready),
        RecordingState::Failed | RecordingState::Unknown | RecordingState::Overdue => {
            say!(locale, common.state.attention)
        }
    }
}

/// The tone and the icon; `None` is the red dot.
pub const fn state_look(state: RecordingState) -> (&'static str, Option<Glyph>) {
    match state {
        RecordingState::Requested | RecordingState::Stopping => ("", Some(Glyph::Spinner)),
        RecordingState::Recording => ("rec", None),
        RecordingState::AwaitingFiles => ("wait", Some(Glyph::Hourglass)),
        RecordingState::Ready => ("ok", Some(Glyph::Check)),
        RecordingState::Failed | RecordingState::Unknown | RecordingState::Overdue => {
            ("fault", Some(Glyph::Alert))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_means_recorded_now_and_nothing_else() {
        for &state in RecordingState::ALL {
            let (tone, glyph) = state_look(state);
            assert_eq!(tone == "rec", state == RecordingState::Recording);
            assert_eq!(glyph.is_none(), state == RecordingState::Recording);
            assert_eq!(tone == "fault", state.needs_attention());
        }
    }
}
