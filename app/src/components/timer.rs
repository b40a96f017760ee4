use leptos::prelude::*;
use reelroom_domain::time::{Timestamp, clock_length};

use crate::reader::Reader;

/// A running timer, by the server's clock (see `timer.js`). While the server is not heard, it stands.
#[component]
pub fn Timer(
    /// Since when it runs.
    since: Timestamp,
) -> impl IntoView {
    let shown = clock_length(Reader::expect().now.since(since));
    view! {
        <run-timer class="timer" role="timer" since=since.as_millis().to_string()>
            {shown}
        </run-timer>
    }
}
