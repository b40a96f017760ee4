//! One room of the list.

use leptos::prelude::*;
use reelroom_domain::view::{Presence, RoomRow};

use super::{OpenRoom, address::needs_the_browser, alerts::RowAlert, panel::RoomTag};
use crate::{
    i18n::{t, use_i18n},
    paths,
    whole::components::{Glyph, Icon, Time},
    whole::in_app::InApp,
    words::TimeStyle,
};

/// A row, a link to the room's page; `query` keeps the list as it is, and names the app.
#[component]
pub fn Row(row: Memo<RoomRow>, query: Signal<String>, may_record: Signal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let OpenRoom(open) = expect_context();
    let room = row.with_untracked(|row| row.room.clone());
    let path = paths::room("", &room);
    let rel = needs_the_browser(&room).then_some("external");
    let name = room.to_string();
    let is_open = {
        let name = name.clone();
        move || open.with(|open| open.as_ref() == Some(&name))
    };
    let state = Memo::new(move |_| row.with(|row| (row.presence, row.current)));
    view! {
        // One element a row: the list moves its rows as wholes.
        <div class="row-box">
            <a
                class="row"
                href=move || format!("{path}{}", query.get())
                rel=rel
                aria-current=move || is_open().then_some("page")
                data-noscroll
            >
                <span class="name trunc" title=name>
                    {move || {
                        row.with(|row| row.label.starred)
                            .then(|| {
                                view! {
                                    <Icon glyph=Glyph::Star class="starred" />
                                    <span class="sr">{told!(i18n, rooms.label.starred)} " "</span>
                                }
                            })
                    }}
                    {move || row.with(|row| row.label.name(&row.room).to_owned())}
                </span>
                {move || {
                    let (presence, current) = state.get();
                    view! { <RoomTag presence=presence current=current /> }
                }}
                <span class="meta">{move || people(row.with(|row| row.presence))}</span>
                <span class="meta last">
                    <span class="sr">{told!(i18n, rooms.list.last_sr)} " "</span>
                    {move || match row.with(|row| row.last_recorded_at) {
                        Some(at) => view! { <Time at=at style=TimeStyle::Near /> }.into_any(),
                        None => told!(i18n, rooms.list.never).into_any(),
                    }}
                </span>
            </a>
            <RowAlert row=row app=InApp::expect() may_record=may_record />
        </div>
    }
}

/// How many people, and since when.
fn people(presence: Presence) -> AnyView {
    let i18n = use_i18n();
    match presence {
        Presence::Empty => view! { <span>{told!(i18n, rooms.list.empty)}</span> }.into_any(),
        Presence::Live { people, since } => view! {
            <Icon glyph=Glyph::Users />
            <span class="num">{people}</span>
            <span>
                <span class="sr">
                    {if people == 1 {
                        told!(i18n, rooms.list.person)
                    } else {
                        told!(i18n, rooms.list.people)
                    }} " "
                </span>
                {t!(
                    i18n, rooms.list.since, time = move || view! { <Time at=since style=TimeStyle::Clock /> }
                )}
            </span>
        }
        .into_any(),
    }
}
