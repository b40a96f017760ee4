use leptos::prelude::*;
use strum::IntoStaticStr;

use crate::icon::{Glyph, Icon};

/// The severity of a banner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
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
    pub fn as_str(self) -> &'static str {
        self.into()
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
    /// Whether it gets the focus when the page loads: it answers the reader's action.
    #[prop(optional)]
    focus: bool,
    /// The current state, and what to do.
    children: Children,
) -> impl IntoView {
    let (glyph, role) = match tone {
        Tone::Fault => (Glyph::Alert, "alert"),
        Tone::Wait => (Glyph::Hourglass, "alert"),
        Tone::Info => (Glyph::Check, "status"),
    };
    view! {
        <div
            class="banner"
            data-tone=tone.as_str()
            role=role
            tabindex=focus.then_some("-1")
            autofocus=focus
        >
            <Icon glyph=glyph />
            <div class="banner-text">
                <h2>{title}</h2>
                {children()}
            </div>
        </div>
    }
}
