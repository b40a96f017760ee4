use leptos::prelude::*;

use crate::lint_line::{Level, LintLine};

/// The note below a field: its error, else a hint.
#[component]
pub fn FieldNote(
    /// The id that the field's `aria-describedby` names.
    #[prop(into)]
    id: String,
    /// The error.
    wrong: Option<&'static str>,
    /// The hint.
    #[prop(optional_no_strip, into)]
    hint: Option<&'static str>,
) -> impl IntoView {
    let note = match wrong {
        Some(wrong) => view! {
            <div role="alert"><LintLine level=Level::Error>{wrong}</LintLine></div>
        }
        .into_any(),
        None => hint
            .map(|hint| view! { <p class="hint">{hint}</p> })
            .into_any(),
    };
    view! { <div id=id>{note}</div> }
}
