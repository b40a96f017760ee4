use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// How a banner sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Something went wrong, or a person has to look.
    #[default]
    Fault,
    /// Something is late.
    Wait,
    /// Good to know.
    Info,
}

impl Tone {
    /// The name in the style sheet.
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

/// What happened, in a box that is read out when it appears. Children stand below the title:
/// paragraphs, and a `div.btns`.
#[component]
pub fn Banner(
    /// How it sounds.
    #[prop(optional)]
    tone: Tone,
    /// What happened, in a few words.
    #[prop(into)]
    title: String,
    /// What is true now, and what to do.
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
