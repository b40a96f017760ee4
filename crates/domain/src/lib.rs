#![doc = include_str!("../README.md")]

pub mod access;
pub mod app;
pub mod callback;
pub mod cause;
pub mod check;
pub mod fetch;
pub mod file;
pub mod found;
pub mod identity;
pub mod ids;
pub mod inbox;
pub mod intake;
pub mod jump;
pub mod ledger;
#[cfg(test)]
mod linear;
pub mod matching;
pub mod meeting;
pub mod naming;
pub mod order;
pub mod place;
pub mod preset;
pub mod recording;
pub mod room;
pub mod room_list;
pub mod search;
pub mod strip;
pub mod time;
pub mod title;
pub mod trouble;
pub mod understanding;
pub mod usage;
pub mod user;
pub mod view;
pub mod visible;
pub mod watch;
mod words;
