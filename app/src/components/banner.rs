use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// The severity of a banner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Something failed, or a person has to act.
    #[default]
    Fault,
    /// Something is late.
    Wait,
    /// Information.
    Info,
}

impl Tone {
    /// The CSS class.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fault => "fault",
            Self::Wait => "wait",
            Self::Info => "info",
        }
    }

    const fn glyph(self) -> Glyph {
        match self {
            Self::Fault => Glyph::Alert,
            Self::Wait => Glyph::Hourglass,
            Self::Info => Glyph::Check,
        }
    }
}

/// A message that screen readers announce when it appears. Children follow the title: paragraphs, and a
/// `div.btns`.
#[component]
pub fn Banner(
    /// The severity.
    #[prop(optional)]
    tone: Tone,
    /// What happened, in a few words.
    #[prop(into)]
    title: String,
    /// The current state, and what to do.
    children: Children,
) -> impl IntoView {
    let role = if tone == Tone::Info {
        "status"
    } else {
        "alert"
    };
    view! {
        <div class="banner" data-tone=tone.as_str() role=role>
            <Icon glyph=tone.glyph() />
            <div class="banner-text">
                <h2>{title}</h2>
                {children()}
            </div>
        </div>
    }
}
