use leptos::prelude::*;

use super::{Glyph, Icon};

/// What stands below a field: what is wrong with it, else a hint.
#[component]
pub fn FieldNote(
    /// The id that the field's `aria-describedby` names.
    #[prop(into)]
    id: String,
    /// What is wrong.
    #[prop(into)]
    wrong: Signal<Option<&'static str>>,
    /// The hint.
    #[prop(optional, into)]
    hint: MaybeProp<&'static str>,
) -> impl IntoView {
    view! {
        <div id=id>
            {move || match wrong.get() {
                Some(wrong) => {
                    view! {
                        <p class="lint" data-level="error" role="alert">
                            <Icon glyph=Glyph::Error />
                            <span>{wrong}</span>
                        </p>
                    }
                        .into_any()
                }
                None => hint.get().map(|hint| view! { <p class="hint">{hint}</p> }).into_any(),
            }}
        </div>
    }
}
