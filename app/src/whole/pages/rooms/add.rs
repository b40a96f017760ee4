//! A room that is not in the list, added by its id.

use leptos::{form::ActionForm, html, prelude::*};
use leptos_router::hooks::{use_navigate, use_query_map};
use reelroom_domain::room::RoomId;

use super::{address::needs_the_browser, loaded::Loaded};
use crate::{
    error::ApiError,
    i18n::{t_string, use_i18n},
    paths,
    server_fns::AddRoom,
    whole::action::action,
    whole::components::{ErrorNote, Glyph, Icon},
    whole::in_app::InApp,
};

/// The button and the small form behind it, for those who may add a room.
#[component]
pub fn AddMenu(loaded: Loaded) -> impl IntoView {
    // It stays while the list cannot be loaded: somebody may be typing.
    let there = Memo::new(move |was: Option<&bool>| {
        let window = loaded.window();
        window.map_or(was == Some(&true), |window| window.role.may_record())
    });
    move || there.get().then(|| view! { <Menu /> })
}

#[component]
fn Menu() -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let in_app = InApp::expect();
    let input = NodeRef::<html::Input>::new();
    let drop = NodeRef::<html::Details>::new();
    let add = action::<AddRoom>();
    let pending = add.pending();
    let error = Memo::new(move |_| add.value().get().and_then(Result::err));
    let wrong = move || error.with(|error| matches!(error, Some(ApiError::Invalid { .. })));
    let other = move || error.get().filter(|_| !wrong());
    let open = move |room: &RoomId| {
        let path = paths::room(&in_app.get_untracked(), room);
        if needs_the_browser(room) {
            // It fails only for an address that is none.
            let _ = window().location().set_href(&path);
        } else {
            navigate(&path, leptos_router::NavigateOptions::default());
        }
    };
    Effect::new(move || match (add.value().get(), input.get_untracked()) {
        (Some(Ok(room)), field) => {
            if let Some(field) = field {
                field.set_value("");
            }
            if let Some(drop) = drop.get_untracked() {
                drop.set_open(false);
            }
            open(&room);
        }
        (Some(Err(_)), Some(field)) => {
            // It fails only where the field is gone.
            let _ = field.focus();
        }
        _ => {}
    });
    // Sent back by the server: as it was left.
    let typed = use_query_map().with_untracked(|query| query.get("room"));
    view! {
        <details class="drop addroom" node_ref=drop open=error.with_untracked(Option::is_some)>
            <summary class="btn quiet icon" aria-label=told!(i18n, rooms.add.open)>
                <Icon glyph=Glyph::Plus />
            </summary>
            <ActionForm action=add attr:class="menu">
                {in_app.field()}
                <label class="label" for="add-room">
                    {told!(i18n, rooms.add.label)}
                </label>
                <div class="go">
                    <input
                        class="input mono"
                        id="add-room"
                        name="room"
                        maxlength="128"
                        required
                        autocomplete="off"
                        value=typed
                        aria-describedby="add-room-hint"
                        aria-invalid=move || wrong().then_some("true")
                        node_ref=input
                    />
                    <button class="btn primary" aria-busy=move || pending.get().then_some("true")>
                        {told!(i18n, rooms.add.go)}
                    </button>
                </div>
                <p class="hint" id="add-room-hint" aria-live="polite">
                    {move || {
                        if wrong() {
                            t_string!(i18n, rooms.panel.bad_text)
                        } else {
                            t_string!(i18n, rooms.add.hint)
                        }
                    }}
                </p>
                {move || other().map(|error| view! { <ErrorNote error=error /> })}
            </ActionForm>
        </details>
    }
}
