//! Sends callbacks.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use rand::Rng;
use reelroom_anyrtc::status;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE};
use url::Url;

use crate::{moves, payload::Payload, shared::Shared};

/// From a status callback that failed to its retry, if no event comes earlier.
const RETRY: Duration = Duration::from_secs(5);
/// Unsent events that are kept; older ones are dropped.
const MAX_PENDING: usize = 500;

/// Posts a callback once; the body of the answer is ignored, as the platform does.
pub(crate) async fn post(
    shared: &Shared,
    url: Url,
    payload: Payload,
) -> Result<(), reqwest::Error> {
    let mut call = shared.client.post(url);
    call = call.header(CONTENT_TYPE, payload.content_type);
    if let Some(encoding) = payload.content_encoding {
        call = call.header(CONTENT_ENCODING, encoding);
    }
    let answer = call.body(payload.body).send().await;
    let checked = answer.and_then(reqwest::Response::error_for_status);
    checked.map(drop).map_err(reqwest::Error::without_url)
}

/// Moves people, forever.
pub(crate) async fn move_people(shared: Arc<Shared>) {
    loop {
        // Between half and one and a half of the period, not to be in step with other timers.
        let factor = shared.state().platform.rng.random_range(0.5..1.5);
        tokio::time::sleep(shared.config.moves_every.mul_f64(factor)).await;
        moves::step(&mut shared.state().platform, Timestamp::now());
        shared.changed.notify_one();
    }
}

/// Sends status callbacks, forever. After a failure the present state of all rooms is sent, too.
pub(crate) async fn send_status(shared: Arc<Shared>) {
    let mut pending = Vec::new();
    let mut failing = false;
    loop {
        tokio::select! {
            () = shared.changed.notified() => {}
            () = tokio::time::sleep(RETRY), if failing => {}
        }
        let url = {
            let mut state = shared.state();
            pending.extend(state.platform.take_events());
            let url = state.addresses.status.clone();
            if url.is_some() && std::mem::take(&mut state.resend) {
                let mut present = state.platform.present();
                present.retain(|event| !pending.contains(event));
                pending.extend(present);
            }
            url
        };
        let Some(url) = url else {
            pending.clear();
            shared.state().resend = true;
            failing = false;
            continue;
        };
        if pending.is_empty() {
            continue;
        }
        let body = status::write(&pending).to_string();
        match post(&shared, url, Payload::json(body)).await {
            Ok(()) => {
                pending.clear();
                if failing {
                    tracing::info!("status callbacks succeed again");
                }
                failing = false;
            }
            Err(error) => {
                if !failing {
                    tracing::warn!(%error, "a status callback failed and is retried");
                }
                failing = true;
                shared.state().resend = true;
                let surplus = pending.len().saturating_sub(MAX_PENDING);
                pending.drain(..surplus);
            }
        }
    }
}
