//! The forms in which a platform is called.

use strum::{Display, EnumString};

/// The HTTP method of start and stop (`VENDOR.md` §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Display, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum Method {
    /// The given document.
    #[default]
    Get,
    /// The later revision.
    Post,
}

/// The encoding of a start's body, which the document does not name (`VENDOR.md` §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Display, EnumString)]
#[strum(serialize_all = "lowercase")]
pub enum BodyEncoding {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

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
        for (method, word) in [(Method::Get, "get"), (Method::Post, "post")] {
            assert_eq!(method.to_string(), word);
            assert_eq!(word.parse(), Ok(method));
        }
        for (encoding, word) in [(BodyEncoding::Json, "json"), (BodyEncoding::Form, "form")] {
            assert_eq!(encoding.to_string(), word);
            assert_eq!(word.parse(), Ok(encoding));
        }
        assert!("GET".parse::<Method>().is_err());
    }
}
