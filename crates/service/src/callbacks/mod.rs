//! The way of a callback: who may call, raw before understood, understanding.

pub(crate) mod authorise;
pub(crate) mod background;
pub(crate) mod crash;
#[cfg(test)]
mod desk;
pub(crate) mod fresh;
pub(crate) mod known_apps;
pub(crate) mod read;
#[cfg(test)]
mod status_tests;
pub(crate) mod take_in;
#[cfg(test)]
mod tests;
pub(crate) mod turned_away;
pub(crate) mod understand;
