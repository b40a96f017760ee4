//! The queue of the writer of calls.

use reelroom_domain::ids::CallId;
use reelroom_store::calls::NewCall;
use tokio::sync::oneshot;

/// A request to the writer of calls.
pub(crate) enum Request {
    /// Store a call.
    Append(NewCall, oneshot::Sender<CallId>),
    /// Take calls off the list of waiting ones.
    Clear(Cleared),
}

/// Calls that were understood.
#[derive(Default)]
pub(crate) struct Cleared {
    pub done: Vec<CallId>,
    /// Those to be deleted.
    pub delete: Vec<CallId>,
}

impl Cleared {
    pub fn extend(&mut self, more: Self) {
        self.done.extend(more.done);
        self.delete.extend(more.delete);
    }
}
