//! Taking a call in: its raw bytes are durable before it is answered.

use std::net::IpAddr;

use reelroom_domain::{
    callback::CallbackKind,
    ids::{AppId, CallbackId},
};
use reelroom_store::{
    Store, StoreError,
    callbacks::{self, RawCallback},
};
use tokio::sync::{mpsc, oneshot};

use crate::{Service, ServiceError};

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
    /// The secret that it brought.
    pub secret: Option<String>,
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

impl Service {
    /// Keeps a call and says what to answer. Understanding it comes after.
    pub async fn take_in(&self, raw: RawCall) -> Result<Taken, TakeInError> {
        if !self.may_call(&raw).await? {
            return Err(TakeInError::NotAllowed);
        }
        let well_formed = reelroom_anyrtc::callback::is_json(&raw.body);
        let now = self.now();
        let id: CallbackId = self.0.chance.id(now);
        let call = RawCallback {
            id,
            kind: raw.kind,
            app: raw.app,
            received_at: now,
            remote: raw
                .remote
                .map(|address| address.to_string())
                .unwrap_or_default(),
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
        self.0.to_understand.notify_one();
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

    async fn reply_form(&self, app: Option<AppId>) -> reelroom_anyrtc::ReplyForm {
        match self.app_called(app).await {
            Ok(app) => app.reply_form.parse().unwrap_or_default(),
            Err(_) => reelroom_anyrtc::ReplyForm::default(),
        }
    }
}

/// Writes all that wait in one transaction, then all that came meanwhile in the next: however many
/// call at once, each waits for two commits at most.
pub(crate) async fn write_groups(store: Store, mut waiting: mpsc::Receiver<Waiting>) {
    const MOST: usize = 256;
    let mut group = Vec::with_capacity(MOST);
    while waiting.recv_many(&mut group, MOST).await > 0 {
        let (calls, done): (Vec<_>, Vec<_>) = group
            .drain(..)
            .map(|Waiting { call, done }| (call, done))
            .unzip();
        let written = write(&store, &calls).await;
        if let Err(error) = &written {
            tracing::error!(%error, calls = calls.len(), "callbacks not durable");
        }
        for done in done {
            // Who no longer waits has hung up; the call is kept all the same.
            let _ = done.send(if written.is_ok() { Ok(()) } else { Err(Lost) });
        }
    }
}

async fn write(store: &Store, calls: &[RawCallback]) -> Result<(), StoreError> {
    let mut tx = store.write().await?;
    callbacks::insert_many(&mut tx, calls).await?;
    tx.commit().await
}
