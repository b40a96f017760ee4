//! What a browser does with what it is told: it loads the rows of those rooms again.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use anyhow::Result;
use futures::StreamExt;
use reelroom_domain::{room_list::RoomRows, view::Presence};
use tokio::{sync::oneshot, time::sleep};

use crate::{
    events::{Heard, busy},
    server::Access,
};

/// As many rows as may be asked for at once.
const ROWS: usize = 100;

/// How many people an open page shows in each room that it was told of, when it is closed (`until`).
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
                while let Some(heard) = Heard::take(&mut text) {
                    match heard {
                        Heard::Resync => stale.extend(busy()?),
                        Heard::Room(room) => {
                            stale.insert(room);
                        }
                        Heard::Hello | Heard::Other => {}
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

/// These rooms, and how many people are in each.
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
