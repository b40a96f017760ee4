use leptos::prelude::*;

use crate::icon::{Glyph, Icon};

/// The severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// No problem.
    #[cfg_attr(
        not(feature = "ssr"),
        expect(dead_code, reason = "the islands have no use for it")
    )]
    Ok,
    /// A warning: the result may be unexpected.
    Warn,
    /// An error.
    Error,
}

/// A finding, as one line.
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
