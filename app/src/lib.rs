//! The pages of Reelroom: components, server functions, and the words in two languages.
//!
//! Built twice: with `ssr` into the server, with `hydrate` into the browser's half.

// The whole page is one type, which the compiler has to walk.
#![recursion_limit = "512"]

#[macro_use]
pub mod words;

pub mod action;
pub mod app;
pub mod clock;
pub mod components;
pub mod error;
pub mod in_app;
pub mod keys;
pub mod live;
pub mod pages;
pub mod paths;
pub mod platform;
pub mod server_fns;
mod shared;
pub mod start;
pub mod zone;

#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
mod shell;

pub use app::App;
#[cfg(feature = "ssr")]
pub use shell::{DefaultZone, LastEvent, NamedModules, Site, shell};

#[expect(
    missing_docs,
    clippy::pedantic,
    reason = "made by build.rs from locales/"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
pub use generated::i18n;
