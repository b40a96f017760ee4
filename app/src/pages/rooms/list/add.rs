use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::room::RoomId;

use crate::{
    components::{ErrorNote, Glyph, Icon},
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
        <details class="drop addroom" open=is_open>
            <summary class="btn quiet icon" aria-label=say!(locale, rooms.add.open)>
                <Icon glyph=Glyph::Plus />
            </summary>
            <form method="post" action=AddRoom::url() class="menu" data-closes="">
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
        </details>
    }
}
