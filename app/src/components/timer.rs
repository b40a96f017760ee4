use leptos::prelude::*;
use reelroom_domain::time::{Timestamp, clock_length};

use crate::reader::Reader;

/// A running timer on the server's clock (see `timer.js`). It stops while the server is unreachable.
#[component]
pub fn Timer(
    /// When it started.
    since: Timestamp,
) -> impl IntoView {
    let shown = clock_length(Reader::expect().now.since(since));
    view! {
        <run-timer class="timer" role="timer" since=since.as_millis().to_string()>
            {shown}
        </run-timer>
    }
}
