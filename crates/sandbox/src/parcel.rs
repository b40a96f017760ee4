//! A callback as it travels.

/// What a call carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parcel {
    /// Its body.
    pub body: Vec<u8>,
    /// What it says that the body is.
    pub content_type: &'static str,
    /// How it says that the body is packed.
    pub packed: Option<&'static str>,
}

impl From<String> for Parcel {
    fn from(json: String) -> Self {
        Self {
            body: json.into_bytes(),
            content_type: "application/json",
            packed: None,
        }
    }
}
