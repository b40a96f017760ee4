//! `/callbacks`: the platform's calls, and the open call next to the list. Filters and selection are in the
//! address.

mod actions;
mod address;
mod body;
mod call;
mod list;
mod mark;
mod strip;
mod understood;

use axum::response::Response;
use http::{StatusCode, header};
use leptos::prelude::*;
use reelroom_domain::{
    access::{Thing, Verb},
    inbox::{CallView, Inbox, InboxHeader, InboxTab, Replaying},
    room::RoomId,
    search::SearchText,
    user::Role,
    view::RecordingRow,
};
use reelroom_service::InboxQuery;

use self::{
    address::Address,
    call::Call,
    list::list,
    strip::{strip, strip_button},
};
use crate::{
    components::{Empty, ErrorNote, Glyph, Icon, post_form},
    error::ApiError,
    form::failed,
    i18n::Locale,
    query::Query,
    server::{HOLDS_SECRET, id_named, status_of},
    server_fns::{AssignCall, DealWithCall, ReplayAll, ReplayCall, SendTestCallback, UnassignCall},
    this_page::locale,
    visit::{Page, Visit},
};

/// The inbox.
pub async fn callbacks(visit: Visit) -> Response {
    answer(visit, false).await
}

/// The inbox with the secret in the addresses, for administrators. Only a form requests it, because no link
/// may show the secret.
pub async fn callbacks_with_secret(visit: Visit) -> Response {
    let mut response = answer(visit, true).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HOLDS_SECRET);
    response
}

async fn answer(visit: Visit, reveal: bool) -> Response {
    let here = Address::of(&visit.query);
    let loaded = load(&visit, &here, reveal).await;
    visit.answer(loaded, |loaded| page(loaded, here)).await
}

struct Loaded {
    inbox: Inbox,
    /// For administrators.
    header: Option<InboxHeader>,
    call: Option<Result<CallView, ApiError>>,
    /// The recording that files are to be assigned to.
    target: Option<RecordingRow>,
}

async fn load(visit: &Visit, here: &Address, reveal: bool) -> Result<Loaded, ApiError> {
    let Visit { service, me, .. } = visit;
    let query = InboxQuery {
        tab: here.show,
        only: here.only,
        room: RoomId::new(here.room.clone()).ok(),
        search: SearchText::parse(&here.search),
        before: Some(here.before.clone()).filter(|before| !before.is_empty()),
    };
    let target = load_target(visit, &here.target).await;
    Ok(Loaded {
        inbox: service.inbox(me, query).await?,
        header: if reveal || me.may(Verb::Change, Thing::Settings) {
            Some(service.inbox_header(me, reveal).await?)
        } else {
            None
        },
        call: match here.call.as_str() {
            "" => None,
            id => Some(load_call(visit, id, &here.find, target.as_ref()).await),
        },
        target,
    })
}

/// The recording with this id; `None` where there is none.
async fn load_target(visit: &Visit, id: &str) -> Option<RecordingRow> {
    let view = visit.service.recording(&visit.me, id.parse().ok()?).await;
    view.ok().map(|view| view.row)
}

async fn load_call(
    visit: &Visit,
    id: &str,
    find: &str,
    target: Option<&RecordingRow>,
) -> Result<CallView, ApiError> {
    let find = SearchText::parse(find);
    let call = visit.service.call(&visit.me, id_named(id)?, find.as_ref());
    let mut call = call.await?;
    if let Some(target) = target {
        offer(&mut call, target);
    }
    Ok(call)
}

/// Puts `target` first among the recordings that the file can be assigned to, unless it is there already.
fn offer(call: &mut CallView, target: &RecordingRow) {
    call.candidates.retain(|row| row.id != target.id);
    if call.recording_id() != Some(target.id) {
        call.candidates.insert(0, target.clone());
    }
}

fn page(loaded: Loaded, here: Address) -> Page {
    let locale = locale();
    let mut status = StatusCode::OK;
    let detail = match loaded.call {
        Some(Ok(call)) => view! { <Call call=call here=here.clone() /> }.into_any(),
        Some(Err(error)) => {
            status = status_of(&error);
            view! { <ErrorNote error=error /> }.into_any()
        }
        None => {
            let title = say!(locale, callbacks.pick);
            let text = say!(locale, callbacks.pick_text);
            view! { <Empty glyph=Glyph::Inbox title=title text=text /> }.into_any()
        }
    };
    let failed = failed::<ReplayCall>()
        .or_else(failed::<ReplayAll>)
        .or_else(failed::<AssignCall>)
        .or_else(failed::<UnassignCall>)
        .or_else(failed::<DealWithCall>)
        .or_else(failed::<SendTestCallback>);
    let open = say!(locale, callbacks.open);
    let main = view! {
        <main
            class="sheet cb"
            id="content"
            data-page=format!("callbacks:{}", here.call)
            data-list="callbacks"
            data-call=(!here.call.is_empty()).then_some("")
        >
            <header class="cb-h">
                <h1 tabindex="-1" data-focus=here.call.is_empty().then_some("")>
                    {say!(locale, common.nav.callbacks)}
                </h1>
                {loaded.header.as_ref().map(strip_button)}
                {replay_all_button(&loaded.inbox, &here)}
            </header>
            <div class="cb-top">
                {failed.map(|error| view! { <ErrorNote error=error /> })}
                {loaded.header.map(|header| strip(&header, &here))}
                <div aria-live="polite">{loaded.inbox.replaying.as_ref().map(progress)}</div>
            </div>
            <div class="panes">
                {list(loaded.inbox, &here, loaded.target.as_ref())}
                <section class="detail scroll" id="detail" tabindex="-1" aria-label=open>
                    {detail}
                </section>
            </div>
        </main>
    };
    Page::new(say!(locale, common.nav.callbacks), main).status(status)
}

/// Replays all calls that were not understood. Absent if there are none, during a replay, and for accounts
/// without the permission.
fn replay_all_button(inbox: &Inbox, here: &Address) -> impl IntoView + use<> {
    let is_open = inbox.count(InboxTab::Unrecognised) + inbox.count(InboxTab::Malformed) > 0;
    let runs = inbox.replaying.as_ref();
    let runs = runs.is_some_and(|run| run.ended_at.is_none());
    (inbox.role == Role::Admin && is_open && !runs).then(|| {
        let text = say!(locale(), callbacks.replay_all.button);
        let word = view! { <Icon glyph=Glyph::Refresh /> {text} };
        post_form::<ReplayAll>(here.back(), "btn quiet", word)
    })
}

/// The progress of a run, or what came of it. It has the focus when it answers the reader's action.
fn progress(run: &Replaying) -> impl IntoView + use<> {
    let locale = locale();
    let focus = expect_context::<Query>().get("replayed") == "all";
    let label = say!(locale, common.word.progress);
    let bar = run.ended_at.is_none().then(|| {
        view! { <progress value=run.done max=run.total.max(1) aria-label=label></progress> }
    });
    view! {
        <p class="cb-run" tabindex=focus.then_some("-1") autofocus=focus>
            {bar}
            <span>{outcome(locale, run)}</span>
        </p>
    }
}

fn outcome(locale: Locale, run: &Replaying) -> String {
    let (done, total) = (run.done, run.total);
    match (run.ended_at, run.broken) {
        (None, _) => say!(
            locale,
            callbacks.replay_all.running,
            done,
            total,
            by = &run.by
        ),
        (Some(_), false) => {
            let understood = run.understood;
            say!(locale, callbacks.replay_all.ended, done, understood)
        }
        (Some(_), true) => say!(locale, callbacks.replay_all.broken, done, total),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn it_says_what_came_of_it() {
        let outcome = |ended: bool, broken| {
            let run = Replaying {
                total: 9,
                done: 4,
                understood: 3,
                broken,
                by: "u1001".to_owned(),
                saved_at: Timestamp::default(),
                ended_at: ended.then(|| Timestamp::from_millis(0)),
            };
            outcome(Locale::en, &run)
        };
        let running = "4 of 9 replayed, started by u1001";
        assert_eq!(outcome(false, false), running);
        let ended = "Callbacks replayed: 4. Recognised now: 3.";
        assert_eq!(outcome(true, false), ended);
        assert!(outcome(true, true).contains("after 4 of 9"));
    }
}
