//! `/recordings/{id}`: one recording, its player, its files, what people say about it, and what happened to it.

mod about;
mod accesses;
mod allow;
mod beside;
mod choice;
mod copy;
mod deleted;
mod files;
mod filmstrip;
mod head;
mod history;
mod keep;
mod name_parts;
mod notes;
mod overdue;
mod player;
mod versions;

use axum::{extract::Path, response::Response};
use leptos::prelude::*;
use reelroom_domain::{
    access::{Thing, Verb},
    act::Act,
    ids::RecordingId,
    recording::{Origin, RecordingEvent, RecordingState},
    user::Role,
    view::{HistoryEvent, RecordingView},
};
use reelroom_service::{DeletedView, ServiceError};

use self::{
    about::About, accesses::accesses, beside::Beside, deleted::deleted, files::files, head::head,
    history::history, keep::Kept, name_parts::name_parts, overdue::overdue, player::player,
};
use crate::{
    components::{
        Banner, Code, Empty, Glyph, LedgerBar, Time, Timer, Tone, ledger_lines, room_id, time,
    },
    error::ApiError,
    i18n::td,
    json, paths,
    reader::Reader,
    server::id_named,
    this_page::locale,
    visit::{Page, Visit},
    words,
};

/// One recording. An invalid id gives "not found".
pub async fn recording(visit: Visit, Path(id): Path<String>) -> Response {
    let loaded = load(&visit, &id).await;
    let play = visit.query.get("play").to_owned();
    let from = visit.query.get("t").parse().ok();
    let role = visit.me.role();
    let may_assign = visit.me.may(Verb::Change, Thing::Callbacks);
    visit
        .answer(loaded, |loaded| {
            let (recording, about, beside, kept, acts) = match loaded {
                Loaded::Whole(whole) => *whole,
                Loaded::Deleted(id, view) => return deleted(id, &view),
            };
            let this = format!("recording:{}", recording.row.id);
            let has_files = recording.row.nothing_recorded().is_none();
            let main = view! {
                <main class="sheet rec" id="content" data-page=this.clone()>
                    {head(&recording, &about, &beside, keep::mark(&kept))}
                    <div class="rec-b scroll" tabindex="-1">
                        <div class="left">
                            {note(&recording, role, may_assign)}
                            {has_files.then(|| (screen(&recording, &play, from), files(&recording, role)))}
                        </div>
                        <div class="right">
                            {about::sections(&about)} {name_parts(&recording)} {history(&recording.history)}
                            {user_data(recording.user_data.as_deref())} {facts(&recording, &beside)}
                            {keep::sections(&kept)}
                            {acts.map(|acts| accesses(recording.row.id, &acts))}
                        </div>
                    </div>
                </main>
            };
            Page::new(about.name(&recording), main).live(this)
        })
        .await
}

/// The player, for an account that may watch.
fn screen(recording: &RecordingView, play: &str, from: Option<u32>) -> AnyView {
    if recording.may_watch {
        return player(recording, play, from).into_any();
    }
    let locale = locale();
    let title = say!(locale, recording.player.not_watched);
    let text = say!(locale, recording.player.not_watched_text);
    view! { <Empty glyph=Glyph::Film title=title text=text /> }.into_any()
}

/// The recording; its title, tags and notes; the recordings beside it; its holds; and its views and downloads, for
/// accounts that see the history.
type Whole = (RecordingView, About, Beside, Kept, Option<Vec<Act>>);

enum Loaded {
    Whole(Box<Whole>),
    /// The recording is in the trash, or deleted for good.
    Deleted(RecordingId, Box<DeletedView>),
}

async fn load(visit: &Visit, id: &str) -> Result<Loaded, ApiError> {
    let Visit { service, me, .. } = visit;
    let id = id_named(id)?;
    let recording = match service.recording(me, id).await {
        Err(ServiceError::InTrash | ServiceError::Purged) => {
            let deleted = service.deleted(me, id).await?;
            return Ok(Loaded::Deleted(id, Box::new(deleted)));
        }
        recording => recording?,
    };
    let about = about::load(visit, id).await?;
    let beside = beside::load(visit, &recording).await?;
    let kept = keep::load(visit, &recording).await?;
    let acts = service.accesses(me, id).await?;
    Ok(Loaded::Whole(Box::new((
        recording, about, beside, kept, acts,
    ))))
}

/// The user's own data, as it was sent with the start.
fn user_data(data: Option<&str>) -> impl IntoView + use<> {
    let locale = locale();
    let data = data.filter(|data| !data.is_empty());
    let sent = data.map(|_| view! { <span>{say!(locale, recording.data.sent)}</span> });
    let shown = match data {
        Some(data) => view! { <Code lines=json::lines(data) wrap=true /> }.into_any(),
        None => view! { <p class="muted">{say!(locale, recording.data.none)}</p> }.into_any(),
    };
    view! {
        <section aria-labelledby="data-h">
            <h2 id="data-h">{say!(locale, common.word.user_data)} {sent}</h2>
            {shown}
        </section>
    }
}

/// The room of the recording and those beside it there, its origin, and the expected files.
fn facts(recording: &RecordingView, beside: &Beside) -> impl IntoView + use<> {
    let locale = locale();
    let origin = match recording.row.origin {
        Origin::Started => say!(locale, recording.facts.started_here),
        Origin::AutoRecorded => say!(locale, common.state.auto_recorded),
    };
    let ledger = recording.row.ledger;
    let expected = recording.row.nothing_recorded().is_none().then(|| {
        view! {
            <dt>{say!(locale, common.word.files)}</dt>
            <dd><LedgerBar ledger=ledger /></dd>
        }
    });
    let due = recording
        .due_at
        .filter(|_| recording.row.state != RecordingState::Ready);
    let due = due.map(|at| {
        view! {
            <dt>{say!(locale, recording.facts.due)}</dt>
            <dd><Time at=at /></dd>
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
                <dt>{say!(locale, common.word.room)}</dt>
                <dd>
                    <a href=paths::room_of(recording)>{recording.row.room_name().to_owned()}</a>
                    {room_id(&recording.row.title, recording.row.room.as_str())}
                </dd>
                {beside::in_room(beside)}
                <dt>{say!(locale, recording.facts.origin)}</dt>
                <dd>{origin}</dd>
                {expected}
                {due}
                {path}
            </dl>
        </section>
    }
}

/// An explanation of the state, if it needs one: running, waiting, or needing a person.
fn note(recording: &RecordingView, role: Role, may_assign: bool) -> AnyView {
    let locale = locale();
    let row = &recording.row;
    let room = view! {
        <a class="btn" href=paths::room_of(recording)>{say!(locale, recording.open_room)}</a>
    };
    match row.state {
        RecordingState::Ready => accepted(recording).into_any(),
        RecordingState::Requested | RecordingState::Recording | RecordingState::Stopping => view! {
            <section class="running card">
                <div>
                    <h2>{say!(locale, recording.running)}</h2>
                    <p class="muted">{say!(locale, recording.running_text)}</p>
                </div>
                {row.started_at.map(|since| view! { <Timer since=since /> })}
                {room}
            </section>
        }
        .into_any(),
        RecordingState::AwaitingFiles => view! {
            <section class="waiting inset">
                <b>{say!(locale, common.state.awaiting_files)}</b>
                <LedgerBar ledger=row.ledger due_at=recording.due_at lateness=row.lateness />
                {ledger_lines(recording)}
            </section>
        }
        .into_any(),
        RecordingState::Failed => {
            let why = why_failed(recording);
            let again = role.may_record().then(|| {
                let href = paths::again(recording);
                view! { <a class="btn primary" href=href>{say!(locale, recording.again)}</a> }
            });
            view! {
                <Banner title=say!(locale, recording.failed)>
                    <p>{why}</p>
                    <div class="btns">
                        {again} {room}
                    </div>
                </Banner>
            }
            .into_any()
        }
        RecordingState::Unknown => view! {
            <Banner title=say!(locale, recording.unknown)>
                <p>{say!(locale, recording.unknown_text)}</p>
                <div class="btns">{room}</div>
            </Banner>
        }
        .into_any(),
        RecordingState::Overdue => {
            overdue(recording, role.may_record(), may_assign, room.into_any())
        }
    }
}

/// A note that a person accepted the recording without its missing files, and when.
fn accepted(recording: &RecordingView) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let event = HistoryEvent::Took(RecordingEvent::AcceptedIncomplete);
    let mut lines = recording.history.iter().rev();
    let line = lines.find(|line| line.event == event)?;
    let time = time(line.at);
    let title = match line.actor.clone() {
        Some(name) => say!(locale, recording.session.accepted_incomplete_by, name),
        None => say!(locale, recording.session.accepted_incomplete).to_owned(),
    };
    (!recording.row.ledger.is_complete()).then(|| {
        view! {
            <Banner tone=Tone::Info title=title>
                <p>{td!(locale, recording.accepted_text, time)}</p>
            </Banner>
        }
    })
}

/// The reason why there is no recording: the platform's refusal, or the person who gave it up.
fn why_failed(recording: &RecordingView) -> Option<String> {
    use RecordingEvent::{GivenUp, StartRefused};
    let Reader { locale, zone, .. } = Reader::expect();
    let events = [GivenUp, StartRefused].map(HistoryEvent::Took);
    let line = (recording.history.iter()).rfind(|line| events.contains(&line.event))?;
    let time = words::clock(zone.civil(line.at));
    Some(match (&line.cause, line.actor.clone()) {
        (Some(cause), _) => {
            let words = words::cause(locale, cause);
            say!(locale, recording.refused_text, time, words)
        }
        (None, name) => {
            let name = name.unwrap_or_default();
            say!(locale, recording.given_up_text, name, time)
        }
    })
}
