//! The pages that the browser's half still takes over as a whole. They move to [`crate::pages`] one after
//! the other.

pub mod action;
pub mod app;
pub mod clock;
pub mod components;
pub mod in_app;
pub mod keys;
pub mod live;
pub mod pages;
pub mod platform;
pub mod shared;
pub mod zone;
