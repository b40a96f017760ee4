//! `/` and `/rooms/{room}`: the list of rooms, and beside it the panel of one.

mod alert;
mod list;
mod room;

use axum::{
    extract::{Path, rejection::PathRejection},
    response::Response,
};
use http::StatusCode;
use leptos::prelude::*;
use reelroom_domain::{
    room::RoomId,
    view::{RoomList, RoomView},
};

use self::list::{ListQuery, list};
use crate::{
    components::{Empty, Glyph},
    current_app::CurrentApp,
    error::ApiError,
    paths,
    this_page::locale,
    visit::{Page, Visit},
};

/// The list of rooms.
pub async fn rooms(visit: Visit) -> Response {
    let query = ListQuery::of(&visit.query, None);
    let rooms = load_list(&visit, &query).await;
    visit
        .answer(rooms, |rooms| {
            let locale = locale();
            let text = if rooms.role.may_record() {
                say!(locale, rooms.panel.pick_text)
            } else {
                say!(locale, rooms.panel.pick_to_see)
            };
            let title = say!(locale, rooms.panel.pick);
            let nothing = view! { <Empty glyph=Glyph::Room title=title text=text /> };
            let list = list(&rooms, &query, false);
            let main = main("rooms".to_owned(), false, list, nothing);
            Page::new(say!(locale, common.nav.rooms), main)
        })
        .await
}

/// The list of rooms and the panel of one. The room is in the path, or in the query where its id cannot be
/// part of a path (see [`paths::room`]). The form may have the values of an earlier start
/// (see [`paths::again`]).
pub async fn room(visit: Visit, path: Result<Path<String>, PathRejection>) -> Response {
    let id = path.map_or_else(|_| visit.query.get("id").to_owned(), |Path(id)| id);
    let room = RoomId::new(id).ok();
    let query = ListQuery::of(&visit.query, room.clone());
    let loaded = load_both(&visit, &query, room.as_ref()).await;
    visit
        .answer(loaded, |(rooms, view)| {
            let list = list(&rooms, &query, true);
            let Some(view) = view else {
                let main = main("room".to_owned(), true, list, bad_room());
                let title = say!(locale(), rooms.panel.bad);
                return Page::new(title, main).status(StatusCode::NOT_FOUND);
            };
            let name = format!("room:{}", paths::escape(view.room.as_str()));
            let detail = if view.is_known {
                room::panel(&view).into_any()
            } else {
                room::unknown_room(&view).into_any()
            };
            let title = view.label.name(&view.room).to_owned();
            Page::new(title, main(name, true, list, detail))
        })
        .await
}

async fn load_list(visit: &Visit, query: &ListQuery) -> Result<RoomList, ApiError> {
    let app = visit.app.id()?;
    Ok(visit
        .service
        .room_list(&visit.me, app, &query.wanted())
        .await?)
}

async fn load_both(
    visit: &Visit,
    query: &ListQuery,
    room: Option<&RoomId>,
) -> Result<(RoomList, Option<RoomView>), ApiError> {
    let list = load_list(visit, query).await?;
    let Some(room) = room else {
        return Ok((list, None));
    };
    let view = visit.service.room(&visit.me, visit.app.id()?, room);
    let mut view = view.await?;
    if let Ok(again) = visit.query.get("again").parse()
        && view.role.may_record()
        && let Some(form) = visit
            .service
            .sent_form(&visit.me, view.app.id, room, again)
            .await?
    {
        view.form = form;
    }
    Ok((list, Some(view)))
}

/// The list with `detail` next to it. A phone shows only one of them: the panel if there is one.
fn main(name: String, is_panel: bool, list: impl IntoView, detail: impl IntoView) -> impl IntoView {
    view! {
        <main
            class="sheet rooms"
            id="content"
            data-page=name
            data-list="rooms"
            data-room=is_panel.then_some("")
        >
            {list}
            <div class="panels" id="detail">{detail}</div>
        </main>
    }
}

/// Shown for an invalid room id.
fn bad_room() -> impl IntoView {
    let locale = locale();
    view! {
        <h1 class="sr">{say!(locale, rooms.panel.bad)}</h1>
        <Empty
            glyph=Glyph::Alert
            title=say!(locale, rooms.panel.bad)
            text=say!(locale, rooms.panel.bad_text)
        >
            <a class="btn" href=CurrentApp::expect().to("/")>{say!(locale, rooms.panel.back)}</a>
        </Empty>
    }
}
