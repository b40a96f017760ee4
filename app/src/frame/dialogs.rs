//! The dialogs of the keyboard.

use leptos::prelude::*;
use reelroom_domain::search::SearchText;

use crate::{
    components::{Glyph, Icon},
    current_app::CurrentApp,
    this_page::locale,
};

/// The jump dialog, which `Ctrl K` opens. Its results come from `/jump` (see `jump.js`).
pub fn jump_dialog() -> impl IntoView {
    let locale = locale();
    view! {
        <dialog
            class="modal jump"
            id="jump"
            aria-label=say!(locale, keys.jump_label)
            data-from=CurrentApp::expect().to("/jump")
        >
            <div class="modal-b">
                <div class="search">
                    <Icon glyph=Glyph::Search />
                    <input
                        class="input"
                        type="text"
                        role="combobox"
                        maxlength=SearchText::MAX_BYTES.to_string()
                        autofocus
                        autocomplete="off"
                        spellcheck="false"
                        aria-label=say!(locale, keys.jump_label)
                        aria-expanded="true"
                        aria-controls="jump-list"
                        placeholder=say!(locale, keys.jump_hint)
                    />
                </div>
                <div class="found" data-found="" data-kept="">
                    <ul id="jump-list" role="listbox" aria-label=say!(locale, keys.jump_label)></ul>
                </div>
            </div>
        </dialog>
    }
}

/// The help dialog for the keyboard, which `?` opens. `keys.js` lists the keys of the current page.
pub fn keys_help() -> impl IntoView {
    let locale = locale();
    let everywhere = [
        (["Ctrl K", "⌘K"].as_slice(), say!(locale, keys.jump_to)),
        (&["?"], say!(locale, keys.title)),
        (&["J", "K", "↓", "↑"], say!(locale, keys.walk)),
        (&["Enter"], say!(locale, common.news.open)),
        (&["Esc"], say!(locale, common.action.close)),
    ];
    let line = |(keys, what): (&[&'static str], &'static str)| {
        let keys = keys.iter().map(|key| view! { <kbd>{*key}</kbd> });
        view! {
            <dt>{keys.collect_view()}</dt>
            <dd>{what}</dd>
        }
    };
    view! {
        <dialog class="modal keys" id="keys" aria-label=say!(locale, keys.title) data-key="?">
            <div class="modal-b">
                <header>
                    <h2>{say!(locale, keys.title)}</h2>
                    <form method="dialog">
                        <button class="btn quiet icon" aria-label=say!(locale, common.action.close)>
                            <Icon glyph=Glyph::X />
                        </button>
                    </form>
                </header>
                <p class="hint" data-keys-off="" hidden>{say!(locale, keys.off)}</p>
                <h3>{say!(locale, keys.everywhere)}</h3>
                <dl>{everywhere.map(line).into_iter().collect_view()}</dl>
                <h3>{say!(locale, keys.here)}</h3>
                <dl data-here="" data-kept=""></dl>
            </div>
        </dialog>
    }
}
