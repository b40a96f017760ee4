//! The form that starts a recording.

use leptos::{
    form::ActionForm,
    leptos_dom::helpers::{document, request_animation_frame},
    prelude::*,
    wasm_bindgen::JsCast as _,
    web_sys,
};
use reelroom_domain::{
    time::Civil,
    view::{Presence, RoomView},
};

use super::{form_more::Advanced, panel::Room, shortcuts::START};
use crate::{
    components::{
        ErrorNote, Glyph, Icon,
        composer::{Composer, RULE_INPUT, RuleState, Sample},
    },
    error::ApiError,
    i18n::{t, t_string, use_i18n},
};

/// The fields of the form, in their order; each is the id and the name of its input.
const FIELDS: [&str; 5] = [RULE_INPUT, "stop_after", "path", "kind", "user_data"];

/// The card with the form. It begins with what was typed last for this room, also in a try that
/// failed, and is made once: live changes leave it alone.
#[component]
pub fn StartPanel() -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let start = room.deeds.start;
    let pending = start.pending();
    let (first, public_cloud) = room
        .view
        .with_untracked(|view| (view.form.clone(), view.app.public_cloud));
    let rule = RuleState::new(first.rule.clone(), public_cloud);
    let name = room.view.with_untracked(|view| view.room.to_string());
    let sample = Memo::new(move |_| room.view.with(sample_of));
    let wrong = Signal::derive(move || match start.value().get() {
        Some(Err(error)) => Some(error),
        _ => None,
    });
    let to_fix = move || {
        let elsewhere = FIELDS[1..]
            .iter()
            .filter(|field| has_problem(wrong.get().as_ref(), field))
            .count();
        rule.problems() + elsewhere
    };
    // The server's own findings, where the browser's half had none: go to the first field.
    Effect::new(move || {
        let field = FIELDS
            .into_iter()
            .find(|field| has_problem(wrong.get().as_ref(), field));
        if let Some(field) = field {
            request_animation_frame(move || focus(field));
        }
    });
    let check = move |event: web_sys::SubmitEvent| {
        rule.settle();
        if pending.get_untracked() {
            event.prevent_default();
        } else if rule.problems() > 0 {
            event.prevent_default();
            focus(RULE_INPUT);
        }
    };
    view! {
        <ActionForm
            action=start
            attr:class="card start"
            attr:aria-labelledby="start-h"
            on:submit:capture=check
        >
            <div class="card-h">
                <h2 id="start-h">{say!(i18n, rooms.form.title)}</h2>
            </div>
            <div class="card-b">
                <input type="hidden" name="room" value=name />
                <input type="hidden" name="app" value=room.app_id() />
                <Composer state=rule sample=sample />
                <Advanced first=first wrong=wrong />
            </div>
            {move || note(wrong.get())}
            <div class="start-f">
                <button
                    class="btn primary lg"
                    id=START
                    aria-describedby="start-hint"
                    aria-disabled=move || pending.get().then_some("true")
                >
                    {move || {
                        if pending.get() {
                            view! { <Icon glyph=Glyph::Spinner class="spin" /> }
                        } else {
                            view! { <Icon glyph=Glyph::Recdot /> }
                        }
                    }}
                    {move || {
                        if pending.get() {
                            t_string!(i18n, rooms.form.pending)
                        } else {
                            t_string!(i18n, rooms.form.submit)
                        }
                    }}
                    <kbd aria-hidden="true">"R"</kbd>
                </button>
                <div id="start-hint" aria-live="polite">
                    {move || match to_fix() {
                        0 => hint(room.view.with(|view| view.presence)),
                        count => fix(count),
                    }}
                </div>
            </div>
        </ActionForm>
    }
}

/// What the preview stands for: this room, today, who is in it.
fn sample_of(view: &RoomView) -> Sample {
    Sample {
        room: view.room.clone(),
        people: view
            .participants
            .iter()
            .filter(|person| person.left_at.is_none())
            .map(|person| person.id.clone())
            .collect(),
        // To the minute, so that the preview does not change with every message.
        at: {
            let now = Civil::at(view.now, view.app.zone_offset);
            Civil { second: 0, ..now }
        },
    }
}

fn has_problem(error: Option<&ApiError>, field: &str) -> bool {
    error.is_some_and(|error| error.problems_of(field).next().is_some())
}

/// What came of the last try. What the platform said stands in the banner above, since it holds for
/// the room; what is wrong with a field stands at the field.
fn note(error: Option<ApiError>) -> Option<impl IntoView> {
    let error = error.filter(|error| {
        !matches!(
            error,
            ApiError::Refused { .. } | ApiError::NotSent { .. } | ApiError::Invalid { .. }
        )
    })?;
    Some(view! {
        <div class="start-e">
            <ErrorNote error=error />
        </div>
    })
}

fn fix(count: usize) -> AnyView {
    let i18n = use_i18n();
    view! {
        <p class="lint" data-level="error">
            <Icon glyph=Glyph::Error />
            <span>
                {if count == 1 {
                    say!(i18n, rooms.form.fix_single).into_any()
                } else {
                    t!(i18n, rooms.form.fix, n = count).into_any()
                }}
            </span>
        </p>
    }
    .into_any()
}

/// Who will be recorded.
fn hint(presence: Presence) -> AnyView {
    let i18n = use_i18n();
    let text = match presence {
        Presence::Empty | Presence::Live { people: 0, .. } => {
            say!(i18n, rooms.form.hint_nobody).into_any()
        }
        Presence::Live { people: 1, .. } => say!(i18n, rooms.form.hint_single).into_any(),
        Presence::Live { people, .. } => t!(i18n, rooms.form.hint_all, n = people).into_any(),
    };
    view! { <p class="hint">{text}</p> }.into_any()
}

fn focus(id: &str) {
    let field = document()
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(field) = field {
        // It fails only where the field is gone.
        let _ = field.focus();
    }
}
