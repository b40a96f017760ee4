//! The pages.

mod callbacks;
pub mod lazy;
mod library;
#[cfg(test)]
mod linear;
mod login;
mod not_found;
mod recording;
pub mod rooms;
mod settings;

pub use callbacks::CallbacksPage;
pub use library::LibraryPage;
pub use login::LoginPage;
pub use not_found::NotFoundPage;
pub use recording::RecordingPage;
pub use settings::SettingsPage;
