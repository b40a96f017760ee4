use leptos::prelude::*;

use crate::json::{Kind, Line};

/// Lines of text with their numbers, coloured by what the pieces are. Any text: it is never markup.
#[component]
pub fn Code(
    /// The lines.
    lines: Vec<Line>,
    /// Whether a long line is broken; else it is scrolled.
    #[prop(optional)]
    wrap: bool,
) -> impl IntoView {
    let piece = |(kind, text): (Kind, String)| {
        let class = match kind {
            Kind::Key => "k",
            Kind::Text => "s",
            Kind::Literal => "n",
            Kind::Mark => "p",
        };
        view! { <span class=class>{text}</span> }
    };
    let line = |line: Line| view! { <span>{line.into_iter().map(piece).collect_view()}</span> };
    view! {
        <div class="codeview">
            <div class=if wrap { "code wrap" } else { "code" } dir="ltr" tabindex="0">
                {lines.into_iter().map(line).collect_view()}
            </div>
        </div>
    }
}
