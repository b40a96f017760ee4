//! What stands in the start form, field by field, and what is wrong with it.

use leptos::prelude::*;
use reelroom_domain::order::{self, BadPath, StartForm, StoragePath, USER_DATA_BYTES};

use crate::whole::components::{composer::RuleState, tie, tie_tick};

/// The fields, each beside its element of the same id. What they are given here, the page shows.
#[derive(Clone, Copy)]
pub struct FormState {
    /// The naming rule.
    pub rule: RuleState,
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
    /// What stood in the form before it was filled in, or before that was taken back.
    before: RwSignal<Option<StartForm>>,
}

impl FormState {
    /// Begins with `first`; `before` is what can be had back. The rule has begun by itself.
    pub fn new(rule: RuleState, first: &StartForm, before: Option<StartForm>) -> Self {
        let form = Self {
            rule,
            path: RwSignal::new(first.path.clone()),
            kind: RwSignal::new(first.kind.clone()),
            user_data: RwSignal::new(first.user_data.clone()),
            stop_after: RwSignal::new(first.stop_after.clone()),
            stop_at_end: RwSignal::new(first.stop_at_end),
            before: RwSignal::new(before),
        };
        tie("path", form.path);
        tie("kind", form.kind);
        tie("user_data", form.user_data);
        tie("stop_after", form.stop_after);
        tie_tick("stop_at_end", form.stop_at_end);
        form
    }

    /// What stands in it.
    pub fn now(self) -> StartForm {
        StartForm {
            rule: self.rule.text.get(),
            path: self.path.get(),
            user_data: self.user_data.get(),
            kind: self.kind.get(),
            stop_after: self.stop_after.get(),
            stop_at_end: self.stop_at_end.get(),
        }
    }

    /// Puts something else into it. What stood there can be had back.
    pub fn fill(self, form: StartForm) {
        let typed = untrack(|| self.now());
        if typed == form {
            return;
        }
        self.rule.text.set(form.rule);
        self.rule.settle();
        self.path.set(form.path);
        self.user_data.set(form.user_data);
        self.kind.set(form.kind);
        self.stop_after.set(form.stop_after);
        self.stop_at_end.set(form.stop_at_end);
        self.before.set(Some(typed));
    }

    /// Puts back what stood there before; that what stands there now can be had back in turn.
    pub fn take_back(self) {
        if let Some(before) = self.before.get_untracked() {
            self.fill(before);
        }
    }

    /// Whether there is something to have back.
    pub fn can_take_back(self) -> bool {
        let now = self.now();
        self.before
            .with(|before| before.as_ref().is_some_and(|before| *before != now))
    }

    /// What is wrong with the storage path.
    pub fn bad_path(self) -> Option<BadPath> {
        self.path.with(|path| StoragePath::parse(path).err())
    }

    /// Whether the minutes are none.
    pub fn bad_minutes(self) -> bool {
        self.stop_after
            .with(|typed| order::stop_after(typed).is_err())
    }

    /// Whether the user data is too long.
    pub fn bad_data(self) -> bool {
        self.user_data.with(String::len) > USER_DATA_BYTES
    }

    /// The ids of the fields that cannot be sent as they are, in the order of the page.
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
