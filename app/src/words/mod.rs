//! Times, lengths and sizes in a person's language. Plain functions, the same on both sides.

mod size;
mod time;

pub use size::bytes;
pub use time::{
    TimeStyle, clock, clock_seconds, date_long, day_heading, iso, near, short_length, style,
};
