//! What people say of the room: its star, its title, whether it is hidden.

use leptos::{form::ActionForm, html, prelude::*};
use reelroom_domain::room::RoomTitle;

use super::{always::AlwaysForm, panel::Room};
use crate::{
    i18n::{t_string, use_i18n},
    whole::components::{Glyph, Icon},
};

/// Puts the room above the others, or back among them.
#[component]
pub fn Star() -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let id = room.view.with_untracked(|view| view.room.to_string());
    let label = Memo::new(move |_| room.view.with(|view| view.label.clone()));
    let starred = move || label.with(|label| label.starred);
    let word = move || {
        if starred() {
            t_string!(i18n, rooms.label.unstar)
        } else {
            t_string!(i18n, rooms.label.star)
        }
    };
    view! {
        <ActionForm action=room.deeds.label>
            <input type="hidden" name="room" value=id />
            <input type="hidden" name="app" value=room.app_id() />
            <input type="hidden" name="title" value=move || label.with(|label| String::from(label.title.clone())) />
            <input type="hidden" name="starred" value=move || if starred() { "" } else { "yes" } />
            <input
                type="hidden"
                name="hidden"
                value=move || if label.with(|label| label.hidden) { "yes" } else { "" }
            />
            <button
                class="btn quiet icon star"
                aria-label=word
                title=word
                aria-pressed=move || if starred() { "true" } else { "false" }
            >
                <Icon glyph=Glyph::Star />
            </button>
        </ActionForm>
    }
}

/// The small form for the title and the place in the lists.
#[component]
pub fn LabelMenu() -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let (id, first) = room
        .view
        .with_untracked(|view| (view.room.to_string(), view.label.clone()));
    let starred = move || room.view.with(|view| view.label.starred);
    let wrong = move || {
        room.deeds.label.value().with(
            |value| matches!(value, Some(Err(error)) if error.problems_of("title").count() > 0),
        )
    };
    let menu = NodeRef::<html::Details>::new();
    // What was saved shows in the page's head; what was not taken is still here.
    Effect::new(move |_| {
        let saved = room
            .deeds
            .label
            .value()
            .with(|value| matches!(value, Some(Ok(()))));
        if saved && let Some(menu) = menu.get_untracked() {
            menu.set_open(false);
        }
    });
    view! {
        <details class="drop addroom label-menu" node_ref=menu>
            <summary class="btn quiet icon" aria-label=told!(i18n, rooms.label.edit)>
                <Icon glyph=Glyph::Pencil />
            </summary>
            <div class="menu">
                <ActionForm action=room.deeds.label attr:class="label-form">
                    <input type="hidden" name="room" value=id />
                    <input type="hidden" name="app" value=room.app_id() />
                    <input
                        type="hidden"
                        name="starred"
                        value=move || if starred() { "yes" } else { "" }
                    />
                    <label class="label" for="room-title">
                        {told!(i18n, rooms.label.title)}
                    </label>
                    <div class="go">
                        <input
                            class="input"
                            id="room-title"
                            name="title"
                            value=String::from(first.title)
                            maxlength=RoomTitle::LONGEST.to_string()
                            autocomplete="off"
                            aria-describedby="room-title-hint"
                            aria-invalid=move || wrong().then_some("true")
                        />
                        <button class="btn primary">{told!(i18n, rooms.label.save)}</button>
                    </div>
                    <p class="hint" id="room-title-hint" aria-live="polite">
                        {move || {
                            if wrong() {
                                t_string!(i18n, rooms.label.title_wrong)
                            } else {
                                t_string!(i18n, rooms.label.title_hint)
                            }
                        }}
                    </p>
                    <label class="switch">
                        <input type="checkbox" name="hidden" value="yes" checked=first.hidden />
                        <i></i>
                        {told!(i18n, rooms.label.hide)}
                    </label>
                    <p class="hint">{told!(i18n, rooms.label.hide_hint)}</p>
                </ActionForm>
                <AlwaysForm />
            </div>
        </details>
    }
}
