use leptos::prelude::*;
use reelroom_domain::{recording::RecordingState, time::Timestamp, view::Presence};

use super::{Glyph, Icon, StateTag};
use crate::this_page::locale;

/// The state of a room: of its unfinished recording, else whether a meeting is on.
#[component]
pub fn RoomTag(
    /// Whether a meeting is on.
    presence: Presence,
    /// The state of the unfinished recording.
    state: Option<RecordingState>,
    /// Since when it records: a timer runs beside the word.
    #[prop(optional_no_strip)]
    since: Option<Timestamp>,
    /// Large, for the head of the room's page.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let locale = locale();
    if let Some(state) = state {
        return view! { <StateTag state=state since=since large=large /> }.into_any();
    }
    let class = if large { "pill lg" } else { "pill" };
    let (tone, glyph, word) = match presence {
        Presence::Live { .. } => ("ok", Glyph::Users, say!(locale, common.state.live)),
        Presence::Empty => ("plain", Glyph::Idle, say!(locale, common.state.idle)),
    };
    view! {
        <span class=class data-tone=tone>
            <Icon glyph=glyph />
            <span>{word}</span>
        </span>
    }
    .into_any()
}
