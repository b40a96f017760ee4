use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};

use super::{Glyph, Icon};
use crate::{
    i18n::{t_string, use_i18n},
    server_fns::SetTheme,
    start::{Theme, cookie},
    whole::platform,
};

const fn glyph(theme: Theme) -> Glyph {
    match theme {
        Theme::Light => Glyph::Sun,
        Theme::Dark => Glyph::Moon,
        Theme::System => Glyph::Auto,
    }
}

/// Goes to the next theme: at once where scripts run, else by a form.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let theme = expect_context::<RwSignal<Theme>>();
    let switch = move |event: SubmitEvent| {
        event.prevent_default();
        theme.update(|theme| *theme = theme.next());
        platform::keep_choice(cookie::THEME, theme.get_untracked().as_str());
    };
    let label = move || {
        let now = match theme.get() {
            Theme::Light => t_string!(i18n, common.me.theme_light),
            Theme::Dark => t_string!(i18n, common.me.theme_dark),
            Theme::System => t_string!(i18n, common.me.theme_system),
        };
        t_string!(i18n, common.me.switch_theme, now = now)
    };
    view! {
        <form method="post" action=SetTheme::url() on:submit=switch>
            <input type="hidden" name="theme" value=move || theme.get().next().as_str() />
            <button class="btn quiet icon" aria-label=label title=label>
                {move || view! { <Icon glyph=glyph(theme.get()) /> }}
            </button>
        </form>
    }
}
