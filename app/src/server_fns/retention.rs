//! Retention rules and their runs. A plain form returns to the page that it was sent from.

use leptos::prelude::*;
use reelroom_domain::{
    ids::RuleId,
    preset::Move,
    retention::{RuleForm, ScheduleForm},
};
use reelroom_service::RetentionError;

use crate::{
    error::ApiError,
    paths::{self, LocalAddress},
    server::{answer_form, browser, id_named, optional_id, principal, service},
};

/// Adds a rule, or changes the rule `id`. The error names every invalid field. Returns its id.
#[server(prefix = "/fn", endpoint = "save_rule")]
pub async fn save_rule(
    #[server(default)] id: String,
    #[server(flatten)] form: RuleForm,
) -> Result<RuleId, ApiError> {
    let me = principal()?;
    let rule = optional_id(&id)?;
    let answer = service().save_rule(&me, &browser(), rule, &form).await;
    let page = LocalAddress::or_home(paths::RETENTION);
    let failed = page.with(&[("open", if id.is_empty() { "new" } else { &id })]);
    let saved = answer.as_ref().map(ToString::to_string).unwrap_or_default();
    let done = page.with(&[("open", &saved), ("saved", "rule")]);
    answer_form::<SaveRule, _>(answer, &done, &failed, &form.fields())
}

/// Moves the rule `id`: `up` or `down`.
#[server(prefix = "/fn", endpoint = "move_rule")]
pub async fn move_rule(id: String, to: String) -> Result<(), ApiError> {
    let me = principal()?;
    let to: Move = id_named(&to)?;
    Ok(service()
        .move_rule(&me, &browser(), id_named(&id)?, to)
        .await?)
}

/// Switches the rule `id` on (`yes`) or off (empty).
#[server(prefix = "/fn", endpoint = "switch_rule")]
pub async fn switch_rule(id: String, on: String) -> Result<(), ApiError> {
    let me = principal()?;
    let id = id_named(&id)?;
    let is_on = !on.is_empty();
    Ok(service().switch_rule(&me, &browser(), id, is_on).await?)
}

/// Removes the rule `id`.
#[server(prefix = "/fn", endpoint = "remove_rule")]
pub async fn remove_rule(id: String) -> Result<(), ApiError> {
    let me = principal()?;
    let id = id_named(&id)?;
    let answer = service().remove_rule(&me, &browser(), id).await;
    let page = LocalAddress::or_home(paths::RETENTION);
    answer_form::<RemoveRule, _>(answer, &page, &page, &[])
}

/// Makes a dry run of the rules that are on, and of the rule `with` as if it were.
#[server(prefix = "/fn", endpoint = "dry_run")]
pub async fn dry_run(#[server(default)] with: String) -> Result<(), ApiError> {
    let me = principal()?;
    let rule = optional_id(&with)?;
    let answer = service().dry_run(&me, &browser(), rule).await;
    let page = LocalAddress::or_home(paths::RETENTION).with(&[("open", &with)]);
    answer_form::<DryRun, _>(answer.map(drop), &page, &page, &[])
}

/// Switches all rules on (`yes`), or off (empty) with a reason.
#[server(prefix = "/fn", endpoint = "switch_retention")]
pub async fn switch_retention(
    on: String,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    let me = principal()?;
    let is_on = !on.is_empty();
    let answer = service()
        .switch_retention(&me, &browser(), is_on, &reason)
        .await;
    let page = LocalAddress::or_home(paths::RETENTION);
    answer_form::<SwitchRetention, _>(answer, &page, &page, &[("reason", &reason)])
}

/// Sets the hour at which the rules run, and its zone.
#[server(prefix = "/fn", endpoint = "set_retention_time")]
pub async fn set_retention_time(#[server(flatten)] form: ScheduleForm) -> Result<(), ApiError> {
    let me = principal()?;
    let answer = service().set_retention_time(&me, &browser(), &form).await;
    let page = LocalAddress::or_home(paths::RETENTION);
    let typed = [("hour", &*form.hour), ("zone", &form.zone)];
    let done = page.with(&[("saved", "time")]);
    answer_form::<SetRetentionTime, _>(answer, &done, &page, &typed)
}

impl From<RetentionError> for ApiError {
    fn from(error: RetentionError) -> Self {
        match error {
            RetentionError::Fields(fields) => Self::of_fields(fields, "unusable"),
            RetentionError::Full => Self::invalid("name", "full"),
            RetentionError::NotLookedAt => Self::NotAllowed,
            RetentionError::Service(error) => error.into(),
        }
    }
}
