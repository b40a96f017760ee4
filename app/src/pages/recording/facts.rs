use leptos::prelude::*;
use reelroom_domain::{recording::Origin, view::RecordingView};

use crate::{
    components::{LedgerBar, Time},
    paths,
    this_page::locale,
};

/// The origin of the recording, and the expected files.
pub fn facts(recording: &RecordingView) -> impl IntoView + use<> {
    let locale = locale();
    let origin = match recording.row.origin {
        Origin::Started => say!(locale, recording.facts.started_here),
        Origin::AutoRecorded => say!(locale, recording.facts.auto),
    };
    let ledger = recording.row.ledger;
    let due = recording.due_at.filter(|_| !ledger.is_complete());
    let due = due.map(|at| {
        view! {
            <dt>{say!(locale, recording.facts.due)}</dt>
            <dd>
                <Time at=at />
            </dd>
        }
    });
    let path = recording.path.clone().filter(|path| !path.is_empty());
    let path = path.map(|path| {
        view! {
            <dt>{say!(locale, recording.facts.path)}</dt>
            <dd class="mono">{path}</dd>
        }
    });
    view! {
        <section aria-labelledby="facts-h">
            <h2 id="facts-h">{say!(locale, recording.facts.title)}</h2>
            <dl class="kv">
                <dt>{say!(locale, recording.facts.room)}</dt>
                <dd>
                    <a href=paths::room_of(recording)>{recording.row.room.to_string()}</a>
                </dd>
                <dt>{say!(locale, recording.facts.origin)}</dt>
                <dd>{origin}</dd>
                <dt>{say!(locale, recording.facts.expected)}</dt>
                <dd>
                    <LedgerBar ledger=ledger />
                </dd>
                {due}
                {path}
            </dl>
        </section>
    }
}
