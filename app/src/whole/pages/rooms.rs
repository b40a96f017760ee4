//! `/` and `/rooms/{room}`: the list of rooms, and beside it the panel of one.

mod add;
mod address;
mod alerts;
mod always;
mod banners;
mod check;
mod form;
mod form_more;
mod form_state;
mod kind_field;
mod label;
mod lanes;
mod list;
mod loaded;
mod now;
mod panel;
mod people;
mod presets;
mod progress;
mod recent;
mod row;
mod shortcuts;
mod steps;
mod user_data;
mod window;

use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location, location::Url};

pub use self::{address::filter_of, panel::RoomPage};
use crate::{
    i18n::use_i18n,
    whole::components::{Empty, Glyph, PageTitle},
    whole::shared::shared,
};

/// The room whose page is open, as the platform spells its id; `None` where only the list is.
#[derive(Debug, Clone, Copy)]
struct OpenRoom(Memo<Option<String>>);

/// The list, and whatever is open beside it.
#[component]
pub fn RoomsPage() -> impl IntoView {
    let pathname = use_location().pathname;
    let open = shared(Memo::new(move |_| pathname.with(|path| room_in(path))));
    provide_context(OpenRoom(open));
    shortcuts::listen();
    view! {
        <main
            class="sheet rooms"
            id="content"
            data-room=move || open.with(Option::is_some).then_some("")
        >
            <list::RoomListPane />
            <div class="panels">
                <Outlet />
            </div>
        </main>
    }
}

/// Beside the list while no room is open.
#[component]
pub fn NoRoom() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <PageTitle text=told!(i18n, rooms.title) />
        <Empty
            glyph=Glyph::Room
            title=told!(i18n, rooms.panel.pick)
            text=told!(i18n, rooms.panel.pick_text)
        />
    }
    .into_any()
}

/// The room id in the path of a room's page.
fn room_in(path: &str) -> Option<String> {
    path.strip_prefix("/rooms/")
        .filter(|segment| !segment.is_empty())
        .map(Url::unescape)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_open_room_is_read_from_the_path() {
        assert_eq!(room_in("/"), None);
        assert_eq!(room_in("/rooms/"), None);
        assert_eq!(
            room_in("/rooms/a%20b%26c%2Bd%2Fe%3F").as_deref(),
            Some("a b&c+d/e?")
        );
        assert_eq!(room_in("/rooms/客服").as_deref(), Some("客服"));
    }
}
