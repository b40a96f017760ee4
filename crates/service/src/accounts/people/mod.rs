//! The accounts of others: what they may do, their groups, and their one-time links.

pub(crate) mod add;
pub(crate) mod change;
pub(crate) mod disable;
pub(crate) mod end_sessions;
pub(crate) mod error;
pub(crate) mod export;
pub(crate) mod grant;
pub(crate) mod group;
mod known;
pub(crate) mod list;
pub(crate) mod make_link;
pub(crate) mod member;
pub(crate) mod reset_second_factor;
pub(crate) mod target;
#[cfg(test)]
mod tests;
pub(crate) mod view;
