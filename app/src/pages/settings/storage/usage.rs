//! The usage by room and by app.

use leptos::prelude::*;
use reelroom_domain::{
    ids::AppId,
    usage::{RoomUsage, StorageView, Total},
};

use crate::{i18n::td, paths, this_page::locale, words};

/// The largest rooms, and the sum of the others.
pub fn by_room(of: &StorageView) -> impl IntoView + use<> {
    let locale = locale();
    let (others, of_others) = of.usage.others;
    let rooms = of.usage.rooms.iter();
    let most = rooms.clone().map(|room| room.total.bytes);
    let most = most.max().unwrap_or_default().max(of_others.bytes);
    let is_one_app = of.usage.apps.len() == 1;
    let rooms = rooms.map(|room| {
        let app = (!is_one_app).then(|| app_name(of, room.app));
        row(link(room, app), room.total, most)
    });
    let others = (others > 0).then(|| {
        let name = view! { <span class="muted">{td!(locale, common.more, n = others)}</span> };
        row(name.into_any(), of_others, most)
    });
    let rows = (rooms.collect_view(), others);
    table(
        "by-room",
        say!(locale, library.sort.room),
        say!(locale, common.word.room),
        rows,
    )
}

/// The apps, the largest first.
pub fn by_app(of: &StorageView) -> impl IntoView + use<> {
    let locale = locale();
    let apps = &of.usage.apps;
    let most = apps.first().map_or(0, |(_, total)| total.bytes);
    let rows = apps.iter().map(|(app, total)| {
        let name = app_name(of, *app);
        row(name.into_any(), *total, most)
    });
    let rows = rows.collect_view();
    table(
        "by-app",
        say!(locale, storage.by_app),
        say!(locale, common.word.app),
        rows,
    )
}

fn app_name(of: &StorageView, app: AppId) -> String {
    let name = of.apps.iter().find(|(id, _)| *id == app);
    name.map(|(_, name)| name.clone()).unwrap_or_default()
}

/// A link to the page of a room, beside the name of its app.
fn link(room: &RoomUsage, app: Option<String>) -> AnyView {
    let page = paths::room(&room.app.to_string(), &room.room);
    let name = room.room.titled(&room.title).to_owned();
    let title = room.room.to_string();
    let app = app.map(|app| view! { <small class="muted">{app}</small> });
    view! { <a class="trunc" href=page title=title>{name}</a> {app} }.into_any()
}

/// A section with a table; `id` is of its heading.
fn table(
    id: &'static str,
    title: &'static str,
    what: &'static str,
    rows: impl IntoView + 'static,
) -> impl IntoView {
    let locale = locale();
    view! {
        <section class="set-s" aria-labelledby=id>
            <header>
                <h2 id=id>{title}</h2>
            </header>
            <div>
                <div class="card">
                    <table class="table by" aria-labelledby=id>
                        <thead>
                            <tr>
                                <th>{what}</th>
                                <th class="r">{say!(locale, storage.number)}</th>
                                <th class="share">
                                    <span class="sr">{say!(locale, common.word.share)}</span>
                                </th>
                                <th class="r">{say!(locale, common.word.size)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
        </section>
    }
}

fn row(name: AnyView, total: Total, most: u64) -> impl IntoView {
    view! {
        <tr>
            <td class="name">{name}</td>
            <td class="num r">{total.files}</td>
            <td class="share">{meter(total.bytes, most)}</td>
            <td class="num r nowrap">{words::bytes(locale(), total.bytes)}</td>
        </tr>
    }
}

/// A bar; SVG, because the content security policy forbids style attributes.
pub fn meter(part: u64, whole: u64) -> impl IntoView {
    view! {
        <svg class="meter" aria-hidden="true">
            <rect width=words::percent(part, whole) height="100%" />
        </svg>
    }
}
