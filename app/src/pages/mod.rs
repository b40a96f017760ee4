//! The pages: a handler each, which loads and shows.

pub mod callbacks;
pub mod jump;
pub mod library;
pub mod login;
pub mod recording;
pub mod rooms;
pub mod settings;
