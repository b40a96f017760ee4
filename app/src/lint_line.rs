use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// All is well.
    Ok,
    /// It may surprise somebody.
    Warn,
    /// It is wrong.
    Error,
}

/// A finding in a line.
#[component]
pub fn LintLine(level: Level, children: Children) -> impl IntoView {
    let (name, glyph) = match level {
        Level::Ok => ("ok", Glyph::Check),
        Level::Warn => ("warn", Glyph::Alert),
        Level::Error => ("error", Glyph::Error),
    };
    view! {
        <p class="lint" data-level=name>
            <Icon glyph=glyph />
            <span>{children()}</span>
        </p>
    }
}
