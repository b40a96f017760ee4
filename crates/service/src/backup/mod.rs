//! Backups of the database with the list of the storage, and a library rebuilt from the storage alone.

mod copies;
pub(crate) mod error;
pub(crate) mod manifest;
mod parts;
pub(crate) mod rebuild;
pub(crate) mod report;
pub(crate) mod restore;
pub(crate) mod take;
