//! Recordings: start, stop, close, list, show, describe and export them.

pub(crate) mod about;
pub(crate) mod advance;
pub(crate) mod auto_stop;
pub(crate) mod close;
mod export;
pub(crate) mod find;
pub(crate) mod finding;
mod index;
pub(crate) mod library;
mod neighbours;
pub(crate) mod patience;
mod persist;
pub(crate) mod recover;
pub(crate) mod select;
#[cfg(test)]
mod select_tests;
pub(crate) mod start;
pub(crate) mod stop;
mod takes;
pub(crate) mod view;
pub(crate) mod views;
#[cfg(test)]
mod views_tests;
