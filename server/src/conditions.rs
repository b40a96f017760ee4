//! Conditional requests (RFC 9110 §13).

use axum::http::HeaderMap;
use headers::{ETag, HeaderMapExt, IfNoneMatch, IfRange};

/// Whether the client has this version already, by `If-None-Match`.
pub(crate) fn is_known(headers: &HeaderMap, etag: Option<&ETag>) -> bool {
    let known = headers.typed_get::<IfNoneMatch>().zip(etag);
    known.is_some_and(|(known, etag)| !known.precondition_passes(etag))
}

/// Whether a range is wanted of this version, by `If-Range`.
pub(crate) fn may_be_partial(headers: &HeaderMap, etag: Option<&ETag>) -> bool {
    match headers.typed_try_get::<IfRange>() {
        Ok(condition) => condition.is_none_or(|condition| !condition.is_modified(etag, None)),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue, header};

    fn with(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_tag_is_found_in_a_list() {
        let etag: ETag = "\"a\"".parse().unwrap();
        let known = |list| is_known(&with(header::IF_NONE_MATCH, list), Some(&etag));
        assert!(known("\"b\", W/\"a\""));
        assert!(known("*"));
        assert!(!known("\"b\""));
        assert!(!is_known(&HeaderMap::new(), Some(&etag)));
    }

    #[test]
    fn a_range_needs_the_same_strong_tag() {
        let etag: ETag = "\"a\"".parse().unwrap();
        let same = |tag| may_be_partial(&with(header::IF_RANGE, tag), Some(&etag));
        assert!(same("\"a\""));
        assert!(may_be_partial(&HeaderMap::new(), None));
        for other in ["W/\"a\"", "\"b\"", "a", "Sat, 28 Nov 2026 00:00:00 GMT"] {
            assert!(!same(other), "{other}");
        }
    }
}
