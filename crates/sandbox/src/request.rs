//! The body of a start (`VENDOR.md` §1).

use serde_json::{Map, Value};
use url::form_urlencoded;

/// The options of a start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Request {
    /// A folder for the files.
    pub path: Option<String>,
    /// Repeated in the callback of each file.
    pub user_data: Option<String>,
    /// The naming rule of the files.
    pub rule: Option<String>,
}

/// A body that is no start's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadBody {
    #[error("body is not a JSON object")]
    Json,
    /// The platform wants strings; an object must be passed as a JSON string.
    #[error("{0} is not a string")]
    NotText(&'static str),
    #[error("body is not text")]
    NotUtf8,
}

impl Request {
    /// Reads a body: JSON or a form, since the document does not say which. Other members are
    /// ignored.
    pub(crate) fn read(body: &[u8]) -> Result<Self, BadBody> {
        let text = str::from_utf8(body).map_err(|_| BadBody::NotUtf8)?.trim();
        let members: Map<String, Value> = if text.starts_with(['{', '[', '"']) {
            serde_json::from_str(text).map_err(|_| BadBody::Json)?
        } else {
            let pairs = form_urlencoded::parse(text.as_bytes());
            pairs
                .map(|(name, value)| (name.into(), value.into()))
                .collect()
        };
        let text = |name| match members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(BadBody::NotText(name)),
        };
        Ok(Self {
            path: text("Path")?,
            user_data: text("UserData")?,
            rule: text("NameRule")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_and_body_are_read_alike() {
        let json = br#"{"Path":"a/b","UserData":"{\"n\":\"\u4e00 & +\"}","NameRule":null}"#;
        let form = "Path=a%2Fb&UserData=%7B%22n%22%3A%22%E4%B8%80+%26+%2B%22%7D";
        let request = Request::read(json).unwrap();
        assert_eq!(request.user_data.as_deref(), Some(r#"{"n":"一 & +"}"#));
        assert_eq!(Request::read(form.as_bytes()), Ok(request));
        assert_eq!(Request::read(b" "), Ok(Request::default()));
    }

    #[test]
    fn a_body_that_the_platform_would_not_read_is_refused() {
        assert_eq!(
            Request::read(br#"{"UserData":{"a":1}}"#),
            Err(BadBody::NotText("UserData"))
        );
        assert_eq!(Request::read(b"{"), Err(BadBody::Json));
        assert_eq!(Request::read(b"[1]"), Err(BadBody::Json));
        assert_eq!(Request::read(&[0xff]), Err(BadBody::NotUtf8));
    }
}
