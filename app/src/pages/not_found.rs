use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::{Empty, Glyph},
    i18n::{t, t_string, use_i18n},
    platform,
};

/// There is no page at this address. Answered with 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    platform::answer_not_found();
    view! {
        <Title text=move || t_string!(i18n, common.not_found.title) />
        <main class="alone" id="content">
            <h1 class="sr">{t!(i18n, common.not_found.title)}</h1>
            <Empty
                glyph=Glyph::Question
                title=Signal::derive(move || t_string!(i18n, common.not_found.title).to_owned())
                text=Signal::derive(move || t_string!(i18n, common.not_found.text).to_owned())
            >
                <div class="btns">
                    <a class="btn primary" href="/">
                        {t!(i18n, common.not_found.go)}
                    </a>
                </div>
            </Empty>
        </main>
    }
    .into_any()
}
