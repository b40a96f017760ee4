//! The text of request headers.

use axum::http::{HeaderMap, header::AsHeaderName};

/// The value of a header as text; `None` without the header, or if it has other bytes than visible ASCII.
pub(crate) fn header_text(headers: &HeaderMap, name: impl AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
