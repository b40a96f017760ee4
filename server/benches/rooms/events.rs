//! Status events with many open event streams.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use futures::StreamExt;
use reelroom_anyrtc::status::{self, StatusEvent, What};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
    time::sleep,
};

use crate::{
    BUSY, CALL, EVENTS, EVENTS_A_SECOND, SECRET, STREAMS, STREAMS_A_SESSION, now, page, quantile,
    seed::room, server::Server,
};

/// The rooms with events, which are empty at first.
pub fn busy() -> Result<Vec<String>> {
    (0..BUSY)
        .map(|number| Ok(room(number * 10 + 1)?.to_string()))
        .collect()
}

/// An event of a stream.
pub enum Event {
    /// The stream is open.
    Hello,
    /// Everything has to be reloaded.
    Resync,
    /// This room has changed.
    Room(String),
    /// Any other event.
    Other,
}

impl Event {
    /// Takes the first complete event off the received text.
    pub fn take(text: &mut String) -> Option<Self> {
        let end = text.find("\n\n")?;
        let event: String = text.drain(..end + 2).collect();
        Some(if event.contains("event: hello") {
            Self::Hello
        } else if event.contains("event: resync") {
            Self::Resync
        } else if let Some((_, rest)) = event.split_once("\"room\":\"") {
            Self::Room(rest.split('"').next().unwrap_or_default().to_owned())
        } else {
            Self::Other
        })
    }
}

/// The time at which a stream sent a change of a room.
struct Notice {
    stream: usize,
    room: String,
    at: Instant,
}

pub async fn events(server: &Server, missed: &mut Vec<String>) -> Result<()> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let open = Arc::new(AtomicUsize::new(0));
    let resyncs = Arc::new(AtomicUsize::new(0));
    let mut streams = JoinSet::new();
    let mut access = server.access.clone();
    for number in 0..STREAMS {
        if number.is_multiple_of(STREAMS_A_SESSION) {
            access = access.signed_in().await?;
        }
        let answer = access.events().await?;
        let (sender, open, resyncs) = (sender.clone(), Arc::clone(&open), Arc::clone(&resyncs));
        streams.spawn(async move {
            let mut bytes = answer.bytes_stream();
            let mut text = String::new();
            while let Some(Ok(chunk)) = bytes.next().await {
                let at = Instant::now();
                text.push_str(&String::from_utf8_lossy(&chunk));
                while let Some(event) = Event::take(&mut text) {
                    match event {
                        Event::Hello => {
                            open.fetch_add(1, Ordering::Relaxed);
                        }
                        Event::Resync => {
                            resyncs.fetch_add(1, Ordering::Relaxed);
                        }
                        Event::Room(room) => {
                            let stream = number;
                            // The receiver is gone when the bench is over.
                            let _ = sender.send(Notice { stream, room, at });
                        }
                        Event::Other => {}
                    }
                }
            }
        });
    }
    drop(sender);
    while open.load(Ordering::Relaxed) < STREAMS {
        sleep(Duration::from_millis(10)).await;
    }
    let (before, _) = server.costs()?;
    let begun = Instant::now();
    let (done, until) = oneshot::channel();
    let page = tokio::spawn(page::follow(server.access.clone(), until));
    let (sent, last) = post_events(server).await?;
    let took = begun.elapsed().as_secs_f64();

    // Each stream has to send each room after its last event.
    let mut waiting: HashMap<(usize, String), Instant> = (0..STREAMS)
        .flat_map(|stream| {
            last.iter()
                .map(move |(room, at)| ((stream, room.clone()), *at))
        })
        .collect();
    let mut latencies = Vec::new();
    let patience = Instant::now() + Duration::from_mins(1);
    while !waiting.is_empty() {
        let next = tokio::time::timeout_at(patience.into(), receiver.recv()).await;
        let Ok(Some(Notice { stream, room, at })) = next else {
            break;
        };
        if let Some(events) = sent.get(&room) {
            // The latest event that was sent before the change.
            if let Some(event) = events.iter().rfind(|event| **event <= at) {
                latencies.push(at.duration_since(*event).as_secs_f64() * 1000.0);
            }
        }
        let key = (stream, room);
        if waiting.get(&key).is_some_and(|last| *last <= at) {
            waiting.remove(&key);
        }
    }
    let (after, memory) = server.costs()?;
    let whole = begun.elapsed().as_secs_f64();
    let count = BUSY * EVENTS;
    let rate = f64::from(u32::try_from(count)?) / took;
    println!(
        "{count} status events at {rate:.0} a second to {STREAMS} streams: notice after {:.0} ms at the median, {:.0} ms at 99 %; {} reloads of everything; {:.0} % of a processor, {memory:.0} MiB",
        quantile(&mut latencies, 0.5),
        quantile(&mut latencies, 0.99),
        resyncs.load(Ordering::Relaxed),
        (after - before) / whole * 100.0,
    );
    // An open page shows what was understood last within three seconds.
    sleep(Duration::from_secs(3)).await;
    // Where nobody listens, it ended with an error of its own.
    let _ = done.send(());
    let shown = page.await??;
    let busy = shown.iter().filter(|(room, _)| last.contains_key(*room));
    let (new, old): (Vec<_>, Vec<_>) = busy.partition(|(_, people)| **people == EVENTS);
    if new.is_empty() || !old.is_empty() {
        missed.push(format!(
            "a page showed the last state of these rooms: {new:?}; an older one of these: {old:?}"
        ));
    }
    if !waiting.is_empty() {
        missed.push(format!("{} times a last state was not sent", waiting.len()));
    }
    #[expect(clippy::cast_precision_loss, reason = "a thousand")]
    if rate < EVENTS_A_SECOND as f64 * 0.95 {
        missed.push(format!("{rate:.0} events a second, not {EVENTS_A_SECOND}"));
    }
    streams.abort_all();
    Ok(())
}

/// The times at which the events of each room were sent, and the last one of each.
type Sent = (HashMap<String, Vec<Instant>>, HashMap<String, Instant>);

/// Posts events at a fixed rate, whatever the response times.
async fn post_events(server: &Server) -> Result<Sent> {
    let mut sent: HashMap<String, Vec<Instant>> = HashMap::new();
    let mut calls = JoinSet::new();
    let begun = Instant::now();
    let rooms = busy()?;
    let a_call = Duration::from_secs(1) * u32::try_from(CALL)? / u32::try_from(EVENTS_A_SECOND)?;
    for call in 0..BUSY * EVENTS / CALL {
        sleep((begun + a_call * u32::try_from(call)?).saturating_duration_since(Instant::now()))
            .await;
        let mut events = Vec::new();
        for number in call * CALL..(call + 1) * CALL {
            let (round, room) = (number / BUSY, &rooms[number % BUSY]);
            events.push(StatusEvent {
                room: room.clone(),
                user: Some(format!("u{round}")),
                at_ms: Some(now().as_millis()),
                what: What::Online,
                user_data: None,
            });
            sent.entry(room.clone()).or_default().push(Instant::now());
        }
        let request = server
            .access
            .post(&format!("/{SECRET}/AR/V1/status"))
            .body(status::write(&events).to_string());
        calls.spawn(async move { Ok::<_, reqwest::Error>(request.send().await?.status()) });
    }
    while let Some(answer) = calls.join_next().await {
        let status = answer??;
        if !status.is_success() {
            bail!("a status call was answered with {status}");
        }
    }
    let last = sent
        .iter()
        .filter_map(|(room, events)| Some((room.clone(), *events.last()?)))
        .collect();
    Ok((sent, last))
}
