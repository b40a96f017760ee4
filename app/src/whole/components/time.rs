use leptos::prelude::*;
use reelroom_domain::time::Timestamp;

use crate::{
    i18n::{t_string, use_i18n},
    whole::clock::ServerClock,
    whole::zone::{Zone, offset_name},
    words::{self, TimeStyle},
};

/// A moment, in the reader's zone and language. The title says it whole, with the zone's name.
#[component]
pub fn Time(
    /// When.
    at: Timestamp,
    /// How it is shown.
    #[prop(optional)]
    style: TimeStyle,
) -> impl IntoView {
    let i18n = use_i18n();
    let zone = Zone::expect();
    let clock = ServerClock::expect();
    let text = move || {
        // A clock does not change with the day; only what says "today" looks at the time.
        let now = match style {
            TimeStyle::Near => zone.civil(clock.minute()),
            TimeStyle::Clock | TimeStyle::Seconds | TimeStyle::Full => zone.civil(at),
        };
        words::style(i18n.get_locale(), style, zone.civil(at), now)
    };
    let title = move || {
        let civil = zone.civil(at);
        let whole = words::style(i18n.get_locale(), TimeStyle::Full, civil, civil);
        t_string!(
            i18n,
            common.time.in_zone,
            time = whole,
            zone = zone.name(),
            offset = offset_name(zone.offset(at))
        )
    };
    view! {
        <time datetime=words::iso(at) title=title>
            {text}
        </time>
    }
}
