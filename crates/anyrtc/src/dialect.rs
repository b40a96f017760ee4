//! In which of its forms a platform speaks.

/// A word of a setting that names no variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("one of these is expected: {expected}")]
pub struct NotAWord {
    /// The words that there are.
    pub expected: &'static str,
}

macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),+ }) => {
        impl $name {
            /// The word for it in settings and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::NotAWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::NotAWord { expected: concat!($($word, " "),+) }),
                }
            }
        }
    };
}

pub(crate) use words;

/// The HTTP method of start and stop (`VENDOR.md` §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Method {
    /// The given document.
    #[default]
    Get,
    /// The later revision.
    Post,
}
words!(Method { Get = "get", Post = "post" });

/// How the body of start is encoded; the document does not say (`VENDOR.md` §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BodyEncoding {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}
words!(BodyEncoding { Json = "json", Form = "form" });

/// How start and stop are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dialect {
    /// The method.
    pub method: Method,
    /// The encoding of the body.
    pub encoding: BodyEncoding,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for method in [Method::Get, Method::Post] {
            assert_eq!(method.as_str().parse(), Ok(method));
        }
        for encoding in [BodyEncoding::Json, BodyEncoding::Form] {
            assert_eq!(encoding.as_str().parse(), Ok(encoding));
        }
        assert!("GET".parse::<Method>().is_err());
    }
}
