//! Taking a call in: its raw bytes are durable before it is answered.

use std::{net::IpAddr, panic::AssertUnwindSafe};

use futures::FutureExt;
use reelroom_anyrtc::{callback, raw::Undecodable};
use reelroom_domain::{
    callback::CallbackKind,
    ids::{AppId, CallbackId},
};
use reelroom_store::{
    StoreError,
    callbacks::{self, RawCallback},
};
use tokio::sync::{mpsc, oneshot};

use crate::{Service, ServiceError, callbacks::crash};

/// A call as it came.
#[derive(Debug, Clone)]
pub struct RawCall {
    /// Which call.
    pub kind: CallbackKind,
    /// The body, to the byte.
    pub body: Vec<u8>,
    /// Its content type, as given.
    pub content_type: Option<String>,
    /// Who sent it, as far as that can be believed.
    pub remote: Option<IpAddr>,
    /// What it brought as a secret: one of them is enough.
    pub secrets: Vec<String>,
    /// The app that its address names.
    pub app: Option<AppId>,
}

/// The call is durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its number.
    pub id: CallbackId,
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

/// The group's transaction did not commit; the cause is in the log.
pub(crate) struct Lost;

/// A call that waits for the next commit.
pub(crate) struct Waiting {
    call: RawCallback,
    done: oneshot::Sender<Result<(), Lost>>,
}

fn named(remote: Option<IpAddr>) -> String {
    remote
        .map(|address| address.to_string())
        .unwrap_or_default()
}

impl Service {
    /// Counts a call that is not let in; of whatever it brings nothing is kept.
    pub fn turn_away(&self, remote: Option<IpAddr>) {
        self.0.turned_away.note(named(remote), self.now());
    }

    /// Keeps a call and says what to answer. Understanding it comes after.
    pub async fn take_in(&self, raw: RawCall) -> Result<Taken, TakeInError> {
        if !self.may_call(&raw).await? {
            self.turn_away(raw.remote);
            return Err(TakeInError::NotAllowed);
        }
        crash::point("allowed");
        let well_formed = match callback::check(&raw.body) {
            Err(Undecodable::TooLarge) => return Err(TakeInError::TooLarge),
            checked => checked.is_ok(),
        };
        let now = self.now();
        let id: CallbackId = self.0.chance.id(now);
        let call = RawCallback {
            id,
            kind: raw.kind,
            app: raw.app,
            received_at: now,
            remote: named(raw.remote),
            content_type: raw.content_type,
            body: raw.body,
        };
        let (done, written) = oneshot::channel();
        let lost = || TakeInError::NotDurable(ServiceError::Interrupted);
        self.0
            .intake
            .send(Waiting { call, done })
            .await
            .map_err(|_| lost())?;
        written.await.map_err(|_| lost())?.map_err(|Lost| lost())?;
        crash::point("answering");
        let form = self.reply_form(raw.app).await;
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
}

/// Writes all that wait in one transaction, then all that came meanwhile in the next: however many
/// call at once, each waits for two commits at most. What was written goes on to be understood.
///
/// Where the time of a call goes, in this order: HTTP, the share of the commit (one sync of the disk
/// and as many pages as the rows touch), the row itself (four indexes), the hand-over between
/// threads. So the rows of a group go with as few statements as there are bits in their number, each
/// prepared once.
pub(crate) async fn write_groups(service: Service, mut waiting: mpsc::Receiver<Waiting>) {
    const MOST: usize = 256;
    let mut group = Vec::with_capacity(MOST);
    while waiting.recv_many(&mut group, MOST).await > 0 {
        let (calls, done): (Vec<_>, Vec<_>) = group
            .drain(..)
            .map(|Waiting { call, done }| (call, done))
            .unzip();
        // Whatever goes wrong with this group, the next is written.
        let written = match AssertUnwindSafe(service.write(&calls)).catch_unwind().await {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::error!(%error, calls = calls.len(), "callbacks not durable");
                false
            }
            Err(_) => {
                tracing::error!(calls = calls.len(), "callbacks not durable: it panicked");
                false
            }
        };
        for done in done {
            // Who no longer waits has hung up; the call is kept all the same.
            let _ = done.send(if written { Ok(()) } else { Err(Lost) });
        }
        if written {
            service.0.backlog.add(calls);
            service.0.to_understand.notify_one();
        }
    }
}

impl Service {
    async fn write(&self, calls: &[RawCallback]) -> Result<(), StoreError> {
        let mut tx = self.0.store.write().await?;
        crash::point("group-begun");
        callbacks::insert_many(&mut tx, calls).await?;
        crash::point("group-inserted");
        tx.commit().await?;
        crash::point("group-durable");
        Ok(())
    }
}
