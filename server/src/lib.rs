//! The Reelroom binary: configuration, routes, callback, files, events, commands.

// The whole page is one type, which the compiler has to walk.
#![recursion_limit = "512"]

pub mod assets;
pub mod commands;
pub mod config;

mod body;
mod callback;
mod certificates;
mod client_ip;
mod conditions;
mod cross_site;
mod default_headers;
mod delivery;
mod events;
mod export;
mod files;
mod functions;
mod header_text;
mod health;
mod limits;
mod listen;
mod log;
mod metrics;
mod oidc;
mod pages;
mod pictures;
mod quota;
mod requests;
mod router;
mod serve;
mod session;
mod shown_app;
mod state;
mod zip;

/// Texts that try to end the element or line that holds them, shared with the browser tests.
#[cfg(test)]
fn hostile() -> Vec<String> {
    let texts = include_str!("../../end2end/hostile.json");
    serde_json::from_str(texts).expect("a list of texts")
}

pub use client_ip::TrustedProxies;
pub use delivery::Delivery;
pub use limits::{Limits, raise_descriptor_limit};
pub use listen::listen;
pub use log::LogFormat;
pub use pages::paths as page_paths;
pub use router::router;
pub use serve::serve;
pub use state::ServerState;
