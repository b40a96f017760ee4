//! The pages: a handler each, which loads and shows.

pub mod callbacks;
pub mod jump;
pub mod library;
pub mod login;
