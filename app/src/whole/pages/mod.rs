//! The pages.

mod callbacks;
pub mod lazy;
#[cfg(test)]
mod linear;
mod not_found;
pub mod rooms;
mod settings;

pub use callbacks::CallbacksPage;
pub use not_found::NotFoundPage;
pub use settings::SettingsPage;
