//! Presets: fill in, save, rename and reorder. Each button posts its own form: buttons that need the typed
//! values belong to the start form (by its id), others to a separate form.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::view::RoomView;

use super::{offers::offers, save::save};
use crate::{
    components::{Glyph, Icon, Menu},
    error::ApiError,
    form::failed,
    i18n::Locale,
    islands::START_FORM,
    lint_line::{Level, LintLine},
    server_fns::{DefaultPreset, DeletePreset, FillIn, MovePreset, RenamePreset, SavePreset},
    this_page::locale,
};

/// The button with the name of the current preset, the list, and the undo button.
pub fn preset_menu(view: &RoomView) -> impl IntoView + use<> {
    let locale = locale();
    let wrong = wrong();
    let held = view.presets.held_by(&view.form);
    let held = held.map_or(say!(locale, presets.none), |preset| preset.name.as_str());
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
                {say!(locale, presets.undo)}
            </button>
            <span class="sr" role="status">
                {say!(locale, presets.filled)}
            </span>
        }
    });
    let trouble = wrong.as_ref().map(|error| {
        let text = words(locale, error);
        view! {
            <LintLine level=Level::Error>{text}</LintLine>
        }
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
        ApiError::Invalid { .. } => match error.problems_of("preset_name").next() {
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
