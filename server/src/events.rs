//! `GET /events`: what changed, as server-sent events that carry ids only.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures::{Stream, StreamExt, stream};
use reelroom_service::Service;
use tokio_stream::wrappers::{BroadcastStream, errors::BroadcastStreamRecvError};

/// One `change` event for each change, and `resync` where some were missed: then a page loads again
/// all that it shows. Both are sent after the commit that they tell of.
pub(crate) async fn events(
    State(service): State<Service>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = BroadcastStream::new(service.changes()).map(|change| {
        Ok(match change {
            Ok(change) => Event::default()
                .event("change")
                .json_data(change)
                .unwrap_or_else(|_| Event::default().event("resync").data("")),
            Err(BroadcastStreamRecvError::Lagged(_)) => Event::default().event("resync").data(""),
        })
    });
    // The first event tells that the stream is open and by which build it is served.
    let hello = Event::default()
        .event("hello")
        .data(crate::assets::build_id())
        .retry(Duration::from_secs(1));
    Sse::new(stream::once(async { Ok(hello) }).chain(changes))
        .keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
