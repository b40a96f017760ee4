//! The pages of Reelroom: components, server functions, and the words in two languages.
//!
//! Built twice: with `ssr` into the server, with `hydrate` into the browser's half, which has the islands
//! alone.

#![expect(
    clippy::needless_pass_by_value,
    reason = "the properties of a component are its own"
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
pub mod i18n;
mod icon;
pub mod islands;
mod json;
#[cfg(test)]
mod linear;
mod lint_line;
#[cfg(feature = "ssr")]
mod open_cases;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod paths;
#[cfg(feature = "ssr")]
pub mod query;
#[cfg(feature = "ssr")]
pub mod reader;
#[cfg(all(test, feature = "ssr"))]
mod samples;
#[cfg(feature = "ssr")]
mod section;
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
