//! What people do with calls.

use leptos::prelude::*;

use crate::{
    error::ApiError,
    server_fns::{AssignCall, DealWithCall, ReplayAll, ReplayCall, SendTestCallback},
    whole::action::action,
    whole::components::ErrorNote,
};

/// The actions of the page.
#[derive(Clone, Copy)]
pub struct Actions {
    /// Read a call again.
    pub replay: ServerAction<ReplayCall>,
    /// Read all again that were not understood.
    pub replay_all: ServerAction<ReplayAll>,
    /// Tie a file to a recording.
    pub assign: ServerAction<AssignCall>,
    /// Say that a call is dealt with.
    pub deal: ServerAction<DealWithCall>,
    /// Send a test callback.
    pub test: ServerAction<SendTestCallback>,
}

impl Actions {
    /// None of them has been done.
    pub fn new() -> Self {
        Self {
            replay: action(),
            replay_all: action(),
            assign: action(),
            deal: action(),
            test: action(),
        }
    }

    /// Grows with everything that was done.
    pub fn version(self) -> usize {
        self.replay.version().get()
            + self.replay_all.version().get()
            + self.assign.version().get()
            + self.deal.version().get()
            + self.test.version().get()
    }

    /// What went wrong with what was done last of each.
    fn error(self) -> Option<ApiError> {
        [
            self.replay.value(),
            self.replay_all.value(),
            self.assign.value(),
            self.deal.value(),
            self.test.value(),
        ]
        .into_iter()
        .find_map(|value| value.get().and_then(Result::err))
    }
}

/// What went wrong.
#[component]
pub fn Failed() -> impl IntoView {
    let actions: Actions = expect_context();
    move || {
        actions
            .error()
            .map(|error| view! { <ErrorNote error=error /> })
    }
}
