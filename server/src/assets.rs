//! The static files: `/pkg/*` and the icon.
//!
//! A release binary contains them; a debug one reads `target/site`, which may be absent.

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use headers::{ETag, HeaderMapExt};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::sync::LazyLock;

use crate::{conditions::Validators, header_text::header_text};

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

static BUILD_ID: LazyLock<String> = LazyLock::new(|| {
    let id = Site::get("build-id").map(|file| String::from_utf8_lossy(&file.data).into_owned());
    id.unwrap_or_else(|| "none".to_owned())
});

/// A short hash of the site, a folder in its addresses. `none` where no site was built.
pub fn build_id() -> &'static str {
    &BUILD_ID
}

/// The routes of the site's files; `GET` and `HEAD`.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/pkg/{build}/{*name}", get(file))
        .route("/favicon.svg", get(icon))
}

/// A file of this build only: modules of two builds do not fit together.
async fn file(Path((build, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if build == build_id() {
        respond(&name, IMMUTABLE, &headers)
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

async fn icon(headers: HeaderMap) -> Response {
    respond("favicon.svg", REVALIDATE, &headers)
}

fn respond(name: &str, cache: HeaderValue, headers: &HeaderMap) -> Response {
    let accepted = header_text(headers, header::ACCEPT_ENCODING);
    // The compressed forms have no route of their own.
    let (Some(content_type), Some((encoding, file))) = (content_type(name), find(name, accepted))
    else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let validators = Validators {
        etag: etag(&file),
        last_modified: None,
    };
    let mut response = if let Some(status) = validators.check(headers) {
        status.into_response()
    } else {
        let encoding = encoding.map(|encoding| [(header::CONTENT_ENCODING, encoding)]);
        ([(header::CONTENT_TYPE, content_type)], encoding, file.data).into_response()
    };
    let common = response.headers_mut();
    common.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    common.insert(header::CACHE_CONTROL, cache);
    if let Some(etag) = validators.etag {
        common.typed_insert(etag);
    }
    response
}

/// The smallest form that the browser accepts.
fn find(name: &str, accepted: Option<&str>) -> Option<(Option<&'static str>, EmbeddedFile)> {
    let file = |extension: &str| Site::get(&format!("pkg/{name}{extension}"));
    [("br", ".br"), ("gzip", ".gz")]
        .into_iter()
        .filter(|(encoding, _)| accepted.is_some_and(|accepted| accepts(accepted, encoding)))
        .find_map(|(encoding, extension)| Some((Some(encoding), file(extension)?)))
        .or_else(|| Some((None, file("")?)))
}

/// Whether an `Accept-Encoding` header lists `encoding` with a weight over 0 (RFC 9110 §12.5.3).
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|entry| {
        let mut parts = entry.split(';').map(str::trim);
        let named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(encoding));
        let weight = parts.find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")));
        named
            && weight
                .and_then(|weight| weight.parse::<f32>().ok())
                .is_none_or(|q| q > 0.0)
    })
}

fn etag(file: &EmbeddedFile) -> Option<ETag> {
    let hash = file.metadata.sha256_hash();
    let short = hash
        .first_chunk()
        .map_or(0, |bytes| u64::from_be_bytes(*bytes));
    format!("\"{short:016x}\"").parse().ok()
}

fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_accepted_unless_it_weighs_nothing() {
        assert!(accepts("gzip, deflate, br, zstd", "br"));
        assert!(accepts("GZIP;q=0.5", "gzip"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("br; q=0.000", "br"));
        assert!(!accepts("identity", "br"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn compressed_forms_and_unknown_types_have_no_address() {
        assert_eq!(content_type("reelroom_bg.wasm"), Some("application/wasm"));
        assert_eq!(content_type("reelroom.css.br"), None);
        assert_eq!(content_type("build-id"), None);
    }
}
