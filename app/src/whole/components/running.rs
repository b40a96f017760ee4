use leptos::prelude::*;
use reelroom_domain::{recording::RecordingState, view::RunningRecording};

use super::{Icon, Timer, state_tag};
use crate::{i18n::use_i18n, paths, whole::in_app::InApp};

/// What takes a room now, in the side bar: whatever state it is in, under the room's name.
#[component]
pub fn Running(
    /// The recording.
    running: Memo<RunningRecording>,
) -> impl IntoView {
    let i18n = use_i18n();
    let in_app = InApp::expect();
    let room = running.with_untracked(|running| running.room.clone());
    let state = Memo::new(move |_| running.with(|running| (running.state, running.started_at)));
    let look = move || state_tag::look(state.get().0);
    let id = room.clone();
    view! {
        <a
            href=move || paths::room(&in_app.get(), &room)
            title=id.to_string()
            data-tone=move || look().0
        >
            {move || match look().1 {
                None => view! { <span class="dot live"></span> }.into_any(),
                Some(glyph) => view! { <Icon glyph=glyph class="i-s" /> }.into_any(),
            }}
            <span class="trunc">{move || running.with(name)}</span>
            // Red, and a timer, mean that it is recorded now; the others say what they are.
            {move || match state.get() {
                (RecordingState::Recording, since) => view! { <Timer since=since /> }.into_any(),
                (state, _) => {
                    view! { <span class="what">{state_tag::state_word(i18n, state)}</span> }
                        .into_any()
                }
            }}
        </a>
    }
}

fn name(running: &RunningRecording) -> String {
    if running.title.is_empty() {
        running.room.to_string()
    } else {
        running.title.clone()
    }
}
