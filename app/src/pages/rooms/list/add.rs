use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::room::RoomId;

use crate::{
    components::{ErrorNote, Glyph, Icon, Menu},
    current_app::CurrentApp,
    error::ApiError,
    form::failed,
    query::Query,
    server_fns::AddRoom,
    this_page::locale,
};

/// The button with a small form that adds a room by its id.
#[component]
pub fn AddMenu() -> impl IntoView {
    let locale = locale();
    let error = failed::<AddRoom>();
    let is_wrong = matches!(error, Some(ApiError::Invalid { .. }));
    let typed = error
        .as_ref()
        .map(|_| expect_context::<Query>().get("room").to_owned());
    let is_open = error.is_some();
    let hint = if is_wrong {
        say!(locale, rooms.panel.bad_text)
    } else {
        say!(locale, rooms.add.hint)
    };
    view! {
        <Menu
            id="add-menu"
            class="drop addroom"
            button_class="btn quiet icon"
            button=view! { <Icon glyph=Glyph::Plus /> }.into_any()
            label=say!(locale, rooms.add.open)
            open=is_open
        >
            <form method="post" action=AddRoom::url() class="label-form" data-closes="">
                {CurrentApp::expect().field()}
                <label class="label" for="add-room">
                    {say!(locale, rooms.add.label)}
                </label>
                <div class="go">
                    <input
                        class="input mono"
                        id="add-room"
                        name="room"
                        maxlength=RoomId::MAX_BYTES.to_string()
                        required
                        autocomplete="off"
                        value=typed
                        aria-describedby="add-room-hint"
                        aria-invalid=is_wrong.then_some("true")
                    />
                    <button class="btn primary">{say!(locale, rooms.add.go)}</button>
                </div>
                <p class="hint" id="add-room-hint" aria-live="polite">
                    {hint}
                </p>
                {error
                    .filter(|_| !is_wrong)
                    .map(|error| view! { <ErrorNote error=error /> })}
            </form>
        </Menu>
    }
}
