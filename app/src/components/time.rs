use leptos::prelude::*;
use reelroom_domain::time::{Timestamp, clock_length};

use crate::{
    reader::Reader,
    words::{self, TimeStyle},
};

/// A time in the reader's zone and language. The tooltip has the full date and the zone.
#[component]
pub fn Time(at: Timestamp, #[prop(optional)] style: TimeStyle) -> impl IntoView {
    let reader = Reader::expect();
    let Reader { locale, zone, .. } = &reader;
    let civil = zone.civil(at);
    let title = say!(
        *locale,
        common.time.in_zone,
        time = words::style(*locale, TimeStyle::Full, civil, civil),
        zone = words::zone_title(*locale, zone.name(), zone.offset(at))
    );
    view! {
        <time datetime=words::iso(at) title=title>
            {words::style(*locale, style, civil, reader.today())}
        </time>
    }
}

/// A recent time within a sentence, for `td!`.
pub fn time(at: Timestamp) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    time_as(at, TimeStyle::Near)
}

/// A time of a style within a sentence, for `td!`.
pub fn time_as(
    at: Timestamp,
    style: TimeStyle,
) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || view! { <Time at=at style=style /> }.into_any()
}

/// A running timer on the server's clock (see `timer.js`). It stops while the server is unreachable.
#[component]
pub fn Timer(since: Timestamp) -> impl IntoView {
    let shown = clock_length(Reader::expect().now.since(since));
    let since = since.as_millis().to_string();
    view! { <run-timer class="timer" role="timer" since=since>{shown}</run-timer> }
}
