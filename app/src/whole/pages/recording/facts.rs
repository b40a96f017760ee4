use leptos::prelude::*;
use reelroom_domain::{recording::Origin, view::RecordingView};

use crate::{
    i18n::{t_string, use_i18n},
    paths,
    whole::components::{LedgerBar, Time},
};

/// Where it came from and what is expected.
#[component]
pub fn Facts(
    /// The recording.
    recording: Signal<RecordingView>,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = move || recording.with(|recording| recording.row.room.clone());
    let origin = move || match recording.with(|recording| recording.row.origin) {
        Origin::Started => t_string!(i18n, recording.facts.started_here),
        Origin::AutoRecorded => t_string!(i18n, recording.facts.auto),
    };
    let path = move || recording.with(|recording| recording.path.clone());
    let due = move || {
        recording.with(|recording| {
            recording
                .due_at
                .filter(|_| !recording.row.ledger.is_complete())
        })
    };
    view! {
        <section aria-labelledby="facts-h">
            <h2 id="facts-h">{told!(i18n, recording.facts.title)}</h2>
            <dl class="kv">
                <dt>{told!(i18n, recording.facts.room)}</dt>
                <dd>
                    <a href=move || recording.with(paths::room_of)>{move || room().to_string()}</a>
                </dd>
                <dt>{told!(i18n, recording.facts.origin)}</dt>
                <dd>{origin}</dd>
                <dt>{told!(i18n, recording.facts.expected)}</dt>
                <dd>
                    {move || {
                        let ledger = recording.with(|recording| recording.row.ledger);
                        view! { <LedgerBar ledger=ledger /> }
                    }}
                </dd>
                {move || {
                    due()
                        .map(|at| {
                            view! {
                                <dt>{told!(i18n, recording.facts.due)}</dt>
                                <dd>
                                    <Time at=at />
                                </dd>
                            }
                        })
                }}
                {move || {
                    path()
                        .filter(|path| !path.is_empty())
                        .map(|path| {
                            view! {
                                <dt>{told!(i18n, recording.facts.path)}</dt>
                                <dd class="mono">{path}</dd>
                            }
                        })
                }}
            </dl>
        </section>
    }
}
