//! The pages of Reelroom: components, server functions, and the words in two languages.
//!
//! Built twice: with `ssr` into the server, with `hydrate` into the browser's half, which has the islands
//! alone.

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
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
mod frame;
mod icon;
pub mod islands;
mod json;
#[cfg(test)]
mod linear;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod paths;
#[cfg(feature = "ssr")]
pub mod query;
#[cfg(feature = "ssr")]
pub mod reader;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod server_fns;
pub mod start;
mod text_area;
mod this_page;
#[cfg(feature = "ssr")]
pub mod visit;

#[cfg(feature = "ssr")]
pub use document::Site;

#[expect(
    missing_docs,
    clippy::pedantic,
    reason = "made by build.rs from locales/"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
pub use generated::i18n;
