//! Fields of forms, as typed.

use std::{ops::RangeInclusive, str::FromStr};

/// A typed number, without white space around it; `None` if it is no number within these limits.
pub(crate) fn number<T: FromStr + PartialOrd>(typed: &str, limits: RangeInclusive<T>) -> Option<T> {
    let number: Option<T> = typed.trim().parse().ok();
    number.filter(|number| limits.contains(number))
}

/// The value of a box: empty unless it is ticked.
pub(crate) fn tick(is_ticked: bool) -> String {
    let value = if is_ticked { "yes" } else { "" };
    value.to_owned()
}
