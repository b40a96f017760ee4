//! `/callbacks`: the platform's calls, and the open call next to the list. Filters and selection are in the
//! address.

mod actions;
mod address;
mod body;
mod call;
mod hops;
mod list;
mod mark;
mod msg;
mod replaying;
mod strip;
mod understood;

use axum::response::Response;
use http::{StatusCode, header};
use leptos::prelude::*;
use reelroom_domain::{
    inbox::{CallView, Inbox, InboxHeader},
    room::RoomId,
    search::SearchText,
    user::Role,
};
use reelroom_service::InboxQuery;

use self::{
    address::Address,
    call::Call,
    list::List,
    replaying::{Progress, replay_all_button},
    strip::Strip,
};
use crate::{
    components::{Empty, ErrorNote, Glyph},
    error::ApiError,
    form::failed,
    server::{HOLDS_SECRET, id_named, status_of},
    server_fns::{AssignCall, DealWithCall, ReplayAll, ReplayCall, SendTestCallback},
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

/// What the page shows.
struct Loaded {
    inbox: Inbox,
    /// For administrators.
    header: Option<InboxHeader>,
    /// The open call.
    call: Option<Result<CallView, ApiError>>,
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
    Ok(Loaded {
        inbox: service.inbox(me, query).await?,
        header: match me.role {
            Role::Admin => Some(service.inbox_header(me, reveal).await?),
            Role::Operator | Role::Viewer => None,
        },
        call: match here.call.as_str() {
            "" => None,
            id => Some(load_call(visit, id, &here.find).await),
        },
    })
}

async fn load_call(visit: &Visit, id: &str, find: &str) -> Result<CallView, ApiError> {
    let find = SearchText::parse(find);
    let call = visit.service.call(&visit.me, id_named(id)?, find.as_ref());
    Ok(call.await?)
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
                <h1>{say!(locale, callbacks.title)}</h1>
                {replay_all_button(&loaded.inbox, &here)}
            </header>
            <div class="cb-top">
                {failed.map(|error| view! { <ErrorNote error=error /> })}
                {loaded.header.map(|header| view! { <Strip header=header here=here.clone() /> })}
                <div aria-live="polite">
                    {loaded.inbox.replaying.clone().map(|run| view! { <Progress run=run /> })}
                </div>
            </div>
            <div class="panes">
                <List inbox=loaded.inbox here=here.clone() />
                <section class="detail scroll" id="detail" tabindex="-1" aria-label=open>
                    {detail}
                </section>
            </div>
        </main>
    };
    Page::new(say!(locale, callbacks.title), main).status(status)
}
