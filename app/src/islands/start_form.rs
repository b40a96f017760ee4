//! The fields of the form that starts a recording.

use leptos::prelude::*;
use reelroom_domain::{
    naming::RoomDay,
    order,
    room::{ParticipantId, RoomId},
    time::{Civil, Timestamp},
    view::Presence,
};
use serde::{Deserialize, Serialize};

use super::{
    composer::{Composer, RULE_INPUT, RuleState, Sample},
    dom,
    form_more::Advanced,
    form_state::FormState,
    island::Island,
};
use crate::{
    icon::{Glyph, Icon},
    lint_line::{Level, LintLine},
    this_page::locale,
};

/// The id of the form, which stands around the island; also for buttons outside of it.
pub const START_FORM: &str = "start-form";

/// The form's fields, with what they are checked and shown by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StartProps {
    /// The room.
    pub room: RoomId,
    /// What the fields hold at first: what was typed last for this room, also in a try that failed.
    pub first: order::StartForm,
    /// The types of the app.
    pub kinds: Vec<String>,
    /// Whether the app is a public cloud, which ignores path and rule.
    pub public_cloud: bool,
    /// Who is in the room.
    pub people: Vec<ParticipantId>,
    /// Whether a meeting is on.
    pub presence: Presence,
    /// How often the room is recorded.
    pub day: RoomDay,
    /// The present minute, for the preview.
    pub now: Timestamp,
    /// The platform's offset from UTC, in seconds.
    pub zone_offset: i32,
    /// The fields that the server refused.
    pub refused: Vec<String>,
}

/// The island.
#[derive(Debug)]
pub struct StartForm;

impl Island for StartForm {
    type Props = StartProps;
    const NAME: &'static str = "start_form";

    fn view(props: Signal<StartProps>) -> impl IntoView + 'static {
        view! { <Fields props=props /> }
    }
}

/// Makes its fields once: live changes leave what is typed alone.
#[component]
fn Fields(props: Signal<StartProps>) -> impl IntoView {
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
            // In a fold that opens now.
            request_animation_frame(move || dom::focus(field));
        }
    });
    let refused = form.is_refused("rule");
    view! {
        <div class="card-b">
            <Composer state=rule sample=sample refused=refused />
            <Advanced form=form first=first kinds=kinds />
        </div>
        <div class="start-f">
            <StartButton />
            <div id="start-hint" aria-live="polite">
                {move || match to_fix() {
                    0 => hint(props.with(|props| props.presence)),
                    count => fix(count),
                }}
            </div>
        </div>
    }
}

#[component]
fn StartButton() -> impl IntoView {
    let locale = locale();
    view! {
        <button
            class="btn primary lg"
            id="start-recording"
            aria-describedby="start-hint"
            aria-keyshortcuts="R"
            data-key="r"
            data-does=say!(locale, keys.start)
            data-busy=say!(locale, rooms.form.pending)
        >
            <Icon glyph=Glyph::Recdot />
            <span data-word="">{say!(locale, rooms.form.submit)}</span>
            <kbd aria-hidden="true">"R"</kbd>
        </button>
    }
}

/// What the preview stands for: this room, who is in it, and the present minute by the platform's
/// calendar.
fn sample_of(props: &StartProps) -> Sample {
    Sample {
        room: props.room.clone(),
        people: props.people.clone(),
        at: Civil::at(props.now, props.zone_offset),
    }
}

fn fix(count: usize) -> AnyView {
    let locale = locale();
    let text = if count == 1 {
        say!(locale, rooms.form.fix_single).to_owned()
    } else {
        say!(locale, rooms.form.fix, n = count)
    };
    view! { <LintLine level=Level::Error>{text}</LintLine> }.into_any()
}

/// Who will be recorded.
fn hint(presence: Presence) -> AnyView {
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
