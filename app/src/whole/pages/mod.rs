//! The pages.

pub mod lazy;
#[cfg(test)]
mod linear;
mod not_found;
mod recording;
pub mod rooms;
mod settings;

pub use not_found::NotFoundPage;
pub use recording::RecordingPage;
pub use settings::SettingsPage;
