use leptos::prelude::*;

use crate::{
    components::{Glyph, Icon},
    i18n::{t_string, use_i18n},
};

/// A field for a password, which can be shown where scripts run.
#[component]
pub fn PasswordField(
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// The id of what stands below it.
    #[prop(optional)]
    described_by: Option<&'static str>,
    /// Whether it holds something wrong.
    #[prop(optional, into)]
    invalid: Signal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let shown = RwSignal::new(false);
    let alive = RwSignal::new(false);
    Effect::new(move || alive.set(true));
    let label = move || {
        if shown.get() {
            t_string!(i18n, login.hide_password)
        } else {
            t_string!(i18n, login.show_password)
        }
    };
    view! {
        <label class="label" for="password">
            {say!(i18n, login.password)}
        </label>
        <div class="pw">
            <input
                class="input"
                id="password"
                name="password"
                r#type=move || if shown.get() { "text" } else { "password" }
                autocomplete=autocomplete
                aria-describedby=described_by
                aria-invalid=move || invalid.get().then_some("true")
                required
            />
            <button
                type="button"
                class="btn quiet icon"
                hidden=move || !alive.get()
                aria-pressed=move || shown.get().to_string()
                aria-label=label
                title=label
                on:click=move |_| shown.update(|shown| *shown = !*shown)
            >
                <Icon glyph=Glyph::Eye />
            </button>
        </div>
    }
}
