use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// The status of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepMark {
    Done,
    /// The current step.
    Now,
    /// The current step, while the room is being recorded.
    Recording,
    Fault,
    /// Unknown, because the platform did not answer.
    Maybe,
    /// Pending.
    Ahead,
}

impl StepMark {
    /// The state in CSS, the icon, and whether the step is the current one.
    const fn look(self) -> (Option<&'static str>, Option<Glyph>, bool) {
        match self {
            Self::Done => (Some("done"), Some(Glyph::Check), false),
            Self::Now => (Some("now"), None, true),
            Self::Recording => (Some("rec"), None, true),
            Self::Fault => (Some("fault"), Some(Glyph::X), true),
            Self::Maybe => (Some("maybe"), Some(Glyph::Question), true),
            Self::Ahead => (None, None, false),
        }
    }
}

/// One step.
pub struct Step {
    pub mark: StepMark,
    /// The name: a view of a few words.
    pub title: AnyView,
    /// The time, or what is expected: a view of a few words.
    pub note: AnyView,
    /// Details below; empty for none.
    pub more: Option<AnyView>,
}

/// The steps of a recording in a row or, if `vertical`, in a column.
#[component]
pub fn Steps(
    steps: Vec<Step>,
    /// Whether to lay them out in a column.
    #[prop(optional)]
    vertical: bool,
) -> impl IntoView {
    let step = |step: Step| {
        let (state, glyph, is_current) = step.mark.look();
        view! {
            <li data-s=state aria-current=is_current.then_some("step")>
                <span class="node">{glyph.map(|glyph| view! { <Icon glyph=glyph /> })}</span>
                <b>{step.title}</b>
                <span class="when num">{step.note}</span>
                {step.more.map(|more| view! { <small>{more}</small> })}
            </li>
        }
    };
    view! {
        <ol class=if vertical { "steps vert" } else { "steps" }>
            {steps.into_iter().map(step).collect_view()}
        </ol>
    }
}
