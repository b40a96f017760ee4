//! The actions on one preset: rename, move, make default, overwrite, delete.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    ids::PresetId,
    preset::{DefaultFor, Move, PresetName, PresetView, Presets},
    view::RoomView,
};

use crate::{
    components::{Glyph, Icon},
    islands::START_FORM,
    pages::rooms::room::context::room_fields,
    server_fns::{DefaultPreset, DeletePreset, MovePreset, RenamePreset, SavePreset},
    this_page::locale,
};

/// The form. Its first button renames, because Enter in the field presses it.
pub fn change(view: &RoomView, preset: &PresetView) -> impl IntoView + use<> {
    let locale = locale();
    let id = preset.id.to_string();
    let name = preset.name.as_str().to_owned();
    let field = format!("preset-name-{id}");
    let (above, below) = neighbours(&view.presets, preset);
    view! {
        <form method="post" action=RenamePreset::url() class="change-b">
            {room_fields(view)}
            <input type="hidden" name="preset" value=id.clone() />
            <label class="label" for=field.clone()>{say!(locale, common.word.name)}</label>
            <div class="go">
                <input
                    class="input"
                    id=field
                    name="name"
                    value=name.clone()
                    maxlength=PresetName::LONGEST.to_string()
                    autocomplete="off"
                />
                <button class="btn">{say!(locale, common.action.rename)}</button>
            </div>
            <div class="btns">
                {above.map(|past| step(preset, Move::Up, past))}
                {below.map(|past| step(preset, Move::Down, past))}
                {begin(DefaultFor::Room, preset.for_room)}
                {begin(DefaultFor::All, preset.for_all)}
                <button
                    form=START_FORM
                    formaction=SavePreset::url()
                    name="preset"
                    value=id
                    class="btn"
                >
                    {say!(locale, presets.overwrite)}
                </button>
                <button
                    formaction=DeletePreset::url()
                    class="btn danger"
                    aria-label=say!(locale, presets.delete_that, name = name)
                >
                    {say!(locale, common.action.delete)}
                </button>
            </div>
        </form>
    }
}

/// The button that moves the preset past its neighbour on one side.
fn step(preset: &PresetView, step: Move, past: PresetId) -> impl IntoView + use<> {
    let locale = locale();
    let name = preset.name.as_str().to_owned();
    let (glyph, label) = match step {
        Move::Up => (Glyph::Up, say!(locale, presets.up, name = name)),
        Move::Down => (Glyph::Down, say!(locale, presets.down, name = name)),
    };
    view! {
        <button
            formaction=MovePreset::url()
            name="past"
            value=format!("{} {past}", step.as_str())
            class="btn icon"
            id=format!("preset-{}-{}", step.as_str(), preset.id)
            aria-label=label
        >
            <Icon glyph=glyph />
        </button>
    }
}

/// The button that makes the preset the default, or removes the default.
fn begin(which: DefaultFor, on: bool) -> impl IntoView {
    let locale = locale();
    let word = match which {
        DefaultFor::Room => say!(locale, presets.begin_room),
        DefaultFor::All => say!(locale, presets.begin_all),
    };
    let off = if on { " off" } else { "" };
    view! {
        <button
            formaction=DefaultPreset::url()
            name="begin"
            value=format!("{}{off}", which.as_str())
            class="btn"
            aria-pressed=on.to_string()
        >
            {word}
        </button>
    }
}

/// The neighbours that a preset of the list can be moved past, before and after it. Defaults are always
/// listed above the others, so a move stays within one group.
fn neighbours(presets: &Presets, preset: &PresetView) -> (Option<PresetId>, Option<PresetId>) {
    let rank = |preset: &PresetView| (preset.for_room, preset.for_all && !preset.for_room);
    let list = presets.list.iter();
    let group = list.filter(|other| rank(other) == rank(preset));
    let group: Vec<PresetId> = group.map(|other| other.id).collect();
    let mut sides = group.split(|id| *id == preset.id);
    let before = sides.next().and_then(<[_]>::last).copied();
    let after = sides.next().and_then(<[_]>::first).copied();
    (before, after)
}

#[cfg(test)]
mod tests {
    use reelroom_domain::order::StartForm;

    use super::*;

    fn preset(digit: char, for_room: bool, for_all: bool) -> PresetView {
        PresetView {
            id: digit.to_string().repeat(32).parse().unwrap(),
            name: PresetName::parse("x").unwrap(),
            form: StartForm::default(),
            for_room,
            for_all,
        }
    }

    #[test]
    fn a_preset_moves_past_what_stands_beside_it() {
        let presets = Presets {
            list: vec![
                preset('1', false, false),
                preset('2', false, true),
                preset('3', false, false),
                preset('4', true, true),
            ],
            ..Presets::default()
        };
        let id = |index: usize| presets.list[index].id;
        let neighbours = |index: usize| neighbours(&presets, &presets.list[index]);
        assert_eq!(neighbours(0), (None, Some(id(2))));
        assert_eq!(neighbours(2), (Some(id(0)), None));
        assert_eq!(neighbours(1), (None, None));
        assert_eq!(neighbours(3), (None, None));
    }
}
