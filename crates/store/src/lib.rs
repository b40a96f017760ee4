#![doc = include_str!("../README.md")]

pub mod about;
pub mod acts;
pub mod alerts;
pub mod always;
pub mod apps;
mod bulk;
pub mod calls;
pub mod checks;
pub mod claims;
pub mod demo;
mod engine;
pub mod error;
pub mod expected;
pub mod factors;
pub mod files;
mod form;
pub mod grants;
pub mod groups;
pub mod growth;
pub mod history;
pub mod inbox;
pub mod jobs;
pub mod leases;
pub mod library;
pub mod links;
pub mod lookups;
pub mod meetings;
pub mod notes;
pub mod notices;
#[cfg(test)]
mod plans;
pub mod presets;
mod query;
pub mod rebuild;
pub mod recordings;
pub mod rejected;
pub mod rooms;
mod row;
pub mod scope;
pub mod seen;
pub mod sessions;
pub mod settings;
pub mod stale;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tries;
pub mod trouble;
pub mod understanding;
pub mod undescribed;
#[cfg(test)]
mod upgrades;
pub mod url;
pub mod usage;
pub mod users;
mod value;
pub mod views;

pub use engine::Conn;
pub use error::{Result, StoreError};
pub use scope::Scope;
pub use store::{Read, Store, Write};
pub use url::{BadDatabaseUrl, DatabaseUrl, path_of_calls};
