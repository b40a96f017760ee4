use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// The status of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepMark {
    /// Done.
    Done,
    /// The current step.
    Now,
    /// The current step, while the room is being recorded.
    Recording,
    /// Failed.
    Fault,
    /// Unknown, because the platform did not answer.
    Maybe,
    /// Pending.
    Ahead,
}

impl StepMark {
    const fn as_str(self) -> Option<&'static str> {
        match self {
            Self::Done => Some("done"),
            Self::Now => Some("now"),
            Self::Recording => Some("rec"),
            Self::Fault => Some("fault"),
            Self::Maybe => Some("maybe"),
            Self::Ahead => None,
        }
    }

    const fn glyph(self) -> Option<Glyph> {
        match self {
            Self::Done => Some(Glyph::Check),
            Self::Fault => Some(Glyph::X),
            Self::Maybe => Some(Glyph::Question),
            Self::Now | Self::Recording | Self::Ahead => None,
        }
    }

    const fn is_current(self) -> bool {
        matches!(
            self,
            Self::Now | Self::Recording | Self::Maybe | Self::Fault
        )
    }
}

/// One step.
pub struct Step {
    /// The status.
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
    /// The steps in order.
    steps: Vec<Step>,
    /// Whether to lay them out in a column.
    #[prop(optional)]
    vertical: bool,
) -> impl IntoView {
    view! {
        <ol class=if vertical { "steps vert" } else { "steps" }>
            {steps
                .into_iter()
                .map(|step| {
                    let current = step.mark.is_current().then_some("step");
                    view! {
                        <li data-s=step.mark.as_str() aria-current=current>
                            <span class="node">
                                {step.mark.glyph().map(|glyph| view! { <Icon glyph=glyph /> })}
                            </span>
                            <b>{step.title}</b>
                            <span class="when num">{step.note}</span>
                            {step.more.map(|more| view! { <small>{more}</small> })}
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
}
