//! A thread of low priority for work that no request waits for.
//!
//! Everything that writes a lot belongs here: SQLite drops the cached pages of a connection when another
//! connection writes.

use std::{io, panic::resume_unwind, thread};

use reelroom_store::Store;
use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};
use tokio_util::task::AbortOnDropHandle;

use super::error::ServiceError;

/// The niceness of the thread and of its SQLite connections. With 19, the highest, other busy processes
/// would starve it.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// The thread. It ends when this is dropped.
pub(crate) struct Background {
    handle: Handle,
    /// The database, with connections that the thread opens. For tasks of the thread only.
    store: Store,
    _end: oneshot::Sender<()>,
}

impl Background {
    /// Starts the thread.
    pub async fn start(store: &Store) -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel();
        let (send, opened) = oneshot::channel();
        let store = store.clone();
        thread::Builder::new()
            .name("background".to_owned())
            .spawn(move || {
                // Elsewhere this concerns the whole process.
                #[cfg(target_os = "linux")]
                if let Err(error) = rustix::process::nice(NICENESS) {
                    tracing::warn!(%error, "the priority of a thread is not lowered");
                }
                runtime.block_on(async {
                    let _ = send.send(store.in_background());
                    let _ = ended.await;
                });
            })?;
        Ok(Self {
            handle,
            store: opened.await.map_err(io::Error::other)?,
            _end: end,
        })
    }

    /// Runs a task on the thread, until its end or until this future is dropped.
    pub async fn run<F, T>(&self, task: impl FnOnce(Store) -> F) -> Result<T, ServiceError>
    where
        F: Future<Output = Result<T, ServiceError>> + Send + 'static,
        T: Send + 'static,
    {
        let task = self.handle.spawn(task(self.store.clone()));
        let done = AbortOnDropHandle::new(task).await;
        done.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => Err(ServiceError::Interrupted),
        })
    }

    /// Closes the connections.
    pub async fn close(&self) {
        self.store.close().await;
    }
}
