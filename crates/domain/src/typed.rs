//! Fields of forms, as typed.

use std::{ops::RangeInclusive, str::FromStr};

/// A typed number, without white space around it; `None` if it is no number within these limits.
pub(crate) fn number<T: FromStr + PartialOrd>(typed: &str, limits: RangeInclusive<T>) -> Option<T> {
    let number: Option<T> = typed.trim().parse().ok();
    number.filter(|number| limits.contains(number))
}

/// A typed text on one line, without white space around it; `None` if it has a control character, or another number of
/// characters than these.
pub(crate) fn line(typed: &str, lengths: RangeInclusive<usize>) -> Option<String> {
    let text = typed.trim();
    let fits = lengths.contains(&text.chars().count()) && !text.contains(char::is_control);
    fits.then(|| text.to_owned())
}

/// Makes a struct of fields that are `Ok`, or returns the error of each that is not, in this order. Other fields follow
/// a semicolon.
macro_rules! all_of {
    ($name:ident: $($field:ident),+ $(; $($more:ident: $value:expr),+)?) => {
        match ($($field,)+) {
            ($(Ok($field),)+) => Ok($name { $($field,)+ $($($more: $value,)+)? }),
            ($($field,)+) => Err([$($field.err()),+].into_iter().flatten().collect()),
        }
    };
}

pub(crate) use all_of;

/// Defines a form of texts, as typed. An address and a request hold its fields under their names; those of the second
/// group may be absent, and are empty then.
macro_rules! form {
    (
        $(#[$doc:meta])*
        $name:ident { $($(#[$of:meta])* $field:ident,)+ }
        $(optional { $($(#[$of_optional:meta])* $optional:ident,)+ })?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$of])* pub $field: String,)+
            $($($(#[$of_optional])* #[serde(default)] pub $optional: String,)+)?
        }

        impl $name {
            /// Its fields by name.
            pub fn fields(&self) -> Vec<(&'static str, &str)> {
                vec![
                    $((stringify!($field), self.$field.as_str()),)+
                    $($((stringify!($optional), self.$optional.as_str()),)+)?
                ]
            }
        }
    };
}

pub(crate) use form;

/// The value of a box: empty unless it is ticked.
pub(crate) fn tick(is_ticked: bool) -> String {
    let value = if is_ticked { "yes" } else { "" };
    value.to_owned()
}
