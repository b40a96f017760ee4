use leptos::prelude::*;
use reelroom_domain::{recording::RecordingState, view::RunningRecording};

use super::{Icon, Timer, state_tag};
use crate::{i18n::use_i18n, in_app::InApp, paths};

/// What takes a room now, in the side bar: whatever state it is in, under the room's name.
#[component]
pub fn Running(
    /// The recording.
    running: RunningRecording,
) -> impl IntoView {
    let i18n = use_i18n();
    let in_app = InApp::expect();
    let RunningRecording {
        room,
        title,
        state,
        started_at,
        ..
    } = running;
    let id = room.clone();
    let name = if title.is_empty() {
        room.to_string()
    } else {
        title
    };
    let (tone, glyph) = state_tag::look(state);
    let records = state == RecordingState::Recording;
    view! {
        <a href=move || paths::room(&in_app.get(), &id) title=room.to_string() data-tone=tone>
            {match glyph {
                None => view! { <span class="dot live"></span> }.into_any(),
                Some(glyph) => view! { <Icon glyph=glyph class="i-s" /> }.into_any(),
            }}
            <span class="trunc">{name}</span>
            // Red, and a timer, mean that it is recorded now; the others say what they are.
            {if records {
                view! { <Timer since=started_at /> }.into_any()
            } else {
                view! { <span class="what">{state_tag::state_word(i18n, state)}</span> }.into_any()
            }}
        </a>
    }
}
