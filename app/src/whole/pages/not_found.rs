use leptos::prelude::*;

use crate::{
    i18n::use_i18n,
    whole::components::{Empty, Glyph, PageTitle},
    whole::platform,
};

/// There is no page at this address. Answered with 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    platform::answer_not_found();
    view! {
        <PageTitle text=told!(i18n, common.not_found.title) />
        <main class="alone" id="content">
            <h1 class="sr">{told!(i18n, common.not_found.title)}</h1>
            <Empty
                glyph=Glyph::Question
                title=told!(i18n, common.not_found.title)
                text=told!(i18n, common.not_found.text)
            >
                <div class="btns">
                    <a class="btn primary" href="/">
                        {told!(i18n, common.not_found.go)}
                    </a>
                </div>
            </Empty>
        </main>
    }
    .into_any()
}
