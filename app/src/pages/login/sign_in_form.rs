use leptos::{prelude::*, server_fn::ServerFn};

use crate::{components::ErrorNote, form::failed, server_fns::SignIn, this_page::locale};

/// The sign-in form. After an error it keeps the name, but not the password.
#[component]
pub fn SignInForm(
    /// The name that was typed.
    name: String,
    /// The page to go to afterwards.
    next: String,
) -> impl IntoView {
    let locale = locale();
    view! {
        <form method="post" action=SignIn::url() class="stack-form">
            <div>
                <h1>{say!(locale, login.title)}</h1>
                <p class="lead">{say!(locale, login.lead)}</p>
            </div>
            {failed::<SignIn>().map(|error| view! { <ErrorNote error=error /> })}
            <input type="hidden" name="next" value=next />
            <label class="field">
                <span class="label">{say!(locale, login.name)}</span>
                <input
                    class="input"
                    name="name"
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    value=name
                    required
                    autofocus
                />
            </label>
            <label class="field">
                <span class="label">{say!(locale, login.password)}</span>
                <input
                    class="input"
                    name="password"
                    type="password"
                    autocomplete="current-password"
                    required
                />
            </label>
            <button class="btn primary lg">{say!(locale, login.submit)}</button>
            <p class="hint">{say!(locale, login.no_account)}</p>
        </form>
    }
}
