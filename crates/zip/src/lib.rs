#![doc = include_str!("../README.md")]

mod layout;
mod name;
mod record;

pub use layout::{Entry, Piece, ZipLayout};
pub use name::{UniqueNames, safe_name};
pub use record::DosTime;
