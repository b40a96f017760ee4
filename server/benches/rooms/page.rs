//! An open page: it reloads the rows of changed rooms.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use anyhow::Result;
use futures::StreamExt;
use reelroom_domain::{room_list::RoomRows, view::Presence};
use tokio::{sync::oneshot, time::sleep};

use crate::{
    events::{Event, busy},
    server::Access,
};

/// The most rows of one request.
const ROWS: usize = 100;

/// Follows an event stream as a page does, until `until`. Returns the number of people in each
/// changed room.
pub async fn follow(
    server: Access,
    mut until: oneshot::Receiver<()>,
) -> Result<HashMap<String, usize>> {
    let mut stream = server.events().await?.bytes_stream();
    let (mut text, mut stale, mut shown) = (String::new(), HashSet::new(), HashMap::new());
    loop {
        tokio::select! {
            chunk = stream.next() => {
                let Some(chunk) = chunk else { break };
                text.push_str(&String::from_utf8_lossy(&chunk?));
                while let Some(event) = Event::take(&mut text) {
                    match event {
                        Event::Resync => stale.extend(busy()?),
                        Event::Room(room) => {
                            stale.insert(room);
                        }
                        Event::Hello | Event::Other => {}
                    }
                }
            }
            () = sleep(Duration::from_millis(50)), if !stale.is_empty() => {
                let some: Vec<String> = stale.iter().take(ROWS).cloned().collect();
                stale.retain(|room| !some.contains(room));
                shown.extend(load(&server, &some).await?);
            }
            _ = &mut until => break,
        }
    }
    Ok(shown)
}

/// The number of people in each of these rooms.
async fn load(server: &Access, rooms: &[String]) -> Result<Vec<(String, usize)>> {
    let rooms = rooms.iter().enumerate();
    let rooms = rooms.map(|(index, room)| (format!("rooms[{index}]"), room.clone()));
    let all = ["show", "search"].map(|name| (name.to_owned(), String::new()));
    let form: Vec<_> = all.into_iter().chain(rooms).collect();
    let rows: RoomRows = server
        .post("/fn/rooms_rows")
        .header("accept", "application/json")
        .form(&form)
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    let people = |presence| match presence {
        Presence::Live { people, .. } => people,
        Presence::Empty => 0,
    };
    let rows = rows.rooms.into_iter();
    rows.map(|row| Ok((row.room.to_string(), usize::try_from(people(row.presence))?)))
        .collect()
}
