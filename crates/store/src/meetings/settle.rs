//! Makes the rows of meetings and participants what was told of the room.

use std::collections::HashSet;

use reelroom_domain::{
    ids::{AppId, MeetingId},
    room::{ParticipantId, RoomId},
    time::Timestamp,
};
use sqlx::query;

use super::{
    Meeting,
    fold::{self, Shape, Stay, Told, What},
};
use crate::{Conn, StoreError, row::Columns};

/// The meeting that is on, where this is about somebody and the last thing that is known of them and
/// of it: nearly always, and then there is no need to look at a thousand others in the room.
pub(super) async fn last(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    told: &Told,
) -> Result<Option<MeetingId>, StoreError> {
    let Some(who) = &told.who else {
        return Ok(None);
    };
    let row = query(
        "SELECT m.id FROM meetings m
         WHERE m.app_id = $1 AND m.room = $2 AND m.ended_at IS NULL AND NOT EXISTS (
             SELECT 1 FROM room_status s WHERE s.app_id = $1 AND s.room = $2 AND s.at >= $3
             AND (s.at > $3 OR s.participant IN ('', $4)))",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(told.at.as_millis())
    .bind(who.as_str())
    .fetch_optional(conn)
    .await?;
    row.map(|row| Columns::new(&row, "meetings", "id").id("id"))
        .transpose()
}

/// Settles the one stay that the [`last`] thing changes: as [`around`] would.
pub(super) async fn one(
    conn: &mut Conn,
    meeting: MeetingId,
    told: &Told,
) -> Result<(), StoreError> {
    let come = "INSERT INTO participants
             (meeting_id, participant, joined_at, left_at, shares_screen)
         SELECT m.id, $2, $3, NULL, 0 FROM meetings m WHERE m.id = $1 AND NOT EXISTS (
             SELECT 1 FROM participants p
             WHERE p.meeting_id = $1 AND p.participant = $2 AND p.left_at IS NULL)";
    let leave = "UPDATE participants SET left_at = $3, shares_screen = 0
         WHERE meeting_id = $1 AND participant = $2 AND left_at IS NULL";
    let share = "UPDATE participants SET shares_screen = $3
         WHERE meeting_id = $1 AND participant = $2 AND left_at IS NULL";
    let at = told.at.as_millis();
    let steps: &[(&str, i64)] = match told.what {
        What::Online => &[(come, at)],
        // Who leaves a meeting was in it.
        What::Offline => &[(come, at), (leave, at)],
        What::ScreenOn => &[(share, 1)],
        What::ScreenOff => &[(share, 0)],
        What::On | What::Begin | What::End => &[],
    };
    for (sql, value) in steps {
        query(*sql)
            .bind(meeting.to_string())
            .bind(told.who.as_ref().map_or("", ParticipantId::as_str))
            .bind(*value)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// Settles the meetings that something at `at` may have changed. News makes one meeting more at the
/// most: `new` is its id.
pub(super) async fn around(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    at: Timestamp,
    mut new: Option<MeetingId>,
) -> Result<(), StoreError> {
    let span = span(conn, app, room, at).await?;
    let shapes = fold::meetings(&told(conn, app, room, span).await?);
    let known = known(conn, app, room, span).await?;
    let had = stays(conn, app, room, span).await?;

    // A meeting keeps its id while it is the one in which that one began.
    let mut ids = vec![None; shapes.len()];
    for meeting in &known {
        let after = shapes.partition_point(|shape| shape.began_at <= meeting.began_at);
        match ids.get_mut(after.saturating_sub(1)) {
            Some(id @ None) => *id = Some(*meeting),
            _ => forget(conn, meeting.id).await?,
        }
    }
    let mut have = HashSet::new();
    // The one that is on is the last, and there is never more than one.
    for (shape, was) in shapes.into_iter().zip(ids) {
        let Some(id) = was.map(|was| was.id).or_else(|| new.take()) else {
            continue;
        };
        keep(conn, app, room, id, was, &shape).await?;
        have.extend(shape.stays.into_iter().map(|stay| (id, stay)));
    }
    settle_stays(conn, &had, &have).await
}

/// The times, the first left out, between which nothing outside makes a difference: from one End to
/// another after which surely no meeting is on.
async fn span(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    at: Timestamp,
) -> Result<(i64, i64), StoreError> {
    let row = query(
        "SELECT o.room,
             (SELECT e.at FROM room_status e
              WHERE e.app_id = $1 AND e.room = $2 AND e.what = 'end' AND e.at < $3
                  AND NOT EXISTS (SELECT 1 FROM room_status b
                      WHERE b.app_id = $1 AND b.room = $2 AND b.at = e.at
                      AND b.what IN ('on', 'begin', 'online'))
              ORDER BY e.at DESC LIMIT 1) AS after,
             (SELECT e.at FROM room_status e
              WHERE e.app_id = $1 AND e.room = $2 AND e.what = 'end' AND e.at > $3
                  AND NOT EXISTS (SELECT 1 FROM room_status b
                      WHERE b.app_id = $1 AND b.room = $2 AND b.at = e.at
                      AND b.what IN ('on', 'begin', 'online'))
              ORDER BY e.at LIMIT 1) AS until
         FROM rooms o WHERE o.app_id = $1 AND o.room = $2",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(at.as_millis())
    .fetch_one(conn)
    .await?;
    let row = Columns::new(&row, "room_status", "room");
    let after = row.opt_int("after")?.unwrap_or(i64::MIN);
    Ok((after, row.opt_int("until")?.unwrap_or(i64::MAX)))
}

async fn told(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    (after, until): (i64, i64),
) -> Result<Vec<Told>, StoreError> {
    let rows = query(
        "SELECT at, what, participant FROM room_status
         WHERE app_id = $1 AND room = $2 AND at > $3 AND at <= $4
         ORDER BY at, what, participant",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(after)
    .bind(until)
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Columns::new(row, "room_status", "participant");
            Ok(Told {
                at: row.time("at")?,
                what: row.word("what", What::parse)?,
                who: match row.text("participant")? {
                    nobody if nobody.is_empty() => None,
                    _ => Some(row.word("participant", |text| ParticipantId::new(text).ok())?),
                },
            })
        })
        .collect()
}

async fn known(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    (after, until): (i64, i64),
) -> Result<Vec<Meeting>, StoreError> {
    let rows = query(
        "SELECT id, began_at, ended_at FROM meetings WHERE app_id = $1 AND room = $2
         AND began_at > $3 AND began_at <= $4 ORDER BY began_at, id",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(after)
    .bind(until)
    .fetch_all(conn)
    .await?;
    rows.iter().map(Meeting::read).collect()
}

async fn stays(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    (after, until): (i64, i64),
) -> Result<HashSet<(MeetingId, Stay)>, StoreError> {
    let rows = query(
        "SELECT p.meeting_id, p.participant, p.joined_at, p.left_at, p.shares_screen
         FROM participants p JOIN meetings m ON m.id = p.meeting_id
         WHERE m.app_id = $1 AND m.room = $2 AND m.began_at > $3 AND m.began_at <= $4",
    )
    .bind(app.to_string())
    .bind(room.as_str())
    .bind(after)
    .bind(until)
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let row = Columns::new(row, "participants", "participant");
            let stay = Stay {
                who: row.word("participant", |text| ParticipantId::new(text).ok())?,
                joined_at: row.time("joined_at")?,
                left_at: row.opt_time("left_at")?,
                shares_screen: row.flag("shares_screen")?,
            };
            Ok((row.id("meeting_id")?, stay))
        })
        .collect()
}

/// Two rows of one meeting, which an older version made.
async fn forget(conn: &mut Conn, meeting: MeetingId) -> Result<(), StoreError> {
    query("DELETE FROM meetings WHERE id = $1")
        .bind(meeting.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

async fn keep(
    conn: &mut Conn,
    app: AppId,
    room: &RoomId,
    id: MeetingId,
    was: Option<Meeting>,
    shape: &Shape,
) -> Result<(), StoreError> {
    let now = Meeting {
        id,
        began_at: shape.began_at,
        ended_at: shape.ended_at,
    };
    if was == Some(now) {
        return Ok(());
    }
    let sql = if was.is_some() {
        "UPDATE meetings SET began_at = $4, ended_at = $5
         WHERE id = $1 AND app_id = $2 AND room = $3"
    } else {
        "INSERT INTO meetings (id, app_id, room, began_at, ended_at) VALUES ($1, $2, $3, $4, $5)"
    };
    query(sql)
        .bind(id.to_string())
        .bind(app.to_string())
        .bind(room.as_str())
        .bind(now.began_at.as_millis())
        .bind(now.ended_at.map(Timestamp::as_millis))
        .execute(conn)
        .await?;
    Ok(())
}

async fn settle_stays(
    conn: &mut Conn,
    had: &HashSet<(MeetingId, Stay)>,
    have: &HashSet<(MeetingId, Stay)>,
) -> Result<(), StoreError> {
    let key = |(meeting, stay): &(MeetingId, Stay)| (*meeting, stay.who.clone(), stay.joined_at);
    let kept: HashSet<_> = have.iter().map(key).collect();
    for (meeting, stay) in had.iter().filter(|one| !kept.contains(&key(one))) {
        query(
            "DELETE FROM participants
             WHERE meeting_id = $1 AND participant = $2 AND joined_at = $3",
        )
        .bind(meeting.to_string())
        .bind(stay.who.as_str())
        .bind(stay.joined_at.as_millis())
        .execute(&mut *conn)
        .await?;
    }
    // Nobody is in a meeting twice at a time: who left leaves first.
    let mut changed: Vec<_> = have.difference(had).collect();
    changed.sort_by_key(|(_, stay)| stay.left_at.is_none());
    for (meeting, stay) in changed {
        query(
            "INSERT INTO participants (meeting_id, participant, joined_at, left_at, shares_screen)
             VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (meeting_id, participant, joined_at) DO UPDATE SET
                 left_at = excluded.left_at, shares_screen = excluded.shares_screen",
        )
        .bind(meeting.to_string())
        .bind(stay.who.as_str())
        .bind(stay.joined_at.as_millis())
        .bind(stay.left_at.map(Timestamp::as_millis))
        .bind(i64::from(stay.shares_screen))
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}
