//! `GET /events`: changes as server-sent events with ids only.
//!
//! * `hello`: the first event, with the id of the build.
//! * `change`: a room or a recording changed that the account may know of; sent after the commit. The
//!   changes within 100 ms are sent together, without repetitions.
//! * `resync`: changes were missed, or the grants of the account have changed, so the page reloads
//!   everything. A slow reader gets it in place of the changes that it missed.
//! * `beat`: the server's time, at once and every 15 seconds.
//!
//! Each change has an id. A client that reconnects with the last one (`Last-Event-ID`, as browsers do,
//! or `?since=`) gets the changes since then.
//!
//! A session has at most [`crate::Limits::streams_per_session`] streams; one more is answered 429, and
//! the page tries again until another page is closed.

mod feed;

use std::{convert::Infallible, mem, sync::Arc, time::Duration};

use axum::{
    Extension,
    body::Body,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use reelroom_service::{EndedSession, Principal, Service, SessionToken};
use serde::Deserialize;
use tokio::{
    sync::{broadcast, broadcast::error::RecvError},
    time::{Interval, MissedTickBehavior, interval},
};

pub(crate) use self::feed::Feed;
use self::feed::{Frame, Opening, resync};
use crate::{
    header_text::header_text,
    quota::{Quota, Slot},
};

/// The period of `beat` events, and of checks of the session and its access.
const BEAT: Duration = Duration::from_secs(15);

/// The last event, for clients that cannot set a header.
#[derive(Debug, Deserialize)]
pub(crate) struct Since {
    since: Option<String>,
}

pub(crate) async fn events(
    State(service): State<Service>,
    State(feed): State<Feed>,
    State(streams): State<Quota<SessionToken>>,
    Extension(token): Extension<SessionToken>,
    Extension(by): Extension<Principal>,
    Query(asked): Query<Since>,
    headers: HeaderMap,
) -> Response {
    // The newest is rejected: an older one, if it were closed, would reconnect at once.
    let Some(slot) = streams.take(Some(token.clone())) else {
        let later = [(header::RETRY_AFTER, "5")];
        return (StatusCode::TOO_MANY_REQUESTS, later).into_response();
    };
    let since = header_text(&headers, "last-event-id").or(asked.since.as_deref());
    let Opening { id, missed, frames } = feed.open(since, &by);
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
        by,
        frames,
        beats,
        _slot: slot,
    };
    let headers = [(header::CONTENT_TYPE, "text/event-stream")];
    let body = Body::from_stream(opening.chain(live.stream()).map(Ok::<_, Infallible>));
    // nginx would hold events back.
    (headers, [("x-accel-buffering", "no")], body).into_response()
}

/// One open stream. It holds no events: they are in the socket's buffer or in the ring buffer that all
/// streams share.
struct Live {
    service: Service,
    feed: Feed,
    token: SessionToken,
    by: Principal,
    frames: broadcast::Receiver<Arc<Frame>>,
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
                frame = self.frames.recv() => match frame {
                    Ok(frame) => {
                        let events = self.events(&frame).await?;
                        if !events.is_empty() {
                            return Some(events);
                        }
                    }
                    Err(RecvError::Lagged(_)) => return self.catch_up().await,
                    Err(RecvError::Closed) => return None,
                },
                _ = self.beats.tick() => {
                    if self.read_access().await? {
                        return Some(resync(&self.feed.last()));
                    }
                    let now = self.service.now().as_millis();
                    return Some(format!("event: beat\ndata: {now}\n\n").into());
                }
                ended = self.ends.recv() => match ended {
                    Ok(ended) if ended.is_of(&self.token) => return None,
                    Ok(_) => {}
                    // Its end may be among those that were missed.
                    Err(RecvError::Lagged(_)) => self.beats.reset_immediately(),
                    // The server ends.
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// The events of a frame, which may be empty.
    async fn events(&mut self, frame: &Frame) -> Option<Bytes> {
        if frame.may_change(self.by.user) && self.read_access().await? {
            return Some(resync(&frame.id));
        }
        Some(frame.events_for(&self.by))
    }

    /// The reader was too slow: it loads everything and goes on from now.
    async fn catch_up(&mut self) -> Option<Bytes> {
        let Opening { id, frames, .. } = self.feed.open(None, &self.by);
        self.frames = frames;
        self.read_access().await?;
        Some(resync(&id))
    }

    /// Reads the access of the account, and returns whether it has changed; `None` if the session has
    /// ended, or the account must switch a second factor on first. A database that does not answer ends no session.
    async fn read_access(&mut self) -> Option<bool> {
        let Ok(found) = self.service.principal_of_open_page(&self.token).await else {
            return Some(false);
        };
        let found = found.filter(|by| !by.needs_second_factor);
        let before = mem::replace(&mut self.by, found?);
        Some(before.access != self.by.access)
    }
}
