//! The pages.

mod callbacks;
pub mod lazy;
#[cfg(test)]
mod linear;
mod not_found;
mod recording;
pub mod rooms;

pub use callbacks::CallbacksPage;
pub use not_found::NotFoundPage;
pub use recording::RecordingPage;
