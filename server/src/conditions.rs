//! Conditional requests (RFC 9110 §13).

use std::time::SystemTime;

use axum::http::{HeaderMap, StatusCode};
use headers::{
    ETag, HeaderMapExt, IfMatch, IfModifiedSince, IfNoneMatch, IfRange, IfUnmodifiedSince,
};

/// Whether a request has conditions.
pub(crate) fn is_conditional(headers: &HeaderMap) -> bool {
    headers.keys().any(|name| name.as_str().starts_with("if-"))
}

/// The validators of a response, which tell its content from others at the same address.
pub(crate) struct Validators {
    /// Its entity tag, a strong one.
    pub etag: Option<ETag>,
    /// The time of its last change, in a second that no other content has.
    pub last_modified: Option<SystemTime>,
}

impl Validators {
    /// The status that takes the place of the content: 412 if the client wants another one, 304 if it has
    /// this one. A condition by tag overrules one by time (§13.2.2).
    pub fn check(&self, headers: &HeaderMap) -> Option<StatusCode> {
        let etag = self.etag.as_ref();
        let times = headers.typed_get::<IfUnmodifiedSince>();
        let times = times.zip(self.last_modified);
        let is_wanted = match headers.typed_get::<IfMatch>() {
            Some(tags) => etag.map_or(tags.is_any(), |etag| tags.precondition_passes(etag)),
            None => times.is_none_or(|(since, changed)| since.precondition_passes(changed)),
        };
        if !is_wanted {
            return Some(StatusCode::PRECONDITION_FAILED);
        }
        let times = headers.typed_get::<IfModifiedSince>();
        let times = times.zip(self.last_modified);
        let is_new = match headers.typed_get::<IfNoneMatch>() {
            Some(tags) => etag.is_none_or(|etag| tags.precondition_passes(etag)),
            None => times.is_none_or(|(since, changed)| since.is_modified(changed)),
        };
        (!is_new).then_some(StatusCode::NOT_MODIFIED)
    }

    /// Whether a range is wanted of this content, by `If-Range`: the same tag, or exactly the same time.
    pub fn may_be_partial(&self, headers: &HeaderMap) -> bool {
        match headers.typed_try_get::<IfRange>() {
            Ok(None) => true,
            Ok(Some(condition)) => {
                let date = self.last_modified.map(IfRange::date);
                !condition.is_modified(self.etag.as_ref(), None) || date == Some(condition)
            }
            Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use axum::http::{HeaderName, HeaderValue, header};

    use super::*;

    const BEFORE: &str = "Sat, 28 Nov 2026 00:00:00 GMT";
    const THEN: &str = "Sat, 28 Nov 2026 00:00:01 GMT";
    const AFTER: &str = "Sat, 28 Nov 2026 00:00:02 GMT";

    /// Those of a content with the tag `"a"` that changed within the second [`THEN`].
    fn validators() -> Validators {
        Validators {
            etag: "\"a\"".parse().ok(),
            last_modified: Some(UNIX_EPOCH + Duration::from_millis(1_795_824_001_500)),
        }
    }

    fn with(headers: &[(HeaderName, &'static str)]) -> HeaderMap {
        let values = headers.iter().cloned();
        values
            .map(|(name, value)| (name, HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn conditions_are_checked_in_order() {
        use header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE};
        const OTHER: u16 = 412;
        const KNOWN: u16 = 304;
        for (headers, status) in [
            (&[(IF_NONE_MATCH, "\"b\", W/\"a\"")][..], Some(KNOWN)),
            (&[(IF_NONE_MATCH, "*")], Some(KNOWN)),
            (&[(IF_NONE_MATCH, "\"b\"")], None),
            (&[], None),
            (&[(IF_MODIFIED_SINCE, BEFORE)], None),
            (&[(IF_MODIFIED_SINCE, THEN)], Some(KNOWN)),
            (&[(IF_MODIFIED_SINCE, AFTER)], Some(KNOWN)),
            (&[(IF_MODIFIED_SINCE, "yesterday")], None),
            (
                &[(IF_NONE_MATCH, "\"b\""), (IF_MODIFIED_SINCE, AFTER)],
                None,
            ),
            (&[(IF_MATCH, "\"b\", \"a\"")], None),
            (&[(IF_MATCH, "*")], None),
            (&[(IF_MATCH, "W/\"a\"")], Some(OTHER)),
            (&[(IF_UNMODIFIED_SINCE, BEFORE)], Some(OTHER)),
            (&[(IF_UNMODIFIED_SINCE, THEN)], None),
            (&[(IF_MATCH, "\"a\""), (IF_UNMODIFIED_SINCE, BEFORE)], None),
            (
                &[(IF_MATCH, "\"b\""), (IF_NONE_MATCH, "\"a\"")],
                Some(OTHER),
            ),
        ] {
            let found = validators().check(&with(headers));
            assert_eq!(found.map(|status| status.as_u16()), status, "{headers:?}");
        }
    }

    #[test]
    fn without_validators_nothing_is_known() {
        let none = Validators {
            etag: None,
            last_modified: None,
        };
        for name in [header::IF_MODIFIED_SINCE, header::IF_UNMODIFIED_SINCE] {
            assert_eq!(none.check(&with(&[(name, THEN)])), None);
        }
        assert_eq!(none.check(&with(&[(header::IF_NONE_MATCH, "\"a\"")])), None);
        let other = none.check(&with(&[(header::IF_MATCH, "\"a\"")]));
        assert_eq!(other, Some(StatusCode::PRECONDITION_FAILED));
        assert!(!none.may_be_partial(&with(&[(header::IF_RANGE, THEN)])));
    }

    #[test]
    fn a_range_needs_the_same_strong_tag_or_time() {
        let same = |value| validators().may_be_partial(&with(&[(header::IF_RANGE, value)]));
        assert!(same("\"a\"") && same(THEN));
        assert!(validators().may_be_partial(&HeaderMap::new()));
        for other in ["W/\"a\"", "\"b\"", "a", BEFORE, AFTER] {
            assert!(!same(other), "{other}");
        }
    }
}
