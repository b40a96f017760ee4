//! The anyRTC applications that we record for.

pub(crate) mod allow;
pub(crate) mod ask;
pub(crate) mod cause;
pub(crate) mod connection;
pub(crate) mod known;
pub(crate) mod plain;
pub(crate) mod platform;
pub(crate) mod remove;
pub(crate) mod sandbox;
pub(crate) mod scope;
pub(crate) mod sealed;
pub(crate) mod settings;
pub(crate) mod shown;
mod try_list;
