use leptos::prelude::*;

use crate::{
    components::{Empty, Glyph, PageTitle},
    i18n::use_i18n,
    platform,
};

/// There is no page at this address. Answered with 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let i18n = use_i18n();
    platform::answer_not_found();
    view! {
        <PageTitle text=say!(i18n, common.not_found.title) />
        <main class="alone" id="content">
            <h1 class="sr">{say!(i18n, common.not_found.title)}</h1>
            <Empty
                glyph=Glyph::Question
                title=say!(i18n, common.not_found.title)
                text=say!(i18n, common.not_found.text)
            >
                <div class="btns">
                    <a class="btn primary" href="/">
                        {say!(i18n, common.not_found.go)}
                    </a>
                </div>
            </Empty>
        </main>
    }
    .into_any()
}
