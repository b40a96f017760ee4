//! Loads the world that calls touch before the decision, and writes the decision. Each takes a few bulk
//! statements, however many calls there are.

mod apply;
mod load;
mod meetings;
mod takes;

pub use self::{apply::apply, load::load, takes::move_file};
