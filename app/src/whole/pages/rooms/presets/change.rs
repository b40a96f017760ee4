//! What can be done with one preset: rename, move, begin with it, overwrite, delete.

use leptos::{ev::MouseEvent, prelude::*, server_fn::ServerFn as _};
use reelroom_domain::preset::{DefaultFor, Move, PresetName};

use super::{START_FORM, row::Own, save::save};
use crate::{
    i18n::{t_string, use_i18n},
    server_fns::{DefaultPreset, DeletePreset, MovePreset, RenamePreset, SavePreset},
    whole::components::{Glyph, Icon},
};

/// The form. Its first button renames, since that is what Enter in the field means.
#[component]
pub fn Change(own: Own) -> impl IntoView {
    let i18n = use_i18n();
    let (hand, id) = (own.hand, own.id);
    let first = untrack(|| own.name());
    let name = RwSignal::new(first.clone());
    let field = format!("preset-name-{id}");
    let rename = move |event: MouseEvent| {
        event.prevent_default();
        hand.deeds().begin();
        hand.deeds().rename.dispatch(RenamePreset {
            room: hand.room(),
            app: hand.app(),
            preset: id.to_string(),
            name: name.get_untracked(),
        });
    };
    let overwrite = move |event: MouseEvent| {
        event.prevent_default();
        save(hand, String::new(), Some(id));
    };
    let delete = move |event: MouseEvent| {
        event.prevent_default();
        hand.deeds().begin();
        hand.deeds().delete.dispatch(DeletePreset {
            room: hand.room(),
            app: hand.app(),
            preset: id.to_string(),
        });
    };
    view! {
        <form method="post" action=RenamePreset::url() class="change-b">
            <input type="hidden" name="room" value=hand.room() />
            <input type="hidden" name="app" value=hand.app() />
            <input type="hidden" name="preset" value=id.to_string() />
            <label class="label" for=field.clone()>
                {told!(i18n, presets.name)}
            </label>
            <div class="go">
                <input
                    class="input"
                    id=field
                    name="name"
                    value=first
                    maxlength=PresetName::LONGEST.to_string()
                    autocomplete="off"
                    on:input:target=move |event| name.set(event.target().value())
                />
                <button class="btn" on:click=rename>
                    {told!(i18n, presets.rename)}
                </button>
            </div>
            <div class="btns">
                <Step own=own step=Move::Up />
                <Step own=own step=Move::Down />
                <Begin own=own which=DefaultFor::Room />
                <Begin own=own which=DefaultFor::All />
                <button
                    form=START_FORM
                    formaction=SavePreset::url()
                    name="preset"
                    value=id.to_string()
                    class="btn"
                    on:click=overwrite
                >
                    {told!(i18n, presets.overwrite)}
                </button>
                <button
                    formaction=DeletePreset::url()
                    class="btn danger"
                    aria-label=move || t_string!(i18n, presets.delete_that, name = own.name())
                    on:click=delete
                >
                    {told!(i18n, presets.delete)}
                </button>
            </div>
        </form>
    }
}

/// Moves it past its neighbour on one side; where there is none, no button.
#[component]
fn Step(own: Own, step: Move) -> impl IntoView {
    let i18n = use_i18n();
    let button = StoredValue::new(format!("preset-{}-{}", step.as_str(), own.id));
    let glyph = match step {
        Move::Up => Glyph::Up,
        Move::Down => Glyph::Down,
    };
    let label = move || match step {
        Move::Up => t_string!(i18n, presets.up, name = own.name()),
        Move::Down => t_string!(i18n, presets.down, name = own.name()),
    };
    view! {
        <button
            formaction=MovePreset::url()
            name="past"
            value=move || own.past(step)
            class="btn icon"
            id=button.get_value()
            aria-label=label
            hidden=move || own.past(step).is_none()
            on:click=move |event| {
                event.prevent_default();
                own.go(step, button.get_value());
            }
        >
            <Icon glyph=glyph />
        </button>
    }
}

/// Lets forms begin with it, or no longer.
#[component]
fn Begin(own: Own, which: DefaultFor) -> impl IntoView {
    let i18n = use_i18n();
    let on = move || match which {
        DefaultFor::Room => own.for_room(),
        DefaultFor::All => own.for_all(),
    };
    let word = move || {
        let off = if on() { " off" } else { "" };
        format!("{}{off}", which.as_str())
    };
    let label = move || match which {
        DefaultFor::Room => t_string!(i18n, presets.begin_room),
        DefaultFor::All => t_string!(i18n, presets.begin_all),
    };
    let hand = own.hand;
    let set = move |event: MouseEvent| {
        event.prevent_default();
        hand.deeds().begin();
        hand.deeds().default.dispatch(DefaultPreset {
            room: hand.room(),
            app: hand.app(),
            preset: own.id.to_string(),
            begin: untrack(word),
        });
    };
    view! {
        <button
            formaction=DefaultPreset::url()
            name="begin"
            value=word
            class="btn"
            aria-pressed=move || if on() { "true" } else { "false" }
            on:click=set
        >
            <Show when=on>
                <Icon glyph=Glyph::Check />
            </Show>
            {label}
        </button>
    }
}
