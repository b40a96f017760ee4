use leptos::{ev::MouseEvent, prelude::*, server_fn::ServerFn};

use crate::{
    i18n::use_i18n,
    server_fns::SetTheme,
    start::{Theme, cookie},
    whole::platform,
};

/// The three themes side by side. At once where scripts run, else by a form.
#[component]
pub fn ThemeChoice() -> impl IntoView {
    let i18n = use_i18n();
    let now = expect_context::<RwSignal<Theme>>();
    let choice = move |theme: Theme| {
        let choose = move |event: MouseEvent| {
            event.prevent_default();
            platform::keep_choice(cookie::THEME, theme.as_str());
            now.set(theme);
        };
        view! {
            <button
                name="theme"
                value=theme.as_str()
                aria-pressed=move || (now.get() == theme).to_string()
                on:click=choose
            >
                {match theme {
                    Theme::System => told!(i18n, settings.system).into_any(),
                    Theme::Light => told!(i18n, settings.light).into_any(),
                    Theme::Dark => told!(i18n, settings.dark).into_any(),
                }}
            </button>
        }
    };
    view! {
        <form
            method="post"
            action=SetTheme::url()
            class="seg"
            aria-label=told!(i18n, settings.theme)
        >
            {Theme::ALL.map(choice).into_iter().collect_view()}
        </form>
    }
}
