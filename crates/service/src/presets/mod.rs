//! Presets: saved start forms of an app.

pub(crate) mod change;
mod default;
mod delete;
pub(crate) mod fill_in;
mod rename;
mod reorder;
pub(crate) mod save;
#[cfg(test)]
mod tests;
pub(crate) mod view;
