//! The sender of the bytes of a copy: this server, the proxy in front of it, or the bucket.

use std::os::unix::ffi::OsStrExt;

use axum::{http::HeaderName, response::Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use reelroom_service::Service;

/// The sender of the bytes of copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// This server.
    #[default]
    Direct,
    /// nginx, from the address in `X-Accel-Redirect`.
    XAccel,
    /// Apache, lighttpd and others, from the path in `X-Sendfile`.
    XSendfile,
    /// The bucket, to which a download is redirected. This server sends what a page plays: its policy names
    /// no other host.
    Bucket,
}

/// The address of the copies that nginx serves to itself only.
const INTERNAL: &str = "/reelroom-files/";

/// All but RFC 3986's unreserved characters.
pub(crate) const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The same in a path.
const PATH: &AsciiSet = &RESERVED.remove(b'/');

const X_ACCEL_REDIRECT: &str = "x-accel-redirect";
const X_SENDFILE: &str = "x-sendfile";

/// Whether the proxy sends the bytes of a response.
pub(crate) fn is_by_proxy(response: &Response) -> bool {
    [X_ACCEL_REDIRECT, X_SENDFILE]
        .into_iter()
        .any(|name| response.headers().contains_key(name))
}

impl Delivery {
    /// The header that hands a copy to the proxy; `None`: this server sends it.
    pub(crate) fn header(self, service: &Service, key: &str) -> Option<(HeaderName, String)> {
        match self {
            Self::Direct | Self::Bucket => None,
            Self::XAccel => {
                let address = format!("{INTERNAL}{}", percent_encode(key.as_bytes(), PATH));
                Some((HeaderName::from_static(X_ACCEL_REDIRECT), address))
            }
            Self::XSendfile => {
                let path = service.path_of_copy(key)?;
                let path = percent_encode(path.as_os_str().as_bytes(), PATH).to_string();
                Some((HeaderName::from_static(X_SENDFILE), path))
            }
        }
    }
}
