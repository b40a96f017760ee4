//! Looking for signs of a recording of which nobody knows whether it runs: the button, what was seen
//! last, and that we look by ourselves.

use leptos::{form::ActionForm, prelude::*};
use reelroom_domain::ids::RecordingId;

use super::{panel::Room, shortcuts::CHECK};
use crate::{
    i18n::use_i18n,
    whole::components::{ErrorNote, Glyph, Icon, Step, StepMark, Time},
    words::{self, TimeStyle},
};

/// The button that looks once. It reads only.
#[component]
pub fn CheckForm(
    /// Which.
    id: RecordingId,
) -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let check = room.deeds.check;
    let pending = check.pending();
    let name = room.view.with_untracked(|view| view.room.to_string());
    let (idle, busy) = (told!(i18n, look.check), told!(i18n, look.checking));
    let word = move || {
        if pending.get() {
            busy.get()
        } else {
            idle.get()
        }
    };
    view! {
        <ActionForm
            action=check
            on:submit:capture=move |event| {
                if pending.get_untracked() {
                    event.prevent_default();
                }
            }
        >
            <input type="hidden" name="id" value=id.to_string() />
            <input type="hidden" name="room" value=name />
            <input type="hidden" name="app" value=room.app_id() />
            <button
                class="btn"
                id=CHECK
                title=told!(i18n, look.check_means)
                aria-disabled=move || pending.get().then_some("true")
            >
                <Icon glyph=Glyph::Search />
                <span>{word}</span>
                <kbd aria-hidden="true">"C"</kbd>
            </button>
        </ActionForm>
        {move || {
            check.value().get().and_then(Result::err).map(|error| view! { <ErrorNote error=error /> })
        }}
    }
}

/// What the last look saw, ours or a person's; read out when it changes.
#[component]
pub fn LastLook() -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    // Its words, not its time: that they are the same again is not worth reading out.
    let last = Memo::new(move |_| room.looks.get().map(|looks| looks.last));
    let at = move || room.looks.get().map(|looks| looks.last_at);
    view! {
        <p class="look" aria-live="polite">
            {move || {
                last.get()
                    .map(|last| {
                        let words = move || words::look(i18n.get_locale(), &last);
                        view! {
                            <span class="muted num" aria-live="off">
                                {move || {
                                    at().map(|at| view! { <Time at=at style=TimeStyle::Seconds /> })
                                }}
                            </span>
                            " "
                            {words}
                        }
                    })
            }}
        </p>
    }
}

/// The last line of what happened: we go on looking.
pub fn looking_step() -> Step {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let count = move || room.looks.get().map_or(0, |looks| looks.count);
    Step {
        mark: StepMark::Now,
        title: told!(i18n, look.ourselves).into_any(),
        note: told!(i18n, look.every).into_any(),
        more: Some((move || words::looks(i18n.get_locale(), count())).into_any()),
    }
}
