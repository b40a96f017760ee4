//! Presets: saved start forms of an app.

pub(crate) mod change;
pub(crate) mod fill_in;
pub(crate) mod save;
#[cfg(test)]
mod tests;
pub(crate) mod view;
