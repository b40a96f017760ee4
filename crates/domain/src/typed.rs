//! Fields of forms, as typed.

use std::{ops::RangeInclusive, str::FromStr};

/// A typed number, without white space around it; `None` if it is no number within these limits.
pub(crate) fn number<T: FromStr + PartialOrd>(typed: &str, limits: RangeInclusive<T>) -> Option<T> {
    let number: Option<T> = typed.trim().parse().ok();
    number.filter(|number| limits.contains(number))
}

/// Defines a form of texts, as typed. An address and a request hold its fields under their names.
macro_rules! form {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $field:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            $($(#[$of])* pub $field: String,)+
        }

        impl $name {
            /// Its fields by name.
            pub fn fields(&self) -> Vec<(&'static str, &str)> {
                vec![$((stringify!($field), self.$field.as_str()),)+]
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
