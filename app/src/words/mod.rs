//! Times, durations and sizes in a language, as plain functions.

/// Translates a text, with its arguments if it has some.
macro_rules! say {
    ($locale:expr, $($key:tt)+) => {
        $crate::i18n::td_string!($locale, $($key)+)
    };
}

/// The text for one thing, or that for another number of things.
macro_rules! plural {
    ($locale:expr, $n:expr, $($one:ident).+, $($many:tt)+) => {
        if $n == 1 {
            say!($locale, $($one).+).to_owned()
        } else {
            say!($locale, $($many)+)
        }
    };
}

mod access;
mod act;
mod cause;
mod change;
mod check;
mod count;
mod detail;
mod device;
mod facet;
mod list;
mod password;
mod role;
mod size;
mod tag;
mod time;
mod trouble;

pub use access::{initials, right_label, rights, role_text};
pub use act::{act, export_form};
pub use cause::{cause, failed_start};
pub use change::change;
pub use check::{check, checks, missing};
pub use count::{count, day_count, files, number, percent, recordings};
pub use device::device;
pub use facet::{days, facet, facet_key, file_kind, recording_state};
pub use list::{clauses, list, phrases};
pub use password::bad_password;
pub use role::role;
pub use size::bytes;
pub use tag::tag_count;
pub use time::{
    TimeStyle, clock, clock_seconds, date_long, date_time, day, day_clock, day_heading, day_short,
    exact_length, is_same_day, iso, known_length, length, month_year, near, offset_name,
    short_length, style, zone_title,
};
pub use trouble::{no_copy, tried, troubles};
