use leptos::prelude::*;

use crate::{
    i18n::use_i18n,
    start::{Theme, language_tag},
    whole::platform,
};

/// Keeps `<html lang>` and `<html data-theme>` as they were chosen. Shows nothing.
#[component]
pub fn FollowLanguage() -> impl IntoView {
    let i18n = use_i18n();
    let theme = expect_context::<RwSignal<Theme>>();
    Effect::new(move || platform::mark_page("lang", language_tag(i18n.get_locale())));
    Effect::new(move || platform::mark_page("data-theme", theme.get().as_str()));
}
