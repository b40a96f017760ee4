//! The last and the next run, the switch of all rules, and the time at which they run.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::retention::{RetentionView, RuleState, ScheduleForm, SwitchedOff};

use super::{field::form, text};
use crate::{
    components::{Banner, ErrorNote, InputField, Time, Tone, form_error, time_as},
    error::ApiError,
    form::{failed, shown, typed},
    i18n::{Locale, td},
    pages::settings::form::{TextField, saved},
    server_fns::{DryRun, MoveRule, RemoveRule, SetRetentionTime, SwitchRetention, SwitchRule},
    this_page::locale,
    words::{self, TimeStyle},
};

/// The error of a form that has no field to show it at.
pub fn errors() -> Option<impl IntoView> {
    let all = [
        failed::<MoveRule>(),
        failed::<SwitchRule>(),
        failed::<RemoveRule>(),
        failed::<DryRun>(),
        failed::<SwitchRetention>().and_then(ApiError::of_no_field),
    ];
    let error = all.into_iter().flatten().next()?;
    Some(view! { <ErrorNote error=error /> })
}

/// The numbers of the last and the next run.
pub fn figures(of: &RetentionView) -> impl IntoView + use<> {
    let locale = locale();
    let dry_run = of.dry_run.as_ref().filter(|made| made.is_of(&of.rules));
    // Not where it was made as if a rule were on that is off.
    let mut off = of.rules.iter().filter(|rule| rule.state != RuleState::On);
    let dry_run = dry_run.filter(|made| off.all(|rule| made.with != Some(rule.id)));
    let goes = dry_run.map(|made| text::tally(locale, made.sums.goes));
    let saved = dry_run.map(|made| text::tally(locale, made.sums.saved));
    let (goes, saved) = if of.schedule.off.is_some() {
        let none = || say!(locale, retention.figs.off).to_owned();
        (none(), none())
    } else {
        let missing = || say!(locale, retention.figs.no_dry_run).to_owned();
        (goes.unwrap_or_else(missing), saved.unwrap_or_else(missing))
    };
    let last = match &of.last {
        Some(last) => text::tally(locale, last.sums.goes),
        None => say!(locale, retention.figs.never).to_owned(),
    };
    let next = of.schedule.off.is_none().then_some(of.next);
    let next = next.map(|at| view! { <small><Time at=at style=TimeStyle::Moment /></small> });
    let last_at = of.last.as_ref().map(|last| {
        let at = last.of;
        view! { <small><Time at=at style=TimeStyle::Moment /></small> }
    });
    view! {
        <dl class="figs">
            <div>
                <dt>{say!(locale, retention.figs.tonight)} " " {next}</dt>
                <dd>{goes}</dd>
            </div>
            <div>
                <dt>{say!(locale, retention.figs.saved)}</dt>
                <dd>{saved}</dd>
            </div>
            <div>
                <dt>{say!(locale, retention.figs.last)} " " {last_at}</dt>
                <dd>{last}</dd>
            </div>
        </dl>
    }
}

/// A note that all rules are off, or the form that switches them off.
pub fn switch(of: &RetentionView) -> AnyView {
    let locale = locale();
    match &of.schedule.off {
        Some(off) => is_off(locale, off, of.may_change).into_any(),
        None if of.may_change => switch_off(locale).into_any(),
        None => ().into_any(),
    }
}

fn is_off(locale: Locale, off: &SwitchedOff, may_change: bool) -> impl IntoView + use<> {
    let time = time_as(off.at, TimeStyle::Near);
    let (by, reason) = (off.by.clone(), off.reason.clone());
    let on = may_change.then(|| {
        view! {
            <form method="post" action=SwitchRetention::url() class="btns">
                <input type="hidden" name="on" value="yes" />
                <button class="btn primary">{say!(locale, retention.off.on)}</button>
            </form>
        }
    });
    view! {
        <Banner tone=Tone::Wait title=say!(locale, retention.off.title)>
            <p>{td!(locale, retention.off.since, time, by, reason)}</p>
            {on}
        </Banner>
    }
}

fn switch_off(locale: Locale) -> impl IntoView {
    let wrong = form::<SwitchRetention>().wrong("reason");
    let typed = typed::<SwitchRetention>("reason");
    view! {
        <details class="off-form" open=wrong.is_some()>
            <summary class="btn">{say!(locale, retention.off.switch)}</summary>
            <form method="post" action=SwitchRetention::url() class="card">
                <input type="hidden" name="on" value="" />
                <InputField
                    id="off-reason"
                    name="reason"
                    label=say!(locale, retention.off.why)
                    value=typed.unwrap_or_default()
                    wrong=wrong
                    hint=say!(locale, retention.off.text)
                />
                <button class="btn">{say!(locale, retention.off.switch)}</button>
            </form>
        </details>
    }
}

/// The form of the hour and its zone.
pub fn time(of: &RetentionView) -> impl IntoView + use<> {
    let locale = locale();
    let form = form::<SetRetentionTime>();
    let shown = shown::<SetRetentionTime, _>(ScheduleForm {
        hour: of.schedule.hour.to_string(),
        zone: of.schedule.zone.clone(),
    });
    let save = of.may_change.then(|| {
        view! {
            <div class="form-f">
                {saved("time", say!(locale, settings.saved))}
                <button class="btn primary">{say!(locale, common.action.save)}</button>
            </div>
        }
    });
    view! {
        <section aria-labelledby="time-h">
            <h2 id="time-h">{say!(locale, retention.time.title)}</h2>
            <p class="muted">{say!(locale, retention.time.text, days = words::day_count(locale, of.trash_days))}</p>
            {form_error::<SetRetentionTime>()}
            <form class="card" method="post" action=SetRetentionTime::url()>
                <fieldset class="form" disabled=!of.may_change>
                    <TextField
                        name="hour"
                        form=form.clone()
                        label=say!(locale, retention.time.hour)
                        value=shown.hour
                        hint=say!(locale, retention.time.hour_hint)
                    />
                    <TextField
                        name="zone"
                        form=form
                        label=say!(locale, common.word.zone)
                        value=shown.zone
                        hint=say!(locale, retention.time.zone_hint)
                        mono=true
                    />
                </fieldset>
                {save}
            </form>
        </section>
    }
}
