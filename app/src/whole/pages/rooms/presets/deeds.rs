//! What can be done with presets, and why it was not.

use leptos::prelude::*;

use crate::{
    error::ApiError,
    i18n::{Locale, td_string},
    server_fns::{DefaultPreset, DeletePreset, FillIn, MovePreset, RenamePreset, SavePreset},
    whole::action::action,
};

/// What can be done with presets.
#[derive(Clone, Copy)]
pub struct PresetDeeds {
    /// Saves the form, as a new one or in place of one.
    pub save: ServerAction<SavePreset>,
    /// Gives one another name.
    pub rename: ServerAction<RenamePreset>,
    /// Moves one past its neighbour.
    pub step: ServerAction<MovePreset>,
    /// Lets forms begin with one.
    pub default: ServerAction<DefaultPreset>,
    /// Forgets one.
    pub delete: ServerAction<DeletePreset>,
    /// Fills the form in; never called in the browser, where the page does it.
    fill: ServerAction<FillIn>,
}

impl PresetDeeds {
    /// Nothing was done yet, but for what a plain form brought back.
    pub fn new() -> Self {
        Self {
            save: action(),
            rename: action(),
            step: action(),
            default: action(),
            delete: action(),
            fill: action(),
        }
    }

    /// Grows with each deed that is done.
    pub fn done(self) -> usize {
        self.save.version().get()
            + self.rename.version().get()
            + self.step.version().get()
            + self.default.version().get()
            + self.delete.version().get()
    }

    /// Another deed begins: what came of the last one is of no interest.
    pub fn begin(self) {
        self.save.value().set(None);
        self.rename.value().set(None);
        self.step.value().set(None);
        self.default.value().set(None);
        self.delete.value().set(None);
        self.fill.value().set(None);
    }

    /// Why the last deed was not done.
    pub fn wrong(self) -> Option<ApiError> {
        let save = self.save.value().get().and_then(Result::err);
        save.or_else(|| self.rename.value().get()?.err())
            .or_else(|| self.step.value().get()?.err())
            .or_else(|| self.default.value().get()?.err())
            .or_else(|| self.delete.value().get()?.err())
            .or_else(|| self.fill.value().get()?.err())
    }

    /// Whether the name under which the form was to be saved is another preset's.
    pub fn name_is_taken(self) -> bool {
        self.save
            .value()
            .get()
            .and_then(Result::err)
            .is_some_and(|error| error.problems_of("preset_name").any(|code| code == "taken"))
    }
}

/// What happened, and what is true now.
pub fn words(locale: Locale, error: &ApiError) -> &'static str {
    match error {
        ApiError::NotFound => td_string!(locale, presets.wrong.gone),
        ApiError::SignedOut => td_string!(locale, common.error.signed_out),
        ApiError::Forbidden => td_string!(locale, common.error.forbidden),
        ApiError::Invalid { .. } => match error.problems_of("preset_name").next() {
            // What is wrong stands at the field of the start form.
            None => td_string!(locale, presets.wrong.over_limit),
            Some("full") => td_string!(locale, presets.wrong.full),
            Some("taken") => td_string!(locale, presets.wrong.taken),
            Some("too_long" | "control") => td_string!(locale, presets.wrong.name),
            _ => td_string!(locale, presets.wrong.empty),
        },
        _ => td_string!(locale, presets.wrong.unavailable),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_gone_is_said_to_be_gone() {
        assert!(words(Locale::en, &ApiError::NotFound).contains("deleted"));
        let taken = ApiError::invalid("preset_name", "taken");
        assert_ne!(
            words(Locale::zh_CN, &taken),
            words(Locale::zh_CN, &ApiError::invalid("preset_name", "empty"))
        );
    }
}
