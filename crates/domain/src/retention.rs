//! Retention rules: which recordings are deleted, after how long, and why.
//!
//! For each kind of file the first rule that fits decides, even if a later one would delete the
//! file earlier. [`fate()`] alone decides what is due: the dry run lists it, and the job moves it
//! to the trash.

mod facts;
mod fate;
mod form;
mod kinds;
mod rule;
#[cfg(test)]
mod tests;
mod view;
mod what_if;

pub use self::{
    facts::{Facts, Sizes, Stock},
    fate::{Deletion, DueRule, Fate, Sums, Tally, count_down, decider, excesses, fate},
    form::{RuleField, RuleForm, ScheduleForm},
    kinds::Kinds,
    rule::{Rule, RuleName, RuleState, RuleText, STATES, When, to_look_at_again},
    view::{DryRun, DryRunLine, LastRun, RetentionView, Schedule, SwitchedOff},
    what_if::{Month, WhatIf, what_if},
};
