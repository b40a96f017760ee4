use std::time::Duration;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::Form, hooks::use_navigate};
use reelroom_domain::{inbox::InboxOnly, search::SearchText};

use super::{address::Asked, keys::FIND};
use crate::{
    i18n::{Locale, td_string, use_i18n},
    whole::components::{Glyph, Icon, SubmitFallback, search_field},
    whole::platform,
};

/// How long typing may pause before the list follows it.
const PAUSE: Duration = Duration::from_millis(250);

/// Search, and what else narrows the list. A plain form with the answer in the address; where
/// scripts run, the list follows.
#[component]
pub fn Search(asked: Memo<Asked>) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let go = move |asked: Asked| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&asked.path(), options);
    };
    let narrow = {
        let go = go.clone();
        move |only: InboxOnly| {
            go(Asked {
                only,
                before: String::new(),
                ..asked.get_untracked()
            });
        }
    };
    let mut follow = platform::debounced(PAUSE, move |search: String| {
        let before = asked.get_untracked();
        if before.search != search {
            go(Asked {
                search,
                before: String::new(),
                ..before
            });
        }
    });
    let field = search_field(Signal::derive(move || {
        asked.with(|asked| asked.search.clone())
    }));
    view! {
        <Form method="GET" action="/callbacks" attr:class="inbox-f" attr:role="search">
            <label class="search">
                <span class="sr">{told!(i18n, callbacks.list.find)}</span>
                <Icon glyph=Glyph::Search />
                <input
                    class="input"
                    r#type="search"
                    maxlength=SearchText::MAX_BYTES.to_string()
                    name="q"
                    id=FIND
                    node_ref=field
                    autocomplete="off"
                    placeholder=told!(i18n, callbacks.list.find)
                    value=asked.with_untracked(|asked| asked.search.clone())
                    on:input:target=move |event| follow(event.target().value())
                />
            </label>
            <select
                class="input"
                name="only"
                aria-label=told!(i18n, callbacks.only.title)
                on:change:target=move |event| narrow(InboxOnly::read(&event.target().value()))
            >
                {InboxOnly::ALL
                    .iter()
                    .map(|only| {
                        let only = *only;
                        view! {
                            <option
                                value=only.as_str()
                                selected=move || asked.with(|asked| asked.only == only)
                            >
                                {move || only_word(i18n.get_locale(), only)}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
            {move || {
                let show = asked.with(|asked| asked.show.as_str());
                (!show.is_empty()).then(|| view! { <input type="hidden" name="show" value=show /> })
            }}
            <SubmitFallback label=told!(i18n, common.action.search) />
            {move || {
                let room = asked.with(|asked| asked.room.clone());
                (!room.is_empty())
                    .then(|| {
                        let without = Asked { room: String::new(), ..asked.get() }.path();
                        view! {
                            <input type="hidden" name="room" value=room.clone() />
                            <span class="chip on">
                                {told!(i18n, callbacks.list.room)} <b>{room}</b>
                                <a
                                    class="chip-x"
                                    href=without
                                    aria-label=told!(i18n, callbacks.list.remove_room)
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

fn only_word(locale: Locale, only: InboxOnly) -> &'static str {
    match only {
        InboxOnly::Everything => td_string!(locale, callbacks.only.everything),
        InboxOnly::Files => td_string!(locale, callbacks.only.files),
        InboxOnly::Status => td_string!(locale, callbacks.only.status),
        InboxOnly::Tests => td_string!(locale, callbacks.only.tests),
        InboxOnly::Dealt => td_string!(locale, callbacks.only.dealt),
        InboxOnly::LookedUp => td_string!(locale, callbacks.only.looked_up),
    }
}
