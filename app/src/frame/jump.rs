use leptos::prelude::*;
use reelroom_domain::search::SearchText;

use crate::{
    components::{Glyph, Icon},
    current_app::CurrentApp,
    this_page::locale,
};

/// The jump dialog, which `Ctrl K` opens. Its results come from `/jump` (see `jump.js`).
#[component]
pub fn JumpDialog() -> impl IntoView {
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
