//! "Replay all": the button, and how far it is.

use leptos::prelude::*;
use reelroom_domain::{
    inbox::{InboxTab, Replaying},
    user::Role,
};

use super::{actions::Actions, address::Asked, list::Answer};
use crate::{
    i18n::{Locale, td_string, use_i18n},
    whole::components::{Arrived, Glyph, Icon},
};

/// Reads all calls again that were not understood. Absent where there is none, and for whoever may
/// not.
#[component]
pub fn ReplayAllButton(asked: Memo<Asked>, inbox: Answer) -> impl IntoView {
    view! {
        <Arrived of=inbox>
            <Offer asked=asked inbox=inbox />
        </Arrived>
    }
}

#[component]
fn Offer(asked: Memo<Asked>, inbox: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let actions: Actions = expect_context();
    let offered = Memo::new(move |_| {
        inbox.with(|inbox| match inbox {
            Some(Ok(inbox)) => {
                let open =
                    inbox.count(InboxTab::Unrecognised) + inbox.count(InboxTab::Malformed) > 0;
                let runs = inbox
                    .replaying
                    .as_ref()
                    .is_some_and(|run| run.ended_at.is_none());
                inbox.role == Role::Admin && open && !runs
            }
            _ => false,
        })
    });
    move || {
        offered.get().then(|| {
            view! {
                <ActionForm action=actions.replay_all>
                    <input type="hidden" name="back" value=move || asked.with(Asked::path) />
                    <button class="btn quiet">
                        <Icon glyph=Glyph::Refresh />
                        {told!(i18n, callbacks.replay_all.button)}
                    </button>
                </ActionForm>
            }
        })
    }
}

/// How far the last run is, while it runs and until the page is left.
#[component]
pub fn Progress(inbox: Answer) -> impl IntoView {
    view! {
        <div aria-live="polite">
            <Arrived of=inbox>
                <Run inbox=inbox />
            </Arrived>
        </div>
    }
}

#[component]
fn Run(inbox: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let run = Memo::new(move |_| {
        inbox.with(|inbox| match inbox {
            Some(Ok(inbox)) => inbox.replaying.clone(),
            _ => None,
        })
    });
    move || {
        run.get().map(|run| {
            let (done, total) = (run.done, run.total.max(1));
            let ended = run.ended_at.is_some();
            view! {
                <p class="cb-run">
                    {(!ended)
                        .then(|| {
                            view! {
                                <progress
                                    value=done
                                    max=total
                                    aria-label=told!(i18n, callbacks.replay_all.progress)
                                ></progress>
                            }
                        })} <span>{move || said(i18n.get_locale(), &run)}</span>
                </p>
            }
        })
    }
}

fn said(locale: Locale, run: &Replaying) -> String {
    let (done, total) = (run.done.to_string(), run.total.to_string());
    let understood = run.understood.to_string();
    match (run.ended_at, run.broken) {
        (None, _) => td_string!(
            locale,
            callbacks.replay_all.running,
            done = done,
            total = total,
            by = run.by.clone()
        ),
        (Some(_), false) => td_string!(
            locale,
            callbacks.replay_all.ended,
            done = done,
            understood = understood
        ),
        (Some(_), true) => td_string!(
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
        let said = |run| said(Locale::en, &run);
        assert_eq!(said(run(false, false)), "4 of 9 read again, for u1001");
        assert_eq!(
            said(run(true, false)),
            "Replayed 4 calls: 3 are understood now"
        );
        assert!(said(run(true, true)).contains("after 4 of 9"));
    }
}
