//! Taking a call in: its raw bytes are durable before it is answered.

use std::{net::IpAddr, panic::AssertUnwindSafe, time::Duration};

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

/// How long a call waits to be stored before it is answered that it could not be.
const DEADLINE: Duration = Duration::from_secs(4);
/// How long a group of calls waits for the database; shorter, so that the others can be answered.
const WRITE_TIMEOUT: Duration = Duration::from_secs(3);
/// The most requests that one transaction takes.
const LARGEST_GROUP: usize = 256;

/// A call as it came.
#[derive(Debug, Clone)]
pub struct RawCall {
    /// Which call.
    pub kind: CallbackKind,
    /// The body, to the byte.
    pub body: Vec<u8>,
    /// Its `Content-Type` header.
    pub content_type: Option<String>,
    /// Its `Content-Encoding` header.
    pub content_encoding: Option<String>,
    /// Who sent it, as far as that can be believed.
    pub remote: Option<IpAddr>,
    /// What it brought as a secret: one of them is enough.
    pub secrets: Vec<String>,
    /// The app that its address names.
    pub app: Option<AppId>,
}

impl RawCall {
    /// The body with what its head says of it.
    pub(super) fn body(&self) -> Raw<'_> {
        Raw {
            body: &self.body,
            content_type: self.content_type.as_deref(),
            content_encoding: self.content_encoding.as_deref(),
        }
    }
}

/// The call is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its number.
    pub id: CallId,
    /// Whether it is JSON at all.
    pub well_formed: bool,
    /// What the platform is answered.
    pub reply: String,
}

/// The call was not kept.
#[derive(Debug, thiserror::Error)]
pub enum TakeInError {
    /// It showed neither secret nor token.
    #[error("wrong or no secret")]
    NotAllowed,
    /// It is packed, and unpacked it is more than a body may be.
    #[error("too large when unpacked")]
    TooLarge,
    /// The store cannot take it.
    #[error("not durable: {0}")]
    NotDurable(#[from] ServiceError),
}

/// The database did not answer in time.
struct Late;

impl Service {
    /// Counts a call that is not let in; of whatever it brings nothing is kept.
    pub fn reject(&self, remote: Option<IpAddr>) {
        let remote = remote.map(|address| address.to_string());
        self.0
            .rejected
            .record(remote.unwrap_or_default(), self.now());
    }

    /// Stores a call and says what to answer, within [`DEADLINE`]. It is understood later.
    pub async fn take_in(&self, raw: RawCall) -> Result<Taken, TakeInError> {
        let late = Err(TakeInError::NotDurable(ServiceError::Interrupted));
        timeout(DEADLINE, self.take_in_time(raw))
            .await
            .unwrap_or(late)
    }

    async fn take_in_time(&self, raw: RawCall) -> Result<Taken, TakeInError> {
        if !self.is_authorised(&raw).await? {
            self.reject(raw.remote);
            return Err(TakeInError::NotAllowed);
        }
        crash::point("allowed");
        let well_formed = match callback::check(&raw.body()) {
            Err(Undecodable::TooLarge) => return Err(TakeInError::TooLarge),
            checked => checked.is_ok(),
        };
        // Known before the call is stored: nothing may keep back an answer after that.
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
        Ok(Taken {
            id,
            well_formed,
            reply: reelroom_anyrtc::reply(form, well_formed, message),
        })
    }

    /// Puts calls on the list of those that wait that are newer than the newest that was understood.
    /// Some are not on it where the database is an older copy than that of the calls.
    pub(crate) async fn await_newer_calls(&self) -> Result<(), ServiceError> {
        if !self.0.store.has_calls_apart() {
            return Ok(());
        }
        let mut read = self.0.store.read().await?;
        let newest = inbox::newest(&mut read).await?;
        drop(read);
        let mut tx = self.0.store.write_calls().await?;
        let listed = calls::wait_after(&mut tx, newest).await?;
        tx.commit().await?;
        if listed > 0 {
            tracing::warn!(calls = listed, "callbacks to be understood again");
        }
        Ok(())
    }

    /// Stores a call; its number once it is durable.
    pub(crate) async fn append(&self, call: NewCall) -> Result<CallId, ServiceError> {
        let (done, stored) = oneshot::channel();
        let request = Request::Append(call, done);
        let sent = self.0.intake.send(request).await;
        sent.map_err(|_| ServiceError::Interrupted)?;
        stored.await.map_err(|_| ServiceError::Interrupted)
    }
}

/// Writes all calls that wait in one transaction, then all that came meanwhile in the next: each
/// waits for two commits at most, however many arrive at once.
///
/// The cost of a call, in this order: HTTP, its share of the commit (one sync of the disk and the
/// pages that the rows touch), its row, the hand-over between threads.
///
/// When the service closes, no further call is let in and those that wait are written.
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
            // No other call waits for a timeout of its own.
            while let Ok(request) = requests.try_recv() {
                if let Request::Clear(more) = request {
                    cleared.extend(more);
                }
            }
        }
    }
}

impl Service {
    /// Stores a group of calls and answers those that wait for it. Where it fails, the answers' senders
    /// are dropped, and what is to be cleared is left in `cleared` for the next group.
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
                    // A caller that has hung up has its call stored all the same.
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
        }
        crash::point("group-inserted");
        tx.commit().await?;
        crash::point("group-durable");
        Ok(ids)
    }
}
