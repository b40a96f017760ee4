//! "Replay all": the button, and its progress.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    inbox::{Inbox, InboxTab, Replaying},
    user::Role,
};

use super::address::Address;
use crate::{
    components::{Glyph, Icon},
    i18n::Locale,
    server_fns::ReplayAll,
    this_page::locale,
};

/// Replays all calls that were not understood. Absent if there are none, during a replay, and for accounts
/// without the permission.
pub fn replay_all_button(inbox: &Inbox, here: &Address) -> impl IntoView + use<> {
    let is_open = inbox.count(InboxTab::Unrecognised) + inbox.count(InboxTab::Malformed) > 0;
    let runs = inbox.replaying.as_ref();
    let runs = runs.is_some_and(|run| run.ended_at.is_none());
    let back = here.back();
    (inbox.role == Role::Admin && is_open && !runs).then(|| {
        view! {
            <form method="post" action=ReplayAll::url()>
                {back}
                <button class="btn quiet">
                    <Icon glyph=Glyph::Refresh />
                    {say!(locale(), callbacks.replay_all.button)}
                </button>
            </form>
        }
    })
}

/// The progress of the last run, during the run and for a while after.
#[component]
pub fn Progress(run: Replaying) -> impl IntoView {
    let locale = locale();
    let bar = run.ended_at.is_none().then(|| {
        view! {
            <progress
                value=run.done
                max=run.total.max(1)
                aria-label=say!(locale, callbacks.replay_all.progress)
            ></progress>
        }
    });
    view! {
        <p class="cb-run">
            {bar} <span>{outcome(locale, &run)}</span>
        </p>
    }
}

fn outcome(locale: Locale, run: &Replaying) -> String {
    let (done, total) = (run.done.to_string(), run.total.to_string());
    let understood = run.understood.to_string();
    match (run.ended_at, run.broken) {
        (None, _) => say!(
            locale,
            callbacks.replay_all.running,
            done = done,
            total = total,
            by = run.by.clone()
        ),
        (Some(_), false) => say!(
            locale,
            callbacks.replay_all.ended,
            done = done,
            understood = understood
        ),
        (Some(_), true) => say!(
            locale,
            callbacks.replay_all.broken,
            done = done,
            total = total
        ),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn it_says_what_came_of_it() {
        let run = |ended: bool, broken| Replaying {
            total: 9,
            done: 4,
            understood: 3,
            broken,
            by: "u1001".to_owned(),
            ended_at: ended.then(|| Timestamp::from_millis(0)),
        };
        let outcome = |run| outcome(Locale::en, &run);
        assert_eq!(
            outcome(run(false, false)),
            "4 of 9 replayed, started by u1001"
        );
        assert_eq!(
            outcome(run(true, false)),
            "Replayed 4 callbacks: 3 are recognised now"
        );
        assert!(outcome(run(true, true)).contains("after 4 of 9"));
    }
}
