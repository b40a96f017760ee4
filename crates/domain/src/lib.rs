#![doc = include_str!("../README.md")]

pub mod app;
pub mod callback;
pub mod cause;
pub mod file;
pub mod ids;
pub mod ledger;
pub mod matching;
pub mod naming;
pub mod recording;
pub mod room;
pub mod time;
pub mod user;
pub mod view;
