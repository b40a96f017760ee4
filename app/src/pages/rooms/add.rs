//! A room that is not in the list, opened by its id.

use leptos::{html, prelude::*, web_sys};
use leptos_router::hooks::use_navigate;
use reelroom_domain::room::RoomId;

use super::address::needs_the_browser;
use crate::{
    components::{Glyph, Icon},
    i18n::{t_string, use_i18n},
    in_app::InApp,
    paths,
};

/// The button and the small form behind it. A plain browser is answered by [`NoRoom`](super::NoRoom).
#[component]
pub fn AddRoom() -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let in_app = InApp::expect();
    let input = NodeRef::<html::Input>::new();
    let drop = NodeRef::<html::Details>::new();
    let wrong = RwSignal::new(false);
    let open = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let Some(input) = input.get_untracked() else {
            return;
        };
        let Ok(room) = RoomId::new(input.value()) else {
            wrong.set(true);
            // It fails only where the field is gone.
            let _ = input.focus();
            return;
        };
        wrong.set(false);
        input.set_value("");
        if let Some(drop) = drop.get_untracked() {
            drop.set_open(false);
        }
        let path = paths::room(&in_app.get_untracked(), &room);
        if needs_the_browser(&room) {
            // It fails only for an address that is none.
            let _ = window().location().set_href(&path);
        } else {
            navigate(&path, leptos_router::NavigateOptions::default());
        }
    };
    view! {
        <details class="drop addroom" node_ref=drop>
            <summary class="btn quiet icon" aria-label=say!(i18n, rooms.add.open)>
                <Icon glyph=Glyph::Plus />
            </summary>
            <form class="menu" method="get" action="/" on:submit=open>
                {in_app.field()}
                <label class="label" for="add-room">
                    {say!(i18n, rooms.add.label)}
                </label>
                <div class="go">
                    <input
                        class="input mono"
                        id="add-room"
                        name="room"
                        maxlength="128"
                        required
                        autocomplete="off"
                        aria-describedby="add-room-hint"
                        aria-invalid=move || wrong.get().then_some("true")
                        node_ref=input
                    />
                    <button class="btn primary">{say!(i18n, rooms.add.go)}</button>
                </div>
                <p class="hint" id="add-room-hint" aria-live="polite">
                    {move || {
                        if wrong.get() {
                            t_string!(i18n, rooms.panel.bad_text)
                        } else {
                            t_string!(i18n, rooms.add.hint)
                        }
                    }}
                </p>
            </form>
        </details>
    }
}
