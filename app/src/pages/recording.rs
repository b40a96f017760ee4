//! `/recordings/{id}`: one recording, its player, its files, and what happened to it.

mod choice;
mod facts;
mod files;
mod frames;
mod head;
mod history;
mod name_parts;
mod note;
mod player;
mod user_data;

use axum::{extract::Path, response::Response};
use leptos::prelude::*;

use self::{
    facts::facts, files::files, head::head, history::history, name_parts::name_parts, note::note,
    player::player, user_data::user_data,
};
use crate::{
    error::ApiError,
    visit::{Page, Visit},
};

/// One recording. An invalid id gives "not found".
pub async fn recording(visit: Visit, Path(id): Path<String>) -> Response {
    let recording = match id.parse() {
        Ok(id) => visit.service.recording(id).await.map_err(ApiError::from),
        Err(_) => Err(ApiError::NotFound),
    };
    let play = visit.query.get("play").to_owned();
    visit
        .answer(recording, |recording| {
            let this = format!("recording:{}", recording.row.id);
            let main = view! {
                <main class="sheet rec" id="content" data-page=this.clone()>
                    {head(&recording)}
                    <div class="rec-b scroll" tabindex="-1">
                        <div class="left">
                            {note(&recording)} {player(&recording, &play)}
                            {files(&recording)}
                        </div>
                        <div class="right">
                            {name_parts(&recording)} {history(&recording.history)}
                            {user_data(recording.user_data.as_deref())} {facts(&recording)}
                        </div>
                    </div>
                </main>
            };
            Page::new(recording.row.room.to_string(), main).live(this)
        })
        .await
}
