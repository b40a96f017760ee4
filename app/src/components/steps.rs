use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// How a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepMark {
    /// It is behind us.
    Done,
    /// It is where we are.
    Now,
    /// It is where we are, and the room is being recorded.
    Recording,
    /// It went wrong.
    Fault,
    /// It may have happened: the platform did not answer.
    Maybe,
    /// It is ahead.
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
    /// How it stands.
    pub mark: StepMark,
    /// What it is: a view of a few words.
    pub title: AnyView,
    /// When it was, or what is expected: a view of a few words.
    pub note: AnyView,
    /// More about it, below; empty for none.
    pub more: Option<AnyView>,
}

/// The steps of a recording, in a row or (`vertical`) below each other.
#[component]
pub fn Steps(
    /// In their order.
    steps: Vec<Step>,
    /// Below each other.
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
