use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::password::PasswordField;
use crate::{
    action::action,
    components::{ErrorNote, Glyph, Icon},
    i18n::use_i18n,
    server_fns::SignIn,
};

/// Name and password. Without scripts the page comes back with what was typed, but the password.
#[component]
pub fn SignInForm() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let from_query = move |key: &str| {
        query
            .with_untracked(|query| query.get(key))
            .unwrap_or_default()
    };
    let action = action::<SignIn>();
    let error = move || action.value().get().and_then(Result::err);
    let pending = action.pending();
    view! {
        <ActionForm action=action attr:class="stack-form">
            <div>
                <h1>{say!(i18n, login.title)}</h1>
                <p class="lead">{say!(i18n, login.lead)}</p>
            </div>
            {move || error().map(|error| view! { <ErrorNote error=error /> })}
            <input type="hidden" name="next" value=from_query("next") />
            <label class="field">
                <span class="label">{say!(i18n, login.name)}</span>
                <input
                    class="input"
                    name="name"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    value=from_query("name")
                    required
                    autofocus
                />
            </label>
            <div class="field">
                <PasswordField autocomplete="current-password" />
            </div>
            <button class="btn primary lg" aria-busy=move || pending.get().then_some("true")>
                {move || {
                    pending.get().then(|| view! { <Icon glyph=Glyph::Spinner class="spin" /> })
                }}
                {say!(i18n, login.submit)}
            </button>
            <p class="hint">{say!(i18n, login.no_account)}</p>
        </ActionForm>
    }
}
