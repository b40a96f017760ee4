use leptos::prelude::*;
use reelroom_domain::view::{Presence, RoomRow};

use super::{
    alert::RowAlert,
    query::{ListQuery, row_id},
};
use crate::{
    components::{Glyph, Icon, RoomTag, Time},
    i18n::td,
    this_page::locale,
    words::TimeStyle,
};

/// One room with its alert. The row links to the room's page, with the same list.
#[component]
pub fn Row(
    /// The room.
    row: RoomRow,
    /// What the address asks for.
    query: ListQuery,
    /// Whether the reader may record.
    may_record: bool,
) -> impl IntoView {
    let locale = locale();
    let star = row.label.starred.then(|| {
        view! {
            <Icon glyph=Glyph::Star class="starred" />
            <span class="sr">{say!(locale, rooms.label.starred)} " "</span>
        }
    });
    let last = match row.last_recorded_at {
        Some(at) => view! { <Time at=at style=TimeStyle::Near /> }.into_any(),
        None => say!(locale, rooms.list.never).into_any(),
    };
    let alert = row.alert.map(|alert| {
        let room = row.room.clone();
        view! { <RowAlert alert=alert room=room may_record=may_record /> }
    });
    view! {
        // The id lets a morph move the row as a whole.
        <div class="row-box" id=row_id(&row.room)>
            <a
                class="row"
                href=query.room(&row.room)
                aria-current=(query.open.as_ref() == Some(&row.room)).then_some("page")
                data-walk=""
            >
                <span class="name trunc" title=row.room.to_string()>
                    {star}
                    {row.label.name(&row.room).to_owned()}
                </span>
                <RoomTag presence=row.presence current=row.current />
                <span class="meta">{people(row.presence)}</span>
                <span class="meta last">
                    <span class="sr">{say!(locale, rooms.list.last_sr)} " "</span>
                    {last}
                </span>
            </a>
            {alert}
        </div>
    }
}

/// The number of people, and since when.
fn people(presence: Presence) -> AnyView {
    let locale = locale();
    match presence {
        Presence::Empty => view! { <span>{say!(locale, rooms.list.empty)}</span> }.into_any(),
        Presence::Live { people, since } => {
            let word = match people {
                1 => say!(locale, rooms.list.person),
                _ => say!(locale, rooms.list.people),
            };
            let time = move || view! { <Time at=since style=TimeStyle::Clock /> };
            view! {
                <Icon glyph=Glyph::Users />
                <span class="num">{people}</span>
                <span>
                    <span class="sr">{word} " "</span>
                    {td!(locale, rooms.list.since, time)}
                </span>
            }
            .into_any()
        }
    }
}
