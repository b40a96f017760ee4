//! Presets: fill in, save, rename and reorder. Each button posts its own form: buttons that need the typed
//! values belong to the start form (by its id), others to a separate form.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    preset::{PresetName, PresetView},
    view::RoomView,
};

use super::change::change;
use crate::{
    components::{Glyph, Icon, Menu},
    error::ApiError,
    form::{failed, typed},
    i18n::{Locale, td},
    islands::{START_FORM, unlisted_kind},
    lint_line::{Level, LintLine},
    server_fns::{DefaultPreset, DeletePreset, FillIn, MovePreset, RenamePreset, SavePreset},
    this_page::locale,
};

/// The button with the name of the current preset, the list, and the undo button.
pub fn preset_menu(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let wrong = wrong();
    let held = view.presets.held_by(&view.form);
    let held = held.map_or(say!(locale, common.word.none), |preset| {
        preset.name.as_str()
    });
    let before = view.presets.before.as_ref();
    let undo = before.is_some_and(|before| *before != view.form).then(|| {
        view! {
            <button
                form=START_FORM
                formaction=FillIn::url()
                name="with"
                value="before"
                class="btn quiet take-back"
            >
                <Icon glyph=Glyph::History />
                {say!(locale, common.action.undo)}
            </button>
            <span class="sr" role="status">{say!(locale, presets.filled)}</span>
        }
    });
    let trouble = wrong.as_ref().map(|error| {
        let text = words(locale, error);
        view! { <LintLine level=Level::Error>{text}</LintLine> }
    });
    let button = view! {
        <span class="trunc">{say!(locale, presets.label)} " " <b>{held.to_owned()}</b></span>
        <Icon glyph=Glyph::Down />
    };
    let open = wrong.is_some();
    let (offers, save) = (offers(view), save(view));
    view! {
        {undo}
        <Menu id="presets" class="drop presets" button_class="btn" button=button.into_any() open=open>
            <div role="group" aria-label=say!(locale, presets.title)>
                <div role="alert">{trouble}</div>
                {offers}
                {save}
            </div>
        </Menu>
    }
}

/// The error of the last action on a preset.
fn wrong() -> Option<ApiError> {
    failed::<SavePreset>()
        .or_else(failed::<RenamePreset>)
        .or_else(failed::<MovePreset>)
        .or_else(failed::<DefaultPreset>)
        .or_else(failed::<DeletePreset>)
        .or_else(failed::<FillIn>)
}

/// The error and the current state.
fn words(locale: Locale, error: &ApiError) -> &'static str {
    match error {
        ApiError::NotFound => say!(locale, presets.wrong.gone),
        ApiError::SignedOut => say!(locale, common.error.signed_out),
        ApiError::Forbidden => say!(locale, common.error.forbidden),
        ApiError::Invalid { .. } => match error.problem_of("preset_name") {
            // Shown at the field of the start form.
            None => say!(locale, presets.wrong.over_limit),
            Some("full") => say!(locale, presets.wrong.full),
            Some("taken") => say!(locale, presets.wrong.taken),
            Some("too_long" | "control") => say!(locale, presets.wrong.name),
            _ => say!(locale, presets.wrong.empty),
        },
        _ => say!(locale, presets.wrong.unavailable),
    }
}

/// The presets and other values that can fill in the form, in order.
fn offers(view: &RoomView) -> impl IntoView + use<> {
    let last = view.presets.last_used.as_ref().map(|form| {
        view! {
            <li>
                <button
                    form=START_FORM
                    formaction=FillIn::url()
                    name="with"
                    value="last"
                    class="offer"
                >
                    <span>{say!(locale(), presets.last_used)}</span>
                    <code class="trunc">{form.rule.clone()}</code>
                </button>
            </li>
        }
    });
    let listed = view.presets.offers().into_iter();
    let rows = listed.map(|preset| row(view, preset));
    let none = view.presets.list.is_empty();
    view! {
        <ul class="offers">{last} {rows.collect_view()}</ul>
        {none.then(|| view! { <p class="hint">{say!(locale(), presets.empty)}</p> })}
    }
}

/// A preset: a button that fills in the form, a menu of actions, and a warning about its type. Alt with an
/// arrow key moves the preset, like its buttons.
fn row(view: &RoomView, preset: &PresetView) -> impl IntoView + use<> {
    let locale = locale();
    let id = preset.id;
    let name = preset.name.as_str().to_owned();
    let tag = |on: bool, word: &'static str| on.then(|| view! { <i class="tag">{word}</i> });
    let unlisted = unlisted_kind(locale, &view.app.kinds, &preset.form.kind);
    let unlisted = unlisted.map(|text| view! { <LintLine level=Level::Warn>{text}</LintLine> });
    view! {
        <li class="preset" id=format!("preset-{id}")>
            <button
                form=START_FORM
                formaction=FillIn::url()
                name="with"
                value=id.to_string()
                class="offer"
                id=format!("preset-offer-{id}")
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                data-alt-up=format!("preset-up-{id}")
                data-alt-down=format!("preset-down-{id}")
            >
                <span>
                    <span class="trunc">{name.clone()}</span>
                    {tag(preset.for_room, say!(locale, presets.for_room))}
                    {tag(preset.for_all, say!(locale, common.word.all_rooms))}
                </span>
                <code class="trunc">{preset.form.rule.clone()}</code>
            </button>
            <details class="change" id=format!("preset-change-{id}")>
                <summary
                    class="btn quiet icon"
                    aria-label=say!(locale, presets.change, name = name)
                >
                    <Icon glyph=Glyph::Pencil />
                </summary>
                {change(view, preset)}
            </details>
            {unlisted}
        </li>
    }
}

/// The field for the name of a new preset. If the name is taken, a button that overwrites that preset.
fn save(view: &RoomView) -> impl IntoView + use<> {
    const NAME: &str = "preset_name";
    let locale = locale();
    let error = failed::<SavePreset>();
    let typed = typed::<SavePreset>(NAME).unwrap_or_default();
    let is_taken = error.is_some_and(|error| error.problems_of(NAME).any(|code| code == "taken"));
    let namesake = view.presets.list.iter().find(|preset| {
        is_taken && preset.name.as_str().to_lowercase() == typed.trim().to_lowercase()
    });
    let over = namesake.map(|preset| {
        let name = preset.name.as_str().to_owned();
        view! {
            <button
                form=START_FORM
                formaction=SavePreset::url()
                name="preset"
                value=preset.id.to_string()
                class="btn"
            >
                {td!(locale, presets.overwrite_that, name = name)}
            </button>
        }
    });
    view! {
        <div class="save">
            <label class="label" for=NAME>{say!(locale, presets.save_as)}</label>
            <div class="go">
                <input
                    class="input"
                    id=NAME
                    name=NAME
                    form=START_FORM
                    value=typed
                    autocomplete="off"
                    maxlength=PresetName::LONGEST.to_string()
                    data-enter="preset-save"
                />
                <button form=START_FORM formaction=SavePreset::url() class="btn" id="preset-save">
                    {say!(locale, common.action.save)}
                </button>
            </div>
            {over}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deleted_preset_and_a_taken_name_have_their_sentences() {
        assert!(words(Locale::en, &ApiError::NotFound).contains("deleted"));
        let taken = ApiError::invalid("preset_name", "taken");
        let empty = ApiError::invalid("preset_name", "empty");
        assert_ne!(words(Locale::zh_CN, &taken), words(Locale::zh_CN, &empty));
    }
}
