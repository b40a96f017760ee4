use leptos::prelude::*;
use reelroom_domain::{
    ledger::Ledger,
    time::{Timestamp, clock_length},
    view::RoomView,
};

use super::lanes::{Lane, Stay, lanes_of};
use crate::pages::rooms::room::{context::seconds, progress::started};
use crate::{
    components::{LedgerBar, Timer},
    i18n::td,
    reader::Reader,
    this_page::locale,
};

/// The maximum number of lanes drawn; the rest is counted.
const MOST: usize = 30;

/// The tracks while the room is recorded, and the files expected after the stop. The lanes end at the render
/// time; the page is refreshed each minute.
pub fn tracks(view: &RoomView) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let row = &view.current.as_ref()?.row;
    let start = started(row);
    let end = Reader::expect().now.max(start.plus_millis(1000));
    let lanes = lanes_of(&view.participants, start, end);
    let rest = lanes.len().saturating_sub(MOST);
    let ledger = Ledger {
        frames_expected: row.ledger.frames_expected,
        tracks_expected: u32::try_from(lanes.len()).unwrap_or(u32::MAX),
        ..Ledger::default()
    };
    Some(view! {
        <section aria-labelledby="tracks-h">
            <div class="today-h">
                <h2 id="tracks-h">{say!(locale, rooms.now.tracks)}</h2>
                <span class="muted">{say!(locale, rooms.now.one_lane)}</span>
            </div>
            <div class="lanes">
                <div class="ax" aria-hidden="true">
                    <span></span>
                    <div>
                        {seconds(start)()} <span>{say!(locale, rooms.now.now)}</span>
                    </div>
                    <span></span>
                </div>
                {lanes.into_iter().take(MOST).map(|of| lane(of, end)).collect_view()}
            </div>
            {(rest > 0)
                .then(|| view! { <p class="hint">{td!(locale, common.more, n = rest)}</p> })}
        </section>
        <div class="expect inset">
            <span class="strong">{say!(locale, rooms.now.expect)}</span>
            <LedgerBar ledger=ledger due_at=None />
        </div>
    })
}

fn lane(lane: Lane, end: Timestamp) -> impl IntoView {
    let is_open = lane.stays.iter().any(|stay| stay.open);
    let length = if is_open {
        view! { <Timer since=end.plus_millis(-lane.millis) /> }.into_any()
    } else {
        clock_length(lane.millis).into_any()
    };
    // Drawn as SVG, because the content security policy forbids style attributes.
    let stay = |stay: Stay| {
        view! {
            <rect
                class=if stay.open { "stay open" } else { "stay" }
                x=format!("{}%", stay.from)
                width=format!("{}%", stay.width)
                y="0"
                height="12"
                rx="3"
            />
        }
    };
    view! {
        <div class="ln">
            <span class="trunc" title=lane.id.to_string()>
                {lane.id.to_string()}
            </span>
            <svg class="lane" height="12" aria-hidden="true">
                <rect class="rest" x="0" y="5.5" width="100%" height="1" />
                {lane.stays.into_iter().map(stay).collect_view()}
            </svg>
            <span>{length}</span>
        </div>
    }
}
