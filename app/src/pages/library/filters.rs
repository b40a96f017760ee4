use std::time::Duration;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::Form, hooks::use_navigate};
use reelroom_domain::search::SearchText;

use super::{Asked, keys::FIND};
use crate::{
    components::{Glyph, Icon, SubmitFallback, search_field},
    i18n::use_i18n,
    in_app::InApp,
    paths, platform,
};

/// How long typing may pause before the list follows it.
const PAUSE: Duration = Duration::from_millis(250);

/// Search and room. A plain form with the answer in the address; where scripts run, the list follows
/// the typing.
#[component]
pub fn Filters(
    /// What the address asks for.
    asked: Memo<Asked>,
) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let in_app = InApp::expect();
    let mut follow = platform::debounced(PAUSE, move |search: String| {
        if asked.with_untracked(|asked| asked.search != search) {
            let room = asked.with_untracked(|asked| asked.room.clone());
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..NavigateOptions::default()
            };
            navigate(
                &paths::library(&in_app.get_untracked(), &search, &room, ""),
                options,
            );
        }
    });
    let field = search_field(Signal::derive(move || {
        asked.with(|asked| asked.search.clone())
    }));
    let room = move || asked.with(|asked| asked.room.clone());
    view! {
        <Form method="GET" action="/recordings" attr:class="filters" attr:role="search">
            {in_app.field()}
            <label class="search">
                <span class="sr">{say!(i18n, library.find)}</span>
                <Icon glyph=Glyph::Search />
                <input
                    class="input"
                    r#type="search"
                    maxlength=SearchText::MAX_BYTES.to_string()
                    name="q"
                    id=FIND
                    placeholder=say!(i18n, library.find)
                    node_ref=field
                    value=asked.with_untracked(|asked| asked.search.clone())
                    on:input:target=move |event| follow(event.target().value())
                />
            </label>
            <SubmitFallback label=say!(i18n, common.action.search) />
            {move || {
                (!room().is_empty())
                    .then(|| {
                        let without = asked.with(|asked| {
                            paths::library(&in_app.get(), &asked.search, "", "")
                        });
                        view! {
                            <input type="hidden" name="room" value=room() />
                            <span class="chip on">
                                {say!(i18n, library.room)} <b>{room()}</b>
                                <a
                                    class="chip-x"
                                    href=without
                                    aria-label=say!(i18n, library.remove_room)
                                >
                                    <Icon glyph=Glyph::X />
                                </a>
                            </span>
                        }
                    })
            }}
        </Form>
    }
}
