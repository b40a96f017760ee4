//! Retention: its rules, dry runs, and what the rules do each night.

mod dry_run;
pub(crate) mod error;
mod leaving;
mod rules;
mod run;
mod schedule;
#[cfg(test)]
mod tests;
mod view;
mod walk;
