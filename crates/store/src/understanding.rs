//! Loads the world that calls touch before the decision, and writes the decision. Each takes a few bulk
//! statements, however many calls there are.

mod apply;
mod load;
mod meetings;
mod takes;

#[cfg(test)]
pub(crate) use self::load::looked_up_at;
pub use self::{apply::apply, load::load, takes::move_file};
