use leptos::prelude::*;
use reelroom_domain::naming::Token;

use super::{
    editor::Editor,
    menu::{MENU, id_of},
};
use crate::{i18n::Locale, this_page::locale};

/// The list. The focus stays in the field when a pointer chooses a token.
#[component]
pub fn TokenMenu(editor: Editor) -> impl IntoView {
    let locale = locale();
    let menu = editor.menu;
    let lines = move || {
        menu.open.get().map(|open| {
            let line = |(index, token): (usize, Token)| {
                let active = index == open.active;
                view! {
                    <li
                        id=id_of(token)
                        role="option"
                        aria-selected=if active { "true" } else { "false" }
                        on:pointerdown=|event| event.prevent_default()
                        on:click=move |_| editor.choose(Some(token))
                    >
                        <code>{token.as_str()}</code>
                        <span>{meaning(locale, token)}</span>
                    </li>
                }
            };
            open.tokens
                .iter()
                .copied()
                .enumerate()
                .map(line)
                .collect_view()
        })
    };
    view! {
        <ul
            class="menu tokmenu"
            id=MENU
            role="listbox"
            aria-label=say!(locale, composer.menu)
            hidden=move || !menu.shows()
            node_ref=menu.list
        >
            {lines}
        </ul>
    }
}

/// What a token stands for.
pub fn meaning(locale: Locale, token: Token) -> &'static str {
    match token {
        Token::Random => say!(locale, composer.token.random),
        Token::Date => say!(locale, composer.token.date),
        Token::Time => say!(locale, composer.token.time),
        Token::RoomId => say!(locale, composer.token.roomid),
        Token::UserId => say!(locale, composer.token.userid),
    }
}
