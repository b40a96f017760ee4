//! The world that calls touch: loaded before the decision, written after it. Each takes a few bulk
//! statements, however many calls there are.

mod apply;
mod load;
mod meetings;

pub use self::{apply::apply, load::load};
