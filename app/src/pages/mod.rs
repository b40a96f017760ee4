//! The pages: one handler each, which loads and renders.

pub mod callbacks;
pub mod cases;
pub mod certificates;
pub mod file;
pub mod jump;
pub mod leave;
pub mod library;
pub mod login;
pub mod once;
pub mod recording;
pub mod rooms;
pub mod settings;
pub mod trash;
