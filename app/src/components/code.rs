use leptos::prelude::*;

use crate::json::{Kind, Line};

/// Lines of code with line numbers and syntax colours. The text is escaped.
#[component]
pub fn Code(
    lines: Vec<Line>,
    /// Whether long lines wrap; else they scroll.
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
