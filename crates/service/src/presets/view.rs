//! The initial form of a room, and the presets that may fill it.

use reelroom_domain::{
    app::DEFAULT_KIND,
    file::FileKind,
    ids::AppId,
    naming::{NamingRule, RoomDay, TimeForm},
    order::StartForm,
    preset::Presets,
    room::RoomId,
    time::Timestamp,
};
use reelroom_store::{
    Conn, StoreError,
    apps::{self, App},
    presets::{form_before, list, names_with_time, starts},
    rooms,
};

use crate::apps::platform::zone;

/// The time over which the usual number of recordings per day is computed.
const USUAL_MILLIS: i64 = 30 * 86_400_000;
/// The most recordings for that; the newest ones.
const USUAL_MOST: u32 = 500;

/// The presets for the form of a room, which was started with `last_used`.
pub(crate) async fn presets_of(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    last_used: Option<StartForm>,
) -> Result<Presets, StoreError> {
    Ok(Presets {
        last_used,
        list: Presets::within_limits(list(conn, app, room).await?),
        before: form_before(conn, app, room).await?.map(StartForm::from),
    })
}

/// The initial form of a room: as typed last, else the room's default preset, else that of all rooms,
/// else the platform's default.
pub(crate) async fn first_form(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
) -> Result<StartForm, StoreError> {
    if let Some(typed) = rooms::form(conn, app, room).await? {
        return Ok(typed.into());
    }
    let list = list(conn, app, room).await?;
    let default = list
        .iter()
        .find(|preset| preset.for_room)
        .or_else(|| list.iter().find(|preset| preset.for_all));
    if let Some(preset) = default {
        return Ok(preset.form.clone());
    }
    let mut form = platform_form();
    let app = apps::get(conn, app).await?;
    if let Some(kind) = app.and_then(|app| app.kinds.into_iter().next()) {
        form.kind = kind;
    }
    Ok(form)
}

/// A form with the platform's default rule and type.
pub(crate) fn platform_form() -> StartForm {
    StartForm {
        rule: NamingRule::DEFAULT.to_owned(),
        kind: DEFAULT_KIND.to_owned(),
        ..StartForm::default()
    }
}

/// The form of `{time}`, as the last file of the app that has one.
pub(crate) async fn time_form(conn: &mut Conn, app: AppId) -> Result<TimeForm, StoreError> {
    let names = names_with_time(conn, app).await?;
    let seen = names.into_iter().find_map(|(rule, room, name)| {
        let rule = NamingRule::parse(&rule).ok()?;
        rule.read_back(&name, FileKind::Composite, Some(&room))?
            .time
    });
    Ok(seen.map_or(TimeForm::Unknown, |digits| TimeForm::of(&digits)))
}

/// The number of the room's recordings today and on a usual day, by the platform's calendar.
pub(crate) async fn day_of(
    conn: &mut Conn,
    app: &App,
    room: &RoomId,
    now: Timestamp,
) -> Result<RoomDay, StoreError> {
    let zone = zone(app);
    let day = |at: Timestamp| {
        let moment = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
        at.day(zone.to_offset(moment).seconds())
    };
    let since = now.plus_millis(-USUAL_MILLIS);
    let starts = starts(conn, app.id, room, since, USUAL_MOST).await?;
    Ok(RoomDay::of(day(now), starts.into_iter().map(day)))
}
