//! The pages.

mod callbacks;
pub mod lazy;
mod not_found;
mod recording;
mod settings;

pub use callbacks::CallbacksPage;
pub use not_found::NotFoundPage;
pub use recording::RecordingPage;
pub use settings::SettingsPage;
