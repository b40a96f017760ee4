//! The settings of the trash and of the second administrator.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::{
    time::Timestamp,
    typed::{all_of, form, number, tick},
    usage::DAY,
    words::words,
};

words!(KeepField);

/// The settings of the trash and of the second administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeepSettings {
    /// The days that a recording stays in the trash.
    pub trash_days: u32,
    /// The days after which a request for the consent of a second administrator lapses.
    pub request_days: u32,
    /// Whether “delete now” needs a second administrator.
    pub second_for_delete_now: bool,
    /// Whether releasing a hold needs a second administrator.
    pub second_for_release: bool,
}

impl Default for KeepSettings {
    fn default() -> Self {
        Self {
            trash_days: 30,
            request_days: 3,
            second_for_delete_now: false,
            second_for_release: false,
        }
    }
}

impl KeepSettings {
    /// When a recording that is moved to the trash at `now` is purged.
    pub fn trash_until(&self, now: Timestamp) -> Timestamp {
        now.plus_millis(i64::from(self.trash_days) * DAY)
    }

    /// Whether these demand a second administrator where `after` does not.
    pub const fn is_lifted_by(self, after: Self) -> bool {
        (self.second_for_delete_now && !after.second_for_delete_now)
            || (self.second_for_release && !after.second_for_release)
    }

    /// When a request of `now` lapses.
    pub fn request_until(&self, now: Timestamp) -> Timestamp {
        now.plus_millis(i64::from(self.request_days) * DAY)
    }
}

/// A field of the form of [`KeepSettings`], or of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum KeepField {
    /// Days in the trash: 1 to 3,650.
    TrashDays,
    /// Days until a request lapses: 1 to 90.
    RequestDays,
    /// The second administrator: fewer than two people could serve as one.
    Second,
    /// The reason: 1 to 500 characters.
    Reason,
    /// The words that were to be typed.
    Typed,
    /// The number of a case: 1 to 40 characters, and no other case has it.
    Number,
    /// The name of a case: 1 to 80 characters.
    Name,
    /// The reference of a case: at most 200 characters.
    Reference,
    /// The person or group that may look at a case.
    Looker,
}

form!(
    /// The settings as typed. A box that is not ticked is empty.
    KeepForm {
        /// See [`KeepSettings::trash_days`].
        trash_days,
        /// See [`KeepSettings::request_days`].
        request_days,
    } optional {
        /// See [`KeepSettings::second_for_delete_now`].
        second_for_delete_now,
        /// See [`KeepSettings::second_for_release`].
        second_for_release,
    }
);

impl KeepForm {
    /// The form that shows these settings.
    pub fn of(settings: KeepSettings) -> Self {
        Self {
            trash_days: settings.trash_days.to_string(),
            request_days: settings.request_days.to_string(),
            second_for_delete_now: tick(settings.second_for_delete_now),
            second_for_release: tick(settings.second_for_release),
        }
    }

    /// The settings; the error names the fields that are wrong.
    pub fn read(&self) -> Result<KeepSettings, Vec<KeepField>> {
        let trash_days = number(&self.trash_days, 1..=3650).ok_or(KeepField::TrashDays);
        let request_days = number(&self.request_days, 1..=90).ok_or(KeepField::RequestDays);
        all_of!(
            KeepSettings: trash_days, request_days;
            second_for_delete_now: !self.second_for_delete_now.is_empty(),
            second_for_release: !self.second_for_release.is_empty()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_numbers_of_days_are_named() {
        let form = |trash: &str, request: &str| KeepForm {
            trash_days: trash.to_owned(),
            request_days: request.to_owned(),
            ..KeepForm::default()
        };
        assert_eq!(form("30", " 3 ").read(), Ok(KeepSettings::default()));
        let both = vec![KeepField::TrashDays, KeepField::RequestDays];
        assert_eq!(form("0", "91").read(), Err(both));
        assert_eq!(form("x", "1").read(), Err(vec![KeepField::TrashDays]));
    }

    #[test]
    fn the_form_shows_the_settings_and_reads_them_again() {
        let settings = KeepSettings {
            trash_days: 7,
            second_for_release: true,
            ..KeepSettings::default()
        };
        assert_eq!(KeepForm::of(settings).read(), Ok(settings));
    }
}
