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
    (inbox.role == Role::Admin && is_open && !runs).then(|| {
        view! {
            <form method="post" action=ReplayAll::url()>
                {here.back()}
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
    let label = say!(locale, callbacks.replay_all.progress);
    let bar = run.ended_at.is_none().then(|| {
        view! { <progress value=run.done max=run.total.max(1) aria-label=label></progress> }
    });
    view! { <p class="cb-run">{bar} <span>{outcome(locale, &run)}</span></p> }
}

fn outcome(locale: Locale, run: &Replaying) -> String {
    let (done, total) = (run.done, run.total);
    match (run.ended_at, run.broken) {
        (None, _) => say!(
            locale,
            callbacks.replay_all.running,
            done,
            total,
            by = &run.by
        ),
        (Some(_), false) => {
            let understood = run.understood;
            say!(locale, callbacks.replay_all.ended, done, understood)
        }
        (Some(_), true) => say!(locale, callbacks.replay_all.broken, done, total),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn it_says_what_came_of_it() {
        let outcome = |ended: bool, broken| {
            let run = Replaying {
                total: 9,
                done: 4,
                understood: 3,
                broken,
                by: "u1001".to_owned(),
                ended_at: ended.then(|| Timestamp::from_millis(0)),
            };
            outcome(Locale::en, &run)
        };
        let running = "4 of 9 replayed, started by u1001";
        assert_eq!(outcome(false, false), running);
        let ended = "Replayed 4 callbacks: 3 are recognised now";
        assert_eq!(outcome(true, false), ended);
        assert!(outcome(true, true).contains("after 4 of 9"));
    }
}
