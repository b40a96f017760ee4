use leptos::prelude::*;
use reelroom_domain::time::{Timestamp, clock_length};

use crate::{
    i18n::{t_string, use_i18n},
    whole::clock::ServerClock,
    whole::live::Changes,
    whole::zone::Zone,
    words,
};

/// A running timer, by the server's clock. While the server is not heard it stands, grey, and says as
/// of when.
#[component]
pub fn Timer(
    /// Since when it runs.
    since: Timestamp,
) -> impl IntoView {
    let i18n = use_i18n();
    let clock = ServerClock::expect();
    let changes = Changes::expect();
    let zone = Zone::expect();
    let until = move || changes.silent_since().unwrap_or_else(|| clock.now());
    let title = move || {
        changes.silent_since().map(|heard| {
            t_string!(
                i18n,
                common.health.as_of,
                time = words::clock(zone.civil(heard))
            )
        })
    };
    view! {
        <time
            class="timer"
            class:stale=move || changes.silent_since().is_some()
            role="timer"
            title=title
        >
            {move || clock_length(until().since(since))}
        </time>
    }
}
