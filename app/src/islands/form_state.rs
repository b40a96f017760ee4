//! The values of the start form's fields, and their problems.

use leptos::prelude::*;
use reelroom_domain::order::{self, BadPath, StartForm, StoragePath, USER_DATA_BYTES};

use super::{
    composer::RuleState,
    dom::{bind, bind_ticked},
};

/// The fields, each beside its element of the same id.
#[derive(Clone, Copy)]
pub struct FormState {
    /// The storage path.
    pub path: RwSignal<String>,
    /// The platform's `Type`.
    pub kind: RwSignal<String>,
    /// The user's own data.
    pub user_data: RwSignal<String>,
    /// After how many minutes it stops.
    pub stop_after: RwSignal<String>,
    /// Whether it stops when the meeting ends.
    pub stop_at_end: RwSignal<bool>,
    /// The fields that the server rejected.
    refused: StoredValue<Vec<String>>,
    first: StoredValue<StartForm>,
    rule: RuleState,
}

impl FormState {
    /// Starts with the values in `first` and the fields that the server rejected. The rule has its own state.
    pub fn new(rule: RuleState, first: &StartForm, refused: Vec<String>) -> Self {
        let form = Self {
            path: RwSignal::new(first.path.clone()),
            kind: RwSignal::new(first.kind.clone()),
            user_data: RwSignal::new(first.user_data.clone()),
            stop_after: RwSignal::new(first.stop_after.clone()),
            stop_at_end: RwSignal::new(first.stop_at_end),
            refused: StoredValue::new(refused),
            first: StoredValue::new(first.clone()),
            rule,
        };
        bind("path", form.path);
        bind("kind", form.kind);
        bind("user_data", form.user_data);
        bind("stop_after", form.stop_after);
        bind_ticked("stop_at_end", form.stop_at_end);
        form
    }

    /// Whether the server rejected the first value of `field` and the field still holds it.
    pub fn is_refused(self, field: &'static str) -> Signal<bool> {
        let refused = self
            .refused
            .with_value(|refused| refused.iter().any(|name| name == field));
        Signal::derive(move || refused && self.first.with_value(|first| self.holds(field, first)))
    }

    fn holds(self, field: &str, first: &StartForm) -> bool {
        match field {
            "rule" => self.rule.text.with(|text| *text == first.rule),
            "path" => self.path.with(|path| *path == first.path),
            "kind" => self.kind.with(|kind| *kind == first.kind),
            "user_data" => self.user_data.with(|data| *data == first.user_data),
            _ => self.stop_after.with(|minutes| *minutes == first.stop_after),
        }
    }

    /// The problem with the storage path.
    pub fn bad_path(self) -> Option<BadPath> {
        self.path.with(|path| StoragePath::parse(path).err())
    }

    /// Whether the minutes are invalid.
    pub fn bad_minutes(self) -> bool {
        self.stop_after
            .with(|typed| order::stop_after(typed).is_err())
    }

    /// Whether the user data is too long.
    pub fn bad_data(self) -> bool {
        self.user_data.with(String::len) > USER_DATA_BYTES
    }

    /// The ids of the invalid fields, in the order of the page.
    pub fn wrong_fields(self) -> Vec<&'static str> {
        [
            ("stop_after", self.bad_minutes()),
            ("path", self.bad_path().is_some()),
            ("user_data", self.bad_data()),
        ]
        .into_iter()
        .filter_map(|(field, wrong)| wrong.then_some(field))
        .collect()
    }
}
