//! The tracks of a running recording: one lane per participant, which becomes one track.

use leptos::prelude::*;
use reelroom_domain::{
    ledger::Ledger,
    meeting,
    room::ParticipantId,
    time::{Timestamp, clock_length},
    view::RoomView,
};

use crate::{
    components::{LedgerBar, Timer},
    i18n::td,
    pages::rooms::room::context::seconds,
    reader::Reader,
    this_page::locale,
};

/// The maximum number of lanes drawn; the rest is counted.
const MOST: usize = 30;

/// One participant's lane.
struct Lane {
    id: ParticipantId,
    /// The stays within the recording.
    stays: Vec<Stay>,
    /// The total length in milliseconds.
    millis: i64,
}

/// One stay, relative to the lane's width.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Stay {
    /// The start in percent.
    from: f64,
    /// The width in percent.
    width: f64,
    /// Whether it continues.
    open: bool,
}

/// The lanes from `start` to `end`, in the order of the first `stays`, without those who were absent.
fn lanes_of(stays: &[meeting::Stay], start: Timestamp, end: Timestamp) -> Vec<Lane> {
    let whole = end.since(start).max(1);
    let mut lanes: Vec<Lane> = Vec::new();
    for one in stays {
        let from = one.joined_at.max(start);
        let until = one.left_at.unwrap_or(end).min(end);
        let millis = until.since(from);
        if millis < 0 {
            continue;
        }
        let stay = Stay {
            from: percent(from.since(start), whole),
            width: percent(millis, whole),
            open: one.left_at.is_none(),
        };
        if let Some(lane) = lanes.iter_mut().find(|lane| lane.id == one.who) {
            lane.stays.push(stay);
            lane.millis += millis;
        } else {
            lanes.push(Lane {
                id: one.who.clone(),
                stays: vec![stay],
                millis,
            });
        }
    }
    lanes
}

/// Rounded to tenths, so that server and browser write the same digits.
fn percent(part: i64, whole: i64) -> f64 {
    let tenths = part.saturating_mul(1000) / whole;
    f64::from(i32::try_from(tenths.clamp(0, 1000)).unwrap_or_default()) / 10.0
}

/// The tracks while the room is recorded, and the files expected after the stop. The lanes end at the render
/// time; the page is refreshed each minute.
pub fn tracks(view: &RoomView) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let row = &view.current.as_ref()?.row;
    let start = row.began_at();
    let end = Reader::expect().now.max(start.plus_millis(1000));
    let lanes = lanes_of(&view.stays, start, end);
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
                        {seconds(start)()} <span>{say!(locale, common.time.now)}</span>
                    </div>
                    <span></span>
                </div>
                {lanes.iter().take(MOST).map(|of| lane(of, end)).collect_view()}
            </div>
            {(rest > 0)
                .then(|| view! { <p class="hint">{td!(locale, common.more, n = rest)}</p> })}
        </section>
        <div class="expect inset">
            <span class="strong">{say!(locale, rooms.now.expect)}</span>
            <LedgerBar ledger=ledger />
        </div>
    })
}

fn lane(lane: &Lane, end: Timestamp) -> impl IntoView + use<> {
    let length = if lane.stays.iter().any(|stay| stay.open) {
        view! { <Timer since=end.plus_millis(-lane.millis) /> }.into_any()
    } else {
        clock_length(lane.millis).into_any()
    };
    // Drawn as SVG, because the content security policy forbids style attributes.
    let stay = |stay: &Stay| {
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
            <span class="trunc" title=lane.id.to_string()>{lane.id.to_string()}</span>
            <svg class="lane" height="12" aria-hidden="true">
                <rect class="rest" x="0" y="5.5" width="100%" height="1" />
                {lane.stays.iter().map(stay).collect_view()}
            </svg>
            <span>{length}</span>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    #[test]
    fn a_stay_is_cut_to_the_recording_and_who_returns_has_one_lane() {
        let people = [
            ("early", 0, None),
            ("gone before", 0, Some(50)),
            ("twice", 120, Some(140)),
            ("twice", 180, None),
        ]
        .map(|(id, joined, left)| meeting::Stay {
            who: ParticipantId::new(id).unwrap(),
            joined_at: at(joined),
            left_at: left.map(at),
            shares_screen: false,
        });
        let lanes = lanes_of(&people, at(100), at(200));
        let stay = |from, width, open| Stay { from, width, open };
        assert_eq!(lanes.len(), 2);
        assert_eq!(lanes[0].stays, [stay(0.0, 100.0, true)]);
        let twice = [stay(20.0, 20.0, false), stay(80.0, 20.0, true)];
        assert_eq!(lanes[1].stays, twice);
        assert_eq!((lanes[0].millis, lanes[1].millis), (100_000, 40_000));
    }
}
