use leptos::prelude::*;
use reelroom_domain::{
    ledger::{Lateness, Ledger},
    time::Timestamp,
};

use super::time::Time;
use crate::icon::{Glyph, Icon};
use crate::{i18n::td, this_page::locale, words::TimeStyle};

/// The maximum number of ticks drawn.
const MOST_TICKS: u32 = 8;

/// A summary of the expected files: composite, tracks, frames, and when missing files are due.
#[component]
pub fn LedgerBar(
    /// The expected and received files.
    ledger: Ledger,
    /// When missing files are due; shown only while something is missing.
    #[prop(optional_no_strip)]
    due_at: Option<Timestamp>,
    /// How late missing files are.
    #[prop(default = Lateness::InTime)]
    lateness: Lateness,
) -> impl IntoView {
    let locale = locale();
    let composite = ledger.composites > 0;
    let tracks = ledger.tracks.max(ledger.tracks_expected);
    let missing = !ledger.is_complete();
    view! {
        <span class="ledger">
            <span class:got=composite>
                {say!(locale, common.files.composite)}
                {if composite {
                    view! {
                        <Icon glyph=Glyph::Check class="mark" />
                        <span class="sr">{say!(locale, common.files.arrived)}</span>
                    }
                        .into_any()
                } else {
                    view! { <span class="num">"0/1"</span> }.into_any()
                }}
            </span>
            {(tracks > 0)
                .then(|| {
                    view! {
                        <span>
                            {say!(locale, common.files.tracks)} <Ticks got=ledger.tracks of=tracks />
                            <span class="num">{format!("{}/{tracks}", ledger.tracks)}</span>
                        </span>
                    }
                })}
            {(ledger.frames > 0 || ledger.frames_expected)
                .then(|| {
                    view! {
                        <span>
                            {say!(locale, common.files.frames)}
                            <span class="num">{ledger.frames}</span>
                        </span>
                    }
                })}
            {due_at
                .filter(|_| missing)
                .map(|due_at| {
                    view! {
                        <span class=if lateness == Lateness::InTime { "off" } else { "due" }>
                            {td!(
                                locale, common.files.due, time = move || {
                                    view! { <Time at=due_at style=TimeStyle::Clock /> }
                                }
                            )}
                        </span>
                    }
                })}
        </span>
    }
}

/// A tick for each track, filled if the track was received.
#[component]
fn Ticks(got: u32, of: u32) -> impl IntoView {
    (of <= MOST_TICKS).then(|| {
        view! {
            <span class="ticks" aria-hidden="true">
                {(0..of)
                    .map(|index| {
                        let missing = index >= got;
                        view! { <i class:o=missing></i> }
                    })
                    .collect_view()}
            </span>
        }
    })
}
