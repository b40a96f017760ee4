//! The Reelroom binary: configuration, routes, callback, files, events, commands.

pub mod assets;
pub mod commands;
pub mod config;

mod callback;
mod events;
mod files;
mod health;
mod pages;
mod router;
mod serve;
mod session;

pub use router::{ServerState, router};
pub use serve::serve;
