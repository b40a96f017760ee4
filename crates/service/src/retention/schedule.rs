//! When the rules run.

use jiff::{Span, civil::Date, tz::TimeZone};
use reelroom_domain::{
    access::{Thing, Verb},
    act::{SettingsChange, detail},
    keep::reason,
    retention::{LastRun, RuleField, Schedule, ScheduleForm, SwitchedOff},
    time::Timestamp,
};
use reelroom_store::{Conn, acts, settings};

use super::error::RetentionError;
use crate::{Browser, Principal, Service, ServiceError, ground::jobs::Job};

/// The keys in the settings: the schedule, the last run, and the time after which the first run is due.
const SCHEDULE: &str = "retention";
pub(super) const LAST_RUN: &str = "retention_last_run";
pub(super) const RUNS_AFTER: &str = "retention_runs_after";

/// The schedule; the default until it is changed.
pub(super) async fn schedule(conn: &mut Conn) -> Result<Schedule, ServiceError> {
    let schedule = settings::get_value(conn, SCHEDULE).await?;
    Ok(schedule.unwrap_or_default())
}

/// The last run.
pub(super) async fn last_run(conn: &mut Conn) -> Result<Option<LastRun>, ServiceError> {
    Ok(settings::get_value(conn, LAST_RUN).await?)
}

/// The last time of a run up to `now`, and the next one.
pub(super) fn times(schedule: &Schedule, now: Timestamp) -> (Timestamp, Timestamp) {
    let zone = zone(schedule);
    let today = day(&zone, now);
    let hour = i8::try_from(schedule.hour.min(23)).unwrap_or_default();
    let on = |days: i64| {
        let day = today.checked_add(Span::new().days(days)).ok()?;
        let at = day.at(hour, 0, 0, 0).to_zoned(zone.clone()).ok()?;
        Some(Timestamp::from_millis(at.timestamp().as_millisecond()))
    };
    let all: Vec<Timestamp> = (-1..=2).filter_map(on).collect();
    let last = all.iter().rfind(|at| **at <= now).copied();
    let next = all.iter().find(|at| **at > now).copied();
    (last.unwrap_or(now), next.unwrap_or(now))
}

/// The beginnings of the months from a year before that of `now` to a year after it: 24 months, and the end of the last.
pub(super) fn months(schedule: &Schedule, now: Timestamp) -> Vec<Timestamp> {
    let zone = zone(schedule);
    let first = day(&zone, now).first_of_month();
    let begin = |months: i64| {
        let day = first.checked_add(Span::new().months(months)).ok()?;
        let at = day.to_zoned(zone.clone()).ok()?.timestamp();
        Some(Timestamp::from_millis(at.as_millisecond()))
    };
    (-12..=12).filter_map(begin).collect()
}

fn zone(schedule: &Schedule) -> TimeZone {
    TimeZone::get(&schedule.zone).unwrap_or(TimeZone::UTC)
}

fn day(zone: &TimeZone, at: Timestamp) -> Date {
    let at = jiff::Timestamp::from_millisecond(at.as_millis()).unwrap_or_default();
    zone.to_datetime(at).date()
}

impl Service {
    /// Sets the hour at which the rules run, and its zone. The error names every invalid field.
    pub async fn set_retention_time(
        &self,
        by: &Principal,
        browser: &Browser,
        form: &ScheduleForm,
    ) -> Result<(), RetentionError> {
        by.require(Verb::Change, Thing::Settings)?;
        let mut tx = self.change_settings().await?;
        let mut schedule = schedule(&mut tx).await?;
        form.change(&mut schedule, |zone| TimeZone::get(zone).is_ok())
            .map_err(RetentionError::Fields)?;
        settings::set_value(&mut tx, SCHEDULE, &schedule).await?;
        let change = SettingsChange::RetentionTime;
        let details = [("hour", schedule.hour.to_string()), ("zone", schedule.zone)];
        let act = self.settings_act(by, browser, change, "", &details);
        acts::commit(tx, &act).await?;
        self.wake(Job::Retention);
        Ok(())
    }

    /// Switches all rules off, with a reason, or on again. Each keeps its own switch.
    pub async fn switch_retention(
        &self,
        by: &Principal,
        browser: &Browser,
        is_on: bool,
        typed: &str,
    ) -> Result<(), RetentionError> {
        by.require(Verb::Change, Thing::Settings)?;
        let (off, change, details) = if is_on {
            (None, SettingsChange::RetentionOn, Vec::new())
        } else {
            let why = reason(typed).ok_or(RetentionError::Fields(vec![RuleField::Reason]))?;
            let off = SwitchedOff {
                at: self.now(),
                by: by.name.clone(),
                reason: why.to_owned(),
            };
            let details = vec![(detail::REASON, why.to_owned())];
            (Some(off), SettingsChange::RetentionOff, details)
        };
        let mut tx = self.change_settings().await?;
        let before = schedule(&mut tx).await?;
        let schedule = Schedule { off, ..before };
        settings::set_value(&mut tx, SCHEDULE, &schedule).await?;
        let act = self.settings_act(by, browser, change, "", &details);
        Ok(acts::commit(tx, &act).await?)
    }
}
