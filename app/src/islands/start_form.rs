//! The fields of the form that starts a recording.

use leptos::prelude::*;
use reelroom_domain::{
    naming::{RoomDay, TimeForm},
    order,
    room::{ParticipantId, RoomId},
    time::{Civil, Timestamp},
    view::Presence,
};
use serde::{Deserialize, Serialize};

use super::{
    composer::{Composer, RULE_INPUT, RuleState, Sample},
    dom,
    form_more::advanced,
    form_state::FormState,
    island::Island,
};
use crate::{
    icon::{Glyph, Icon},
    lint_line::{Level, LintLine},
    this_page::locale,
};

/// The id of the form around the island; buttons outside of the form use it too.
pub const START_FORM: &str = "start-form";

/// The properties of the form: initial values, and the context for checks and preview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartProps {
    /// The room.
    pub room: RoomId,
    /// The initial values: those last typed for this room, including a failed attempt.
    pub first: order::StartForm,
    /// The types of the app.
    pub kinds: Vec<String>,
    /// Whether the app is on the public cloud, which ignores path and rule.
    pub public_cloud: bool,
    /// The people in the room.
    pub people: Vec<ParticipantId>,
    /// Whether a meeting is on.
    pub presence: Presence,
    /// How often the room is recorded.
    pub day: RoomDay,
    /// The current minute, for the preview.
    pub now: Timestamp,
    /// The form of `{time}`.
    pub time_form: TimeForm,
    /// The platform's offset from UTC, in seconds.
    pub zone_offset: i32,
    /// The fields that were rejected.
    pub refused: Vec<String>,
    /// The platform's refusal of the last start, as a sentence.
    pub refusal: Option<String>,
}

/// The island.
#[derive(Debug)]
pub struct StartForm;

impl Island for StartForm {
    type Props = StartProps;
    const NAME: &'static str = "start_form";

    /// Creates the fields once, so that live updates do not change what was typed.
    fn view(props: Signal<StartProps>) -> impl IntoView + 'static {
        let StartProps {
            first,
            public_cloud,
            kinds,
            refused,
            ..
        } = props.get_untracked();
        let day = Signal::derive(move || props.with(|props| props.day));
        let sample = Memo::new(move |_| props.with(sample_of));
        let rule = RuleState::new(first.rule.clone(), public_cloud, day);
        let form = FormState::new(rule, &first, refused);
        let to_fix = move || rule.problems() + form.wrong_fields().len();
        dom::on_submit(START_FORM, move |event| {
            rule.check_now();
            let first_wrong = if rule.problems() > 0 {
                Some(RULE_INPUT)
            } else {
                untrack(|| form.wrong_fields()).first().copied()
            };
            if let Some(field) = first_wrong {
                event.prevent_default();
                // The field is in a fold that is opening.
                request_animation_frame(move || dom::focus(field));
            }
        });
        let hint = move || match to_fix() {
            0 => match props.with(|props| props.refusal.clone()) {
                Some(refusal) => error(refusal),
                None => people(props.with(|props| props.presence)),
            },
            1 => error(say!(locale(), rooms.form.fix_single).to_owned()),
            count => error(say!(locale(), rooms.form.fix, n = count)),
        };
        let refused = form.is_refused("rule");
        view! {
            <div class="card-b">
                <Composer state=rule sample=sample refused=refused />
                {advanced(form, first, kinds)}
            </div>
            <div class="start-f">
                {start_button()}
                <div id="start-hint" aria-live="polite">{hint}</div>
            </div>
        }
    }
}

fn start_button() -> impl IntoView {
    let locale = locale();
    view! {
        <button
            class="btn primary lg"
            id="start-recording"
            aria-describedby="start-hint"
            aria-keyshortcuts="R"
            data-key="r"
            data-does=say!(locale, rooms.form.submit)
            data-busy=say!(locale, rooms.form.pending)
        >
            <Icon glyph=Glyph::Recdot />
            <span data-word="">{say!(locale, rooms.form.submit)}</span>
            <kbd aria-hidden="true">"R"</kbd>
        </button>
    }
}

/// The values for the preview: this room, the people in it, and the current minute in the platform's
/// time zone.
fn sample_of(props: &StartProps) -> Sample {
    Sample {
        room: props.room.clone(),
        people: props.people.clone(),
        at: Civil::at(props.now, props.zone_offset),
        seconds: props.now.as_millis() / 1_000,
        time_form: props.time_form,
    }
}

fn error(text: String) -> AnyView {
    view! { <LintLine level=Level::Error>{text}</LintLine> }.into_any()
}

/// The people who will be recorded.
fn people(presence: Presence) -> AnyView {
    let locale = locale();
    let text = match presence {
        Presence::Empty | Presence::Live { people: 0, .. } => {
            say!(locale, rooms.form.hint_nobody).to_owned()
        }
        Presence::Live { people: 1, .. } => say!(locale, rooms.form.hint_single).to_owned(),
        Presence::Live { people, .. } => say!(locale, rooms.form.hint_all, n = people),
    };
    view! { <p class="hint">{text}</p> }.into_any()
}
