//! The pages of Reelroom: components, server functions, and the words in two languages.
//!
//! Built twice: with `ssr` into the server, with `hydrate` into the browser's half.

// The whole page is one type, which the compiler has to walk.
#![recursion_limit = "512"]
#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::needless_pass_by_value,
        reason = "the properties of a component are its own"
    )
)]

#[macro_use]
pub mod words;

#[cfg(feature = "ssr")]
mod components;
#[cfg(feature = "ssr")]
mod current_app;
#[cfg(feature = "ssr")]
mod document;
pub mod error;
pub mod form;
#[cfg(feature = "ssr")]
mod frame;
mod json;
#[cfg(feature = "ssr")]
pub mod pages;
pub mod paths;
#[cfg(feature = "ssr")]
pub mod query;
#[cfg(feature = "ssr")]
pub mod reader;
#[cfg(feature = "ssr")]
pub mod server;
pub mod server_fns;
#[cfg(feature = "ssr")]
mod shell;
pub mod start;
#[cfg(feature = "ssr")]
mod this_page;
#[cfg(feature = "ssr")]
pub mod visit;
pub mod whole;

#[cfg(feature = "ssr")]
pub use document::Site;
#[cfg(feature = "ssr")]
pub use shell::{LastEvent, NamedModules, WholeSite, shell};
pub use whole::app::App;

#[expect(
    missing_docs,
    clippy::pedantic,
    reason = "made by build.rs from locales/"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
pub use generated::i18n;
