//! What the writer of calls is sent.

use reelroom_domain::ids::CallId;
use reelroom_store::calls::NewCall;
use tokio::sync::oneshot;

/// What the writer of calls is asked for.
pub(crate) enum Request {
    /// Store a call.
    Append(NewCall, oneshot::Sender<CallId>),
    /// Take calls off the list of those that wait.
    Clear(Cleared),
}

/// Calls that were understood.
#[derive(Default)]
pub(crate) struct Cleared {
    pub done: Vec<CallId>,
    /// Those of which nothing is kept.
    pub delete: Vec<CallId>,
}

impl Cleared {
    pub fn extend(&mut self, more: Self) {
        self.done.extend(more.done);
        self.delete.extend(more.delete);
    }
}
