//! The requests of start and stop.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Client, Method as HttpMethod, RequestBuilder, header::CONTENT_LENGTH};
use serde_json::{Map, Value};
use url::Url;

use crate::{BodyEncoding, Dialect, Method};

/// One application at the platform.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    /// Its AppID; `Debug` masks it.
    pub app_id: String,
    /// The base address, for example `http://www.anyrtc.io`. A path is a prefix; the API's own
    /// `/anyapi/v1` is optional. Query and fragment are ignored.
    pub api_base: Url,
    /// The form of its calls.
    pub dialect: Dialect,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("app_id", &"…")
            .field("api_base", &self.api_base.host_str())
            .field("dialect", &self.dialect)
            .finish()
    }
}

/// The parameters of a start.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Start<'a> {
    /// The room.
    pub room: &'a str,
    /// `Type`: `Meet`, or a later revision's; case-sensitive.
    pub kind: &'a str,
    /// The relative storage path on a private cloud.
    pub path: Option<&'a str>,
    /// Repeated in every callback of the recording.
    pub user_data: Option<&'a str>,
    /// The naming rule of the files.
    pub name_rule: &'a str,
}

impl fmt::Debug for Start<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start")
            .field("room", &self.room)
            .field("kind", &self.kind)
            .field("path", &self.path)
            .field("user_data", &self.user_data.map(|_| "…"))
            .field("name_rule", &self.name_rule)
            .finish()
    }
}

/// All but RFC 3986's unreserved characters. A space is `%20`: the documents do not say whether the
/// platform reads `+` as one.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Whether a refusal names the `Type`, as in `Type is unknown`. The documents list no refusals
/// (`VENDOR.md` §1), so this is a guess by its words.
pub fn names_type(refusal: &str) -> bool {
    let mut words = refusal.split(|c: char| !c.is_alphanumeric());
    words.any(|word| word.eq_ignore_ascii_case("type"))
}

/// `startrecord`, with its body.
pub(super) fn start(http: &Client, app: &App, start: &Start<'_>) -> RequestBuilder {
    let request = call(http, app, "startrecord", start.room, start.kind);
    let body = [
        ("Path", start.path),
        ("UserData", start.user_data),
        ("NameRule", Some(start.name_rule)),
    ];
    let body = body
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    match app.dialect.encoding {
        BodyEncoding::Json => request.json(
            &body
                .map(|(name, value)| (name.to_owned(), Value::from(value)))
                .collect::<Map<_, _>>(),
        ),
        BodyEncoding::Form => request.form(&body.collect::<Vec<_>>()),
    }
}

/// `stoprecord`, without a body.
pub(super) fn stop(http: &Client, app: &App, room: &str, kind: &str) -> RequestBuilder {
    let request = call(http, app, "stoprecord", room, kind);
    match app.dialect.method {
        Method::Get => request,
        // Some servers reject a POST without a length (411).
        Method::Post => request.header(CONTENT_LENGTH, 0),
    }
}

fn call(http: &Client, app: &App, verb: &str, room: &str, kind: &str) -> RequestBuilder {
    let method = match app.dialect.method {
        Method::Get => HttpMethod::GET,
        Method::Post => HttpMethod::POST,
    };
    http.request(method, address(app, verb, room, kind))
}

fn address(app: &App, verb: &str, room: &str, kind: &str) -> Url {
    let mut url = endpoint(&app.api_base, "/anyapi/v1", verb);
    let encoded = |text| utf8_percent_encode(text, RESERVED);
    let query = format!(
        "AppID={}&ArRoomID={}&Type={}",
        encoded(&app.app_id),
        encoded(room),
        encoded(kind)
    );
    url.set_query(Some(&query));
    url
}

/// The address of a call, without a query. `base` may end in the path of the API.
pub(super) fn endpoint(base: &Url, api: &str, verb: &str) -> Url {
    let path = base.path().trim_end_matches('/');
    let path = path.strip_suffix(api).unwrap_or(path);
    let mut url = base.clone();
    url.set_path(&format!("{path}{api}/{verb}"));
    url.set_query(None);
    url.set_fragment(None);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_may_have_the_path_of_the_api_or_a_prefix() {
        for (base, expected) in [
            ("http://www.anyrtc.io", "/anyapi/v1/startrecord"),
            ("http://www.anyrtc.io/", "/anyapi/v1/startrecord"),
            ("http://www.anyrtc.io/anyapi/v1", "/anyapi/v1/startrecord"),
            ("http://www.anyrtc.io/anyapi/v1/", "/anyapi/v1/startrecord"),
            (
                "http://gate.example/anyrtc?x=1#y",
                "/anyrtc/anyapi/v1/startrecord",
            ),
        ] {
            let app = App {
                app_id: "a&b".to_owned(),
                api_base: base.parse().unwrap(),
                dialect: Dialect::default(),
            };
            let url = address(&app, "startrecord", "room", "Meet");
            assert_eq!(url.path(), expected, "{base}");
            assert_eq!(url.query(), Some("AppID=a%26b&ArRoomID=room&Type=Meet"));
            assert_eq!(url.fragment(), None);
        }
    }
}
