//! The forms in which a platform is called.

/// A word of a setting that names no variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown word")]
pub struct NotAWord;

macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),+ }) => {
        impl $name {
            /// Its word in settings and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::NotAWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::NotAWord),
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

/// The encoding of a start's body, which the document does not name (`VENDOR.md` §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum BodyEncoding {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}
words!(BodyEncoding { Json = "json", Form = "form" });

/// The form of start and stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dialect {
    /// The HTTP method.
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
