use leptos::prelude::*;

use super::{
    Glyph, Icon,
    sidebar::{Section, current},
};
use crate::i18n::{t, t_string, use_i18n};

/// Where to go, at the lower edge of a phone.
#[component]
pub fn TabBar() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav class="tabbar" aria-label=move || t_string!(i18n, common.nav.pages)>
            <a href="/" aria-current=current(Section::Rooms)>
                <Icon glyph=Glyph::Room />
                {t!(i18n, common.nav.rooms)}
            </a>
            <a href="/recordings" aria-current=current(Section::Library)>
                <Icon glyph=Glyph::Library />
                {t!(i18n, common.nav.library)}
            </a>
            <a href="/settings" aria-current=current(Section::Settings)>
                <Icon glyph=Glyph::Sliders />
                {t!(i18n, common.nav.settings)}
            </a>
        </nav>
    }
}
