use leptos::prelude::*;
use reelroom_domain::{
    room::RoomId,
    view::{Presence, RoomRow},
    watch::{AlertKind, AlertView},
};

use super::query::{ListQuery, row_id};
use crate::{
    components::{Glyph, Icon, RoomTag, Time, time_as},
    i18n::td,
    pages::rooms::alert::{alert_action, tone},
    this_page::locale,
    words::TimeStyle,
};

/// One room with its alert. The row links to the room's page, with the same list.
pub fn row(row: &RoomRow, query: &ListQuery, may_record: bool) -> impl IntoView + use<> {
    let locale = locale();
    let star = row.label.starred.then(|| {
        view! {
            <Icon glyph=Glyph::Star class="starred" />
            <span class="sr">{say!(locale, rooms.label.starred)} " "</span>
        }
    });
    let last = match row.last_recorded_at {
        Some(at) => view! { <Time at=at /> }.into_any(),
        None => say!(locale, common.word.never).into_any(),
    };
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
            {row.alert.map(|alert| row_alert(alert, &row.room, may_record))}
        </div>
    }
}

/// The number of people, and since when.
fn people(presence: Presence) -> AnyView {
    let locale = locale();
    let Presence::Live { people, since } = presence else {
        return view! { <span>{say!(locale, rooms.list.empty)}</span> }.into_any();
    };
    let word = match people {
        1 => say!(locale, rooms.list.person),
        _ => say!(locale, rooms.list.people),
    };
    let time = time_as(since, TimeStyle::Clock);
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

/// The alert of a room, below its row, and the action if the reader may act on it.
fn row_alert(alert: AlertView, room: &RoomId, may_record: bool) -> impl IntoView + use<> {
    let locale = locale();
    let word = match alert.kind {
        AlertKind::NotRecorded => say!(locale, watch.alert.not_recorded),
        AlertKind::EmptyRoom => say!(locale, watch.alert.empty_room),
        AlertKind::NoSign => say!(locale, watch.alert.no_sign),
        AlertKind::TooLong => say!(locale, watch.alert.too_long),
        AlertKind::FilesGone => say!(locale, watch.alert.files_gone),
    };
    view! {
        <div class="row-alert" data-tone=tone(alert.kind).as_str()>
            <Icon glyph=Glyph::Alert />
            <span class="trunc">{word}</span>
            {may_record.then(|| alert_action(alert, room))}
        </div>
    }
}
