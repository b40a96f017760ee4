//! The headers by which every response tells browsers how to handle it.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

/// The headers of a response that sets no others.
const DEFAULTS: &[(&str, &str)] = &[
    // Public and partly cacheable responses have their own.
    ("cache-control", "no-store"),
    // Pages and files have their own.
    (
        "content-security-policy",
        "default-src 'none'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", PERMISSIONS),
    ("referrer-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
];

/// The features that the player uses, and those that no page uses. Chromium warns about a feature that it lacks, so
/// those that it has on some systems only are left out (Bluetooth, sharing).
const PERMISSIONS: &str = "autoplay=(self), fullscreen=(self), picture-in-picture=(self), \
     accelerometer=(), camera=(), clipboard-read=(), display-capture=(), encrypted-media=(), \
     geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), \
     payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), \
     xr-spatial-tracking=()";

/// The headers behind https. For a year, browsers use nothing else for this host. Of an http origin they ignore
/// the policy of windows that open it, and complain.
const HTTPS: [(&str, &str); 2] = [
    ("cross-origin-opener-policy", "same-origin"),
    ("strict-transport-security", "max-age=31536000"),
];

/// The headers of a server that people reach by https or by http.
pub(crate) fn of(is_https: bool) -> Arc<HeaderMap> {
    let https = HTTPS.into_iter().filter(|_| is_https);
    let all = DEFAULTS.iter().copied().chain(https);
    let all = all.map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    });
    Arc::new(all.collect())
}

/// Adds the headers that the response does not have.
pub(crate) async fn add_missing(
    State(defaults): State<Arc<HeaderMap>>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in &*defaults {
        let entry = response.headers_mut().entry(name);
        entry.or_insert_with(|| value.clone());
    }
    response
}
