use leptos::prelude::*;
use reelroom_domain::{recording::RecordingState, time::Timestamp, view::Presence};

use super::state_tag::StateTag;
use crate::icon::{Glyph, Icon};
use crate::this_page::locale;

/// The state of a room: that of its unfinished recording, else whether a meeting is live.
#[component]
pub fn RoomTag(
    /// Whether a meeting is live.
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
        <span class=class data-tone=tone>
            <Icon glyph=glyph />
            <span>{word}</span>
        </span>
    }
    .into_any()
}
