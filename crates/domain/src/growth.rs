//! The rows other than recordings and files whose number grows with use, and for how long they are kept.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    time::Timestamp,
    typed::{all_of, form, number},
    usage::DAY,
    words::words,
};

words!(Growing);

/// The days over which the growth of a day is measured.
pub const MEASURED_DAYS: i64 = 7;

/// A kind of rows whose number grows with use. Its word is also the name of its setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Growing {
    /// The raw bodies of accepted callbacks, from the time at which there is a copy of their file.
    CallBodies,
    /// The events of status callbacks, before the end of a meeting.
    StatusEvents,
    /// The files that look-ups found.
    LookupFinds,
    /// The recordings that each account has opened.
    Seen,
    /// The history of access; its setting is among the rules of sign-in.
    HistoryDays,
}

impl Growing {
    /// Each of them.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The days for which it is kept unless a setting says otherwise, and the least and most that one may say.
    const fn days(self) -> (u32, RangeInclusive<u32>) {
        match self {
            Self::CallBodies => (90, 7..=3650),
            // A status callback about a time before the oldest event is ignored.
            Self::StatusEvents => (30, 7..=3650),
            // The sweep reaches a week back, and finds what was deleted anew.
            Self::LookupFinds => (60, 14..=3650),
            Self::Seen => (1095, 90..=3650),
            Self::HistoryDays => (730, 30..=3650),
        }
    }

    /// The days for which it is kept unless a setting says otherwise.
    pub const fn default_days(self) -> u32 {
        self.days().0
    }

    /// The least and most days that the setting may say.
    pub const fn limits(self) -> RangeInclusive<u32> {
        self.days().1
    }

    /// The time before which it is deleted, where it is kept for `days`. Fewer than the least are not taken: the
    /// setting may have been written by hand.
    pub fn cut_off(self, days: u32, now: Timestamp) -> Timestamp {
        let days = days.max(*self.limits().start());
        now.plus_millis(-i64::from(days) * DAY)
    }
}

/// The days for which each is kept; a setting of the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keeping {
    /// [`Growing::CallBodies`].
    pub call_bodies: u32,
    /// [`Growing::StatusEvents`].
    pub status_events: u32,
    /// [`Growing::LookupFinds`].
    pub lookup_finds: u32,
    /// [`Growing::Seen`].
    pub seen: u32,
}

impl Default for Keeping {
    fn default() -> Self {
        Self {
            call_bodies: Growing::CallBodies.default_days(),
            status_events: Growing::StatusEvents.default_days(),
            lookup_finds: Growing::LookupFinds.default_days(),
            seen: Growing::Seen.default_days(),
        }
    }
}

form!(
    /// The form of [`Keeping`], as typed.
    KeepingForm {
        /// See [`Keeping::call_bodies`].
        call_bodies,
        /// See [`Keeping::status_events`].
        status_events,
        /// See [`Keeping::lookup_finds`].
        lookup_finds,
        /// See [`Keeping::seen`].
        seen,
    }
);

impl KeepingForm {
    /// The form that shows this setting.
    pub fn of(keeping: &Keeping) -> Self {
        Self {
            call_bodies: keeping.call_bodies.to_string(),
            status_events: keeping.status_events.to_string(),
            lookup_finds: keeping.lookup_finds.to_string(),
            seen: keeping.seen.to_string(),
        }
    }

    /// The setting; the error names every field that is no number of days within its limits.
    pub fn read(&self) -> Result<Keeping, Vec<Growing>> {
        let days = |what: Growing, typed: &str| number(typed, what.limits()).ok_or(what);
        let call_bodies = days(Growing::CallBodies, &self.call_bodies);
        let status_events = days(Growing::StatusEvents, &self.status_events);
        let lookup_finds = days(Growing::LookupFinds, &self.lookup_finds);
        let seen = days(Growing::Seen, &self.seen);
        all_of!(Keeping: call_bodies, status_events, lookup_finds, seen)
    }
}

/// The setting, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepingView {
    /// The setting.
    pub keeping: Keeping,
    /// The days for which the history of access is kept.
    pub history_days: u32,
}

/// The size of what grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Growth {
    /// The number of its rows.
    pub rows: u64,
    /// The bytes of their content, without what the database adds.
    pub bytes: u64,
    /// The bytes of those rows that are of the last [`MEASURED_DAYS`].
    pub recent: u64,
}

impl Growth {
    /// The bytes that come in a day, on average over [`MEASURED_DAYS`].
    pub const fn per_day(self) -> u64 {
        self.recent / MEASURED_DAYS.unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_default_is_within_its_limits() {
        for what in Growing::ALL {
            assert!(what.limits().contains(&what.default_days()), "{what:?}");
        }
        let form = KeepingForm::of(&Keeping::default());
        assert_eq!(form.read(), Ok(Keeping::default()));
    }

    #[test]
    fn every_wrong_field_is_named_at_once_by_its_word() {
        let form = KeepingForm {
            call_bodies: " 7 ".to_owned(),
            status_events: "6".to_owned(),
            lookup_finds: "a month".to_owned(),
            seen: "3651".to_owned(),
        };
        let wrong: Vec<_> = form.read().unwrap_err();
        let wrong: Vec<_> = wrong.into_iter().map(Growing::as_str).collect();
        assert_eq!(wrong, ["status_events", "lookup_finds", "seen"]);
        for (name, _) in form.fields() {
            assert!(Growing::parse(name).is_some(), "{name}");
            let form = serde_json::to_value(&form).unwrap();
            assert!(form.get(name).is_some(), "{name}");
        }
    }

    #[test]
    fn rows_older_than_their_days_are_deleted() {
        let now = Timestamp::from_millis(1000 * DAY);
        for (days, at) in [(90, 910), (7, 993), (0, 993), (u32::MAX, -4_294_966_295)] {
            let cut_off = Growing::CallBodies.cut_off(days, now);
            assert_eq!(cut_off, Timestamp::from_millis(at * DAY), "{days}");
        }
    }

    #[test]
    fn the_growth_of_a_day_is_a_mean() {
        let growth = Growth {
            recent: 7_000,
            ..Growth::default()
        };
        assert_eq!(growth.per_day(), 1_000);
    }
}
