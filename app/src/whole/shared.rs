//! Memos that several parts of a page read.

use leptos::prelude::*;

/// Computes a memo at once, before parts of the page that are rendered on different threads read it.
///
/// On the server each part that waits for data is rendered by a task of its own, and two tasks that
/// compute the same memo at the same time panic: `reactive_graph` takes the value out of a memo for
/// as long as it computes the next one.
pub fn shared<T: Send + Sync + 'static>(memo: Memo<T>) -> Memo<T> {
    memo.with_untracked(|_| ());
    memo
}
