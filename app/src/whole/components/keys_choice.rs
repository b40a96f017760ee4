use leptos::prelude::*;

use crate::{i18n::use_i18n, whole::keys::Keys};

/// Whether single keys do something. Only where scripts run: without them none does.
#[component]
pub fn KeysChoice() -> impl IntoView {
    let i18n = use_i18n();
    let keys = Keys::expect();
    view! {
        <div class="scripted">
            <label class="switch">
                <input
                    type="checkbox"
                    prop:checked=move || keys.are_on()
                    checked=true
                    on:change:target=move |event| keys.switch(event.target().checked())
                    aria-describedby="keys-hint"
                />
                <i></i>
                {told!(i18n, keys.single_on)}
            </label>
            <p class="hint" id="keys-hint">
                {told!(i18n, keys.single_hint)}
            </p>
        </div>
    }
}
