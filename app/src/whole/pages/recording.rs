//! `/recordings/{id}`: one recording, its player, its files, and what happened to it.

mod facts;
mod files;
mod frames;
mod head;
mod history;
mod keys;
mod name_parts;
mod note;
mod player;
mod trouble;
mod user_data;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use reelroom_domain::view::RecordingView;

use self::{
    facts::Facts, files::Files, head::Head, history::History, name_parts::NameParts,
    note::StateNote, player::Player, user_data::UserData,
};
use crate::{
    i18n::use_i18n,
    server_fns::load_recording,
    whole::components::{Load, PageTitle, SkeletonShape},
    whole::live::Changes,
};

/// One recording.
#[component]
pub fn RecordingPage() -> impl IntoView {
    let i18n = use_i18n();
    let changes = Changes::expect();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default());
    let recording = Resource::new(
        move || {
            let id = id.get();
            let version = id.parse().map_or(0, |id| changes.of_recording(id));
            (id, version)
        },
        |(id, _)| load_recording(id),
    );
    let title = told!(i18n, recording.title);
    view! {
        <PageTitle text=title />
        <main class="sheet rec" id="content">
            <Load from=recording skeleton=SkeletonShape::Player heading=title let:recording>
                <Loaded recording=recording />
            </Load>
        </main>
    }
    .into_any()
}

/// The recording, once it is there.
#[component]
fn Loaded(recording: Signal<RecordingView>) -> impl IntoView {
    view! {
        <Head recording=recording />
        <div class="rec-b scroll" tabindex="-1">
            <div class="left">
                <StateNote recording=recording />
                <Player recording=recording />
                <Files recording=recording />
            </div>
            <div class="right">
                <NameParts recording=recording />
                <History recording=recording />
                <UserData recording=recording />
                <Facts recording=recording />
            </div>
        </div>
    }
}
