//! The form that starts a recording.

use leptos::{
    form::ActionForm,
    leptos_dom::helpers::{document, request_animation_frame},
    prelude::*,
    wasm_bindgen::JsCast as _,
    web_sys,
};
use reelroom_domain::{
    time::{Civil, Timestamp},
    view::{Presence, RoomView},
};

use super::{
    form_more::Advanced, form_state::FormState, panel::Room, presets::PresetMenu, shortcuts::START,
};
use crate::{
    error::ApiError,
    i18n::{t, t_string, use_i18n},
    whole::clock::ServerClock,
    whole::components::{
        ErrorNote, Glyph, Icon,
        composer::{Composer, RULE_INPUT, RuleState, Sample},
    },
    whole::platform,
};

/// The id of the form, for buttons outside of it.
pub const START_FORM: &str = "start-form";

/// The card with the form. It begins with what was typed last for this room, also in a try that
/// failed, and is made once: live changes leave it alone.
#[component]
pub fn StartPanel() -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let clock = ServerClock::expect();
    let start = room.deeds.start;
    let pending = start.pending();
    let view = room.view.get_untracked();
    let (first, public_cloud) = (view.form, view.app.public_cloud);
    let (name, app) = (view.room.to_string(), view.app.id.to_string());
    let sample = Memo::new(move |_| room.view.with(|view| sample_of(view, clock.minute())));
    let day = Memo::new(move |_| {
        let now = clock.minute();
        room.view.with(|view| {
            view.day
                .on(now.day(platform::zone_offset(&view.app.zone, now)))
        })
    });
    let rule = RuleState::new(first.rule.clone(), public_cloud, day.into());
    let form = FormState::new(rule, &first, view.presets.before);
    let wrong = findings(&room);
    let refused = Signal::derive(move || is_refused(wrong, "rule"));
    let bad_kind = move || {
        wrong.with(|wrong| {
            wrong
                .as_ref()
                .is_some_and(|error| error.problems_of("kind").next().is_some())
        })
    };
    let to_fix = move || rule.problems() + form.wrong_fields().len() + usize::from(bad_kind());
    // The server's own finding, where the browser's half had none: go there.
    Effect::new(move || {
        if bad_kind() {
            request_animation_frame(move || focus("kind"));
        }
    });
    let check = move |event: web_sys::SubmitEvent| {
        rule.settle();
        let first_wrong = if rule.problems() > 0 {
            Some(RULE_INPUT)
        } else {
            untrack(|| form.wrong_fields()).first().copied()
        };
        if pending.get_untracked() {
            event.prevent_default();
        } else if let Some(field) = first_wrong {
            event.prevent_default();
            // In a fold that opens now.
            request_animation_frame(move || focus(field));
        }
    };
    view! {
        <section class="card start" aria-labelledby="start-h">
            // The first button of a form is what Enter presses: not one that fills it in.
            <button form=START_FORM hidden></button>
            <div class="card-h">
                <h2 id="start-h">{told!(i18n, rooms.form.title)}</h2>
                <PresetMenu form=form />
            </div>
            <ActionForm action=start attr:id=START_FORM on:submit:capture=check>
                <div class="card-b">
                    <input type="hidden" name="room" value=name />
                    <input type="hidden" name="app" value=app />
                    <Composer state=rule sample=sample refused=refused />
                    <Advanced form=form first=first wrong=wrong />
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
        </section>
    }
}

/// The server's error for the fields, of the start or of saving a preset.
fn findings(room: &Room) -> Signal<Option<ApiError>> {
    let (start, presets) = (room.deeds.start, room.deeds.presets);
    let of_preset = move || {
        let error = presets.wrong();
        error.filter(|error| matches!(error, ApiError::Invalid { .. }))
    };
    Signal::derive(move || {
        let error = start.value().get().and_then(Result::err);
        error.or_else(of_preset)
    })
}

/// What the preview stands for: this room, who is in it, and `now` by the platform's calendar; to the
/// minute, so that it does not change with every message.
fn sample_of(view: &RoomView, now: Timestamp) -> Sample {
    Sample {
        room: view.room.clone(),
        people: view
            .participants
            .iter()
            .filter(|person| person.left_at.is_none())
            .map(|person| person.id.clone())
            .collect(),
        at: Civil::at(now, platform::zone_offset(&view.app.zone, now)),
    }
}

/// What came of the last try. What the platform said, and who was faster, stands above, since it
/// holds for the room; what is wrong with a field stands at the field.
fn note(error: Option<ApiError>) -> Option<impl IntoView> {
    let error = error.filter(|error| {
        !matches!(
            error,
            ApiError::Refused { .. }
                | ApiError::NotSent { .. }
                | ApiError::Invalid { .. }
                | ApiError::RoomTaken { .. }
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
                    told!(i18n, rooms.form.fix_single).into_any()
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
            told!(i18n, rooms.form.hint_nobody).into_any()
        }
        Presence::Live { people: 1, .. } => told!(i18n, rooms.form.hint_single).into_any(),
        Presence::Live { people, .. } => t!(i18n, rooms.form.hint_all, n = people).into_any(),
    };
    view! { <p class="hint">{text}</p> }.into_any()
}

/// Whether the server did not keep that field, because it was over its limit.
pub fn is_refused(wrong: Signal<Option<ApiError>>, field: &str) -> bool {
    wrong.with(|wrong| {
        let mut codes = wrong.iter().flat_map(|error| error.problems_of(field));
        codes.any(|code| code == "too_long")
    })
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
