use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::room::RoomId;

use super::query::ListQuery;
use crate::{
    components::{Empty, Glyph, Icon},
    current_app::CurrentApp,
    server_fns::AddRoom,
    this_page::locale,
};

/// The empty state: no rooms, or none that match. A searched name can be added as a room.
#[component]
pub fn Nothing(
    /// What the address asks for.
    query: ListQuery,
    /// Whether the reader may add a room.
    may_record: bool,
) -> impl IntoView {
    let locale = locale();
    if !query.is_filtered() {
        return view! {
            <Empty
                glyph=Glyph::Room
                title=say!(locale, rooms.list.none)
                text=say!(locale, rooms.list.none_text)
            />
        }
        .into_any();
    }
    let title = match query.search.as_str() {
        "" => say!(locale, rooms.list.no_match).to_owned(),
        search => say!(locale, rooms.list.no_match_search, search = search),
    };
    let add = RoomId::new(query.search.as_str())
        .ok()
        .filter(|_| may_record)
        .map(|room| {
            view! {
                <form method="post" action=AddRoom::url()>
                    {CurrentApp::expect().field()}
                    <input type="hidden" name="room" value=room.to_string() />
                    <button class="btn">
                        <Icon glyph=Glyph::Plus />
                        <span class="trunc">
                            {say!(locale, rooms.add.searched, room = room.to_string())}
                        </span>
                    </button>
                </form>
            }
        });
    view! {
        <Empty glyph=Glyph::Search title=title>
            <div class="btns">
                <a class="btn" href=query.cleared()>
                    {say!(locale, rooms.list.clear)}
                </a>
                {add}
            </div>
        </Empty>
    }
    .into_any()
}
