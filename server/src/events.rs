//! `GET /events`: what changed, as server-sent events that carry ids only.
//!
//! * `hello`: the stream is open; which build serves it. First, once.
//! * `change`: a room or a recording changed, sent after the commit. What changes within 100 ms is
//!   sent together, each thing once.
//! * `resync`: changes were missed, all that is shown has to be loaded again. A reader that is too
//!   slow gets it in place of what it had no time for.
//! * `beat`: the server's time, at once and every 15 seconds.
//!
//! Each change has an id. Who comes back with the last one (`Last-Event-ID`, as browsers do, or
//! `?since=`) is sent what came meanwhile.
//!
//! A session has at most [`crate::Limits::streams_per_session`] streams; one more is answered 429, and
//! the page tries again until another page is closed.

mod feed;

use std::{convert::Infallible, time::Duration};

use axum::{
    Extension,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use reelroom_service::{EndedSession, Service, SessionToken};
use serde::Deserialize;
use tokio::{
    sync::{broadcast, broadcast::error::RecvError},
    time::{Interval, MissedTickBehavior, interval},
};

pub(crate) use self::feed::Feed;
use self::feed::{Frame, Opening, resync};
use crate::quota::{Quota, Slot};

/// How often a stream says that it lives, and asks whether its session does.
const BEAT: Duration = Duration::from_secs(15);

/// From where to read on, for those who cannot set a header.
#[derive(Debug, Deserialize)]
pub(crate) struct Since {
    since: Option<String>,
}

pub(crate) async fn events(
    State(service): State<Service>,
    State(feed): State<Feed>,
    State(streams): State<Quota<SessionToken>>,
    Extension(token): Extension<SessionToken>,
    Query(asked): Query<Since>,
    headers: HeaderMap,
) -> Response {
    // The newest is refused: an older one that is ended would come back at once and end another.
    let Some(slot) = streams.take(Some(token.clone())) else {
        let later = [(header::RETRY_AFTER, "5")];
        return (StatusCode::TOO_MANY_REQUESTS, later).into_response();
    };
    let since = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok())
        .map(ToOwned::to_owned)
        .or(asked.since);
    let Opening { id, missed, frames } = feed.open(since.as_deref());
    let build = crate::assets::build_id();
    // Only where nothing was missed has the reader everything up to `id` with the hello.
    let reached = if missed.is_empty() {
        format!("id: {id}\n")
    } else {
        String::new()
    };
    let hello = format!("retry: 1000\n{reached}event: hello\ndata: {build}\n\n");
    let opening = stream::iter([Bytes::from(hello)].into_iter().chain(missed));
    let mut beats = interval(BEAT);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let live = Live {
        ends: service.session_ends(),
        service,
        feed,
        token,
        frames,
        beats,
        _slot: slot,
    };
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    let body = Body::from_stream(opening.chain(live.stream()).map(Ok::<_, Infallible>));
    // nginx would hold events back.
    (headers, [("x-accel-buffering", "no")], body).into_response()
}

/// One open stream. It holds no events: what is on its way lies in the socket, the rest in the ring
/// that all streams share.
struct Live {
    service: Service,
    feed: Feed,
    token: SessionToken,
    frames: broadcast::Receiver<Frame>,
    beats: Interval,
    ends: broadcast::Receiver<EndedSession>,
    _slot: Slot<SessionToken>,
}

impl Live {
    /// Ends with the session, and with the server.
    fn stream(self) -> impl Stream<Item = Bytes> {
        stream::unfold(self, |mut live| async move {
            let bytes = live.next().await?;
            Some((bytes, live))
        })
    }

    async fn next(&mut self) -> Option<Bytes> {
        loop {
            tokio::select! {
                frame = self.frames.recv() => return match frame {
                    Ok(frame) => Some(frame.bytes),
                    Err(RecvError::Lagged(_)) => Some(self.catch_up()),
                    Err(RecvError::Closed) => None,
                },
                _ = self.beats.tick() => {
                    if !self.may_listen().await {
                        return None;
                    }
                    let now = self.service.now().as_millis();
                    return Some(format!("event: beat\ndata: {now}\n\n").into());
                }
                ended = self.ends.recv() => {
                    let over = match ended {
                        Ok(ended) => ended.is_of(&self.token),
                        Err(RecvError::Lagged(_)) => !self.may_listen().await,
                        // The server ends.
                        Err(RecvError::Closed) => true,
                    };
                    if over {
                        return None;
                    }
                }
            }
        }
    }

    /// The reader was too slow: it loads everything and goes on from now.
    fn catch_up(&mut self) -> Bytes {
        let Opening { id, frames, .. } = self.feed.open(None);
        self.frames = frames;
        resync(&id)
    }

    /// Whether the session lasts. A database that does not answer ends no session.
    async fn may_listen(&self) -> bool {
        self.service.lasts(&self.token).await.unwrap_or(true)
    }
}
