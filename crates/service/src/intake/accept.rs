//! Accepting a call: its raw bytes are durable before the answer.

use std::{
    net::IpAddr,
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use futures::FutureExt;
use reelroom_anyrtc::{
    callback,
    raw::{Raw, Undecodable},
};
use reelroom_domain::{
    callback::CallbackKind,
    ids::{AppId, CallId},
};
use reelroom_store::{
    StoreError,
    calls::{self, Call, NewCall},
    inbox,
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::{
    Service, ServiceError,
    ground::{
        crash,
        jobs::Job,
        queue::{Cleared, Request},
    },
};

/// The timeout of storing a call.
const DEADLINE: Duration = Duration::from_secs(4);
/// The timeout of writing a group of calls; shorter, so that all can be answered in time.
const WRITE_TIMEOUT: Duration = Duration::from_secs(3);
/// The most requests that one transaction takes.
const LARGEST_GROUP: usize = 256;

/// A call as received.
#[derive(Debug, Clone)]
pub struct RawCall {
    /// The kind of call.
    pub kind: CallbackKind,
    /// The body, unchanged.
    pub body: Vec<u8>,
    /// Its `Content-Type` header.
    pub content_type: Option<String>,
    /// Its `Content-Encoding` header.
    pub content_encoding: Option<String>,
    /// The address of its sender, as far as it can be trusted.
    pub remote: Option<IpAddr>,
    /// The possible secrets in its address, of which one is enough.
    pub secrets: Vec<String>,
    /// The app that its address names.
    pub app: Option<AppId>,
}

impl RawCall {
    /// The body with its content headers.
    pub(super) fn body(&self) -> Raw<'_> {
        Raw {
            body: &self.body,
            content_type: self.content_type.as_deref(),
            content_encoding: self.content_encoding.as_deref(),
        }
    }
}

/// A call that is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Its number.
    pub id: CallId,
    /// Whether it is JSON, or a check of the address.
    pub well_formed: bool,
    /// The answer for the platform.
    pub reply: String,
}

/// The call was not stored.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// It has neither a valid secret nor a valid token.
    #[error("wrong or no secret")]
    NotAllowed,
    /// It is larger than the limit once it is decompressed.
    #[error("too large when unpacked")]
    TooLarge,
    /// It could not be stored in time.
    #[error("not durable: {0}")]
    NotDurable(#[from] ServiceError),
}

/// The timeout of a group.
struct Late;

impl Service {
    /// Counts a rejected call. Nothing of it is stored.
    pub fn reject(&self, remote: Option<IpAddr>) {
        self.0.metrics.rejected.inc();
        let remote = remote.map(|address| address.to_string());
        self.0
            .rejected
            .record(remote.unwrap_or_default(), self.now());
    }

    /// Stores a call, to be understood later, within [`DEADLINE`].
    pub async fn accept_call(&self, raw: RawCall) -> Result<Accepted, AcceptError> {
        let begun = Instant::now();
        let late = Err(AcceptError::NotDurable(ServiceError::Interrupted));
        let accepted = timeout(DEADLINE, self.accept_in_time(raw))
            .await
            .unwrap_or(late);
        match &accepted {
            Ok(_) => self.0.metrics.count_acknowledged(begun.elapsed()),
            Err(AcceptError::NotDurable(_)) => self.0.metrics.count_not_stored(),
            Err(_) => {}
        }
        accepted
    }

    async fn accept_in_time(&self, raw: RawCall) -> Result<Accepted, AcceptError> {
        if !self.is_authorised(&raw).await? {
            self.reject(raw.remote);
            return Err(AcceptError::NotAllowed);
        }
        crash::point("allowed");
        let well_formed = match callback::check(&raw.body()) {
            Err(Undecodable::TooLarge) => return Err(AcceptError::TooLarge),
            // Without a body it is a check of the address.
            checked => checked.is_ok() || raw.body.is_empty(),
        };
        // Before the call is stored: after that, nothing may delay the answer.
        let form = self.reply_form(raw.app).await;
        let remote = raw.remote.map(|address| address.to_string());
        let id = self
            .append(NewCall {
                kind: raw.kind,
                app: raw.app,
                received_at: self.now(),
                remote: remote.unwrap_or_default(),
                content_type: raw.content_type,
                content_encoding: raw.content_encoding,
                looked_up: false,
                body: raw.body,
            })
            .await?;
        crash::point("answering");
        let message = if well_formed {
            "kept"
        } else {
            "not JSON; kept as it came"
        };
        Ok(Accepted {
            id,
            well_formed,
            reply: reelroom_anyrtc::reply(form, well_formed, message),
        })
    }

    /// Lists calls as waiting that are newer than the newest one that was understood: the main database
    /// may be an older copy than that of the calls.
    pub(crate) async fn await_newer_calls(&self) -> Result<(), ServiceError> {
        if !self.0.store.has_calls_apart() {
            return Ok(());
        }
        let newest = inbox::newest(&mut *self.0.store.read().await?).await?;
        let mut tx = self.0.store.write_calls().await?;
        let listed = calls::wait_after(&mut tx, newest).await?;
        tx.commit().await?;
        if listed > 0 {
            tracing::warn!(calls = listed, "callbacks to be understood again");
        }
        Ok(())
    }

    /// Stores a call and returns its number once it is durable.
    pub(crate) async fn append(&self, call: NewCall) -> Result<CallId, ServiceError> {
        let (done, stored) = oneshot::channel();
        let request = Request::Append(call, done);
        let sent = self.0.intake.send(request).await;
        sent.map_err(|_| ServiceError::Interrupted)?;
        stored.await.map_err(|_| ServiceError::Interrupted)
    }
}

/// Writes all calls in the queue in one transaction, then those that came meanwhile in the next: each
/// waits for at most two commits.
///
/// The cost of a call, largest first: HTTP, its share of the commit (one sync of the disk and the pages
/// of its rows), its row, the exchange between threads.
///
/// When the service closes, the queue is closed and drained.
pub(crate) async fn write_groups(service: Service, mut requests: mpsc::Receiver<Request>) {
    let mut group = Vec::with_capacity(LARGEST_GROUP);
    let mut cleared = Cleared::default();
    loop {
        let received = tokio::select! {
            received = requests.recv_many(&mut group, LARGEST_GROUP) => received,
            () = service.0.jobs.closing(), if !requests.is_closed() => {
                requests.close();
                continue;
            }
        };
        if received == 0 {
            break;
        }
        if let Err(Late) = service.write_group(&mut group, &mut cleared).await {
            // The others in the queue are answered as well, without a timeout each.
            while let Ok(request) = requests.try_recv() {
                if let Request::Clear(more) = request {
                    cleared.extend(more);
                }
            }
        }
    }
}

impl Service {
    /// Stores a group of calls and answers their senders. If it fails, the channels of the answers are
    /// dropped, and `cleared` is kept for the next group.
    async fn write_group(
        &self,
        group: &mut Vec<Request>,
        cleared: &mut Cleared,
    ) -> Result<(), Late> {
        let (mut calls, mut waiting) = (Vec::new(), Vec::new());
        for request in group.drain(..) {
            match request {
                Request::Append(call, answer) => {
                    calls.push(call);
                    waiting.push(answer);
                }
                Request::Clear(more) => cleared.extend(more),
            }
        }
        let write = AssertUnwindSafe(self.write(&calls, cleared)).catch_unwind();
        match timeout(WRITE_TIMEOUT, write).await {
            Ok(Ok(Ok(ids))) => {
                *cleared = Cleared::default();
                for (answer, id) in waiting.into_iter().zip(&ids) {
                    // The call of a sender that has disconnected is stored all the same.
                    let _ = answer.send(*id);
                }
                if !ids.is_empty() {
                    if self.0.store.has_calls_apart() {
                        let stored = ids.into_iter().zip(calls);
                        self.0
                            .fresh
                            .add(stored.map(|(id, content)| Call { id, content }));
                    }
                    self.wake(Job::Understand);
                }
            }
            Ok(Ok(Err(error))) => {
                tracing::error!(%error, calls = calls.len(), "callbacks not stored");
            }
            Ok(Err(_)) => tracing::error!(calls = calls.len(), "callbacks not stored: a panic"),
            Err(_) => {
                tracing::error!(
                    calls = calls.len(),
                    "callbacks not stored: no answer in time"
                );
                return Err(Late);
            }
        }
        Ok(())
    }

    async fn write(&self, new: &[NewCall], cleared: &Cleared) -> Result<Vec<CallId>, StoreError> {
        let mut tx = self.0.store.write_calls().await?;
        crash::point("group-begun");
        let ids = calls::append(&mut tx, new).await?;
        if !cleared.done.is_empty() {
            calls::clear_waiting(&mut tx, &cleared.done).await?;
            calls::delete(&mut tx, &cleared.delete).await?;
            crash::point("waiting-cleared");
        }
        crash::point("group-inserted");
        tx.commit().await?;
        crash::point("group-durable");
        Ok(ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{new_call, sqlite, without_jobs};

    #[tokio::test]
    async fn when_a_group_fails_by_timeout_the_whole_queue_is_answered() {
        let (service, _, _folder) = without_jobs(sqlite, 0).await;
        let (intake, requests) = mpsc::channel(4 * LARGEST_GROUP);
        let writer = tokio::spawn(write_groups(service.clone(), requests));
        // Without `accept_call`, which has a timeout for each call.
        let append = || {
            let call = new_call(CallbackKind::Av, service.now(), b"{}");
            let (done, stored) = oneshot::channel();
            assert!(intake.try_send(Request::Append(call, done)).is_ok());
            stored
        };
        let other = service.0.store.write_calls().await.unwrap();
        let begun = Instant::now();
        let waiting: Vec<_> = (0..3 * LARGEST_GROUP).map(|_| append()).collect();
        for stored in waiting {
            assert!(stored.await.is_err());
        }
        // Three groups, one after the other, would take three timeouts.
        let taken = begun.elapsed();
        assert!(
            (WRITE_TIMEOUT..2 * WRITE_TIMEOUT).contains(&taken),
            "{taken:?}"
        );
        other.commit().await.unwrap();
        assert!(append().await.is_ok());
        drop(intake);
        writer.await.unwrap();
        service.close().await;
    }
}
