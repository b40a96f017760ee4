//! What a browser does on a change: it requests its page again, as soon as the server
//! lets it.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use futures::StreamExt;
use tokio::{sync::oneshot, time::sleep_until};

use crate::{events::Event, server::Access};

/// How long changes are gathered.
const GATHER: Duration = Duration::from_millis(120);

/// The number of people that an open list, as it is by default, shows in each of its rooms when it is closed
/// (`until`).
pub async fn follow(
    server: Access,
    mut until: oneshot::Receiver<()>,
) -> Result<HashMap<String, usize>> {
    let mut stream = server.events().await?.bytes_stream();
    let (mut text, mut shown) = (String::new(), HashMap::new());
    let (mut due, mut earliest) = (None, Instant::now());
    loop {
        tokio::select! {
            chunk = stream.next() => {
                let Some(chunk) = chunk else { break };
                text.push_str(&String::from_utf8_lossy(&chunk?));
                while let Some(event) = Event::take(&mut text) {
                    if matches!(event, Event::Resync | Event::Room(_)) {
                        due.get_or_insert_with(|| earliest.max(Instant::now() + GATHER));
                    }
                }
            }
            () = sleep_until(due.unwrap_or(earliest).into()), if due.is_some() => {
                due = None;
                let pause;
                (shown, pause) = load(&server).await?;
                earliest = Instant::now() + pause;
            }
            _ = &mut until => break,
        }
    }
    Ok(shown)
}

/// The live rooms, the number of people in each, and the pause before the list may be requested again.
async fn load(server: &Access) -> Result<(HashMap<String, usize>, Duration)> {
    let answer = server.get("/?show=live").send().await?.error_for_status()?;
    let header = answer.headers().get("refresh-after");
    let pause = header.context("no pause")?.to_str()?.parse()?;
    let page = answer.text().await?;
    let mut shown = HashMap::new();
    for row in page.split("<div id=\"row-").skip(1) {
        let room = row.split('"').next().unwrap_or_default();
        let people = row.split_once("<span class=\"num\">");
        let people = people.and_then(|(_, rest)| rest.split('<').next());
        shown.insert(room.to_owned(), people.context("nobody")?.parse()?);
    }
    Ok((shown, Duration::from_millis(pause)))
}
