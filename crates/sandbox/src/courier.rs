//! Brings callbacks out: news of rooms, and finished files.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use jiff::Timestamp;
use reqwest::{
    StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use url::Url;

use crate::{life, parcel::Parcel, platform::News, shared::Shared, wire};

/// After a failed delivery of news, and nothing new: when to try again.
const RETRY: Duration = Duration::from_secs(5);
/// Untold news that are kept; older ones are forgotten.
const MOST_UNTOLD: usize = 500;

/// Why a callback did not get through.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Undelivered {
    /// Nobody answered.
    #[error("no answer: {0}")]
    NoAnswer(#[from] reqwest::Error),
    /// Somebody answered something else than a success.
    #[error("answered with {0}")]
    Status(StatusCode),
}

/// Makes one call, as the platform does: once, and only the status of the answer matters.
pub(crate) async fn post(
    shared: &Shared,
    url: Url,
    parcel: impl Into<Parcel>,
) -> Result<(), Undelivered> {
    let parcel = parcel.into();
    let mut call = shared
        .client
        .post(url)
        .header(CONTENT_TYPE, parcel.content_type);
    if let Some(packed) = parcel.packed {
        call = call.header(CONTENT_ENCODING, packed);
    }
    let status = call
        .body(parcel.body)
        .send()
        .await
        .map_err(reqwest::Error::without_url)?
        .status();
    if status.is_success() {
        Ok(())
    } else {
        Err(Undelivered::Status(status))
    }
}

/// Moves people, for ever.
pub(crate) async fn live(shared: Arc<Shared>, every: Duration) {
    loop {
        // Not in step with anything: between half and one and a half of the time.
        let share = u32::try_from(shared.platform().dice(1000)).unwrap_or(500);
        tokio::time::sleep(every / 2 + every * share / 1000).await;
        life::step(&mut shared.platform(), Timestamp::now());
        shared.changed.notify_one();
    }
}

/// Tells the news, for ever. After a failure all that is true is told again, so that whoever
/// was away knows everything.
pub(crate) async fn tell(shared: Arc<Shared>) {
    let mut untold: Vec<News> = Vec::new();
    let mut failing = false;
    loop {
        tokio::select! {
            () = shared.changed.notified() => {}
            () = tokio::time::sleep(RETRY), if failing => {}
        }
        untold.extend(shared.platform().take_news());
        let surplus = untold.len().saturating_sub(MOST_UNTOLD);
        untold.drain(..surplus);
        let url = shared.addresses().status.clone();
        let Some(url) = url else {
            untold.clear();
            shared.tell_all.store(true, Ordering::Relaxed);
            failing = false;
            continue;
        };
        let mut news = untold.clone();
        if shared.tell_all.swap(false, Ordering::Relaxed) {
            let mut present = shared.platform().present();
            present.retain(|one| !untold.contains(one));
            news.extend(present);
        }
        if news.is_empty() {
            continue;
        }
        match post(&shared, url, wire::status(&news)).await {
            Ok(()) => {
                untold.clear();
                if failing {
                    tracing::info!("status callbacks get through again");
                }
                failing = false;
            }
            Err(error) => {
                if !failing {
                    tracing::warn!(%error, "a status callback did not get through; it is tried again");
                }
                failing = true;
                shared.tell_all.store(true, Ordering::Relaxed);
            }
        }
    }
}
