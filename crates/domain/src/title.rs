//! Titles: names that people give to rooms, groups and each other.

/// The error of text that is not a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("over {LONGEST} characters, or a control character")]
pub struct BadTitle;

/// The limit of a title in characters.
pub const LONGEST: usize = 80;

/// Defines a type of titles.
macro_rules! title {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The limit in characters.
            pub const LONGEST: usize = $crate::title::LONGEST;

            /// Parses a typed title, without white space around it.
            pub fn parse(typed: &str) -> Result<Self, $crate::title::BadTitle> {
                let title = $crate::typed::line(typed, 0..=Self::LONGEST).map(Self);
                title.ok_or($crate::title::BadTitle)
            }
        }

        $crate::words::as_text!($name, $crate::title::BadTitle, |text| Self::parse(&text));
    };
}

pub(crate) use title;
