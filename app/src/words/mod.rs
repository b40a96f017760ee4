//! Times, lengths and sizes in a person's language. Plain functions, the same on both sides.

/// A text without arguments, in the reader's language, for a child or an attribute of a view.
///
/// All of them have one type, so the code that puts a text on the page exists once and not once a text:
/// that is most of what the browser would load.
macro_rules! told {
    ($i18n:expr, $($key:tt)+) => {
        $crate::words::say($i18n, |locale| $crate::i18n::td_string!(locale, $($key)+))
    };
}

/// A text in a language, with its arguments if it has some.
macro_rules! say {
    ($locale:expr, $($key:tt)+) => {
        $crate::i18n::td_string!($locale, $($key)+)
    };
}

mod cause;
mod look;
mod say;
mod size;
mod time;

pub use cause::cause;
pub use look::{look, looks};
pub use say::say;
pub use size::bytes;
pub use time::{
    TimeStyle, clock, clock_seconds, date_long, day_heading, iso, near, offset_name, short_length,
    style,
};
