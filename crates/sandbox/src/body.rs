//! The body of a start: JSON or a form, whichever comes (`VENDOR.md` §1 does not say).

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::files::Request;

/// A body that is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BadBody {
    /// Broken JSON, or JSON that is not an object.
    #[error("body is not a JSON object")]
    Json,
    /// The platform wants strings; an object must be passed as a JSON string.
    #[error("{0} is not a string")]
    NotText(&'static str),
    /// Not UTF-8.
    #[error("body is not text")]
    NotUtf8,
}

/// Reads what a start asks for. Fields that are not known are left out of account.
pub(crate) fn read_request(body: &[u8]) -> Result<Request, BadBody> {
    let text = std::str::from_utf8(body)
        .map_err(|_| BadBody::NotUtf8)?
        .trim();
    if text.is_empty() {
        return Ok(Request::default());
    }
    if text.starts_with(['{', '[', '"']) {
        let fields: Map<String, Value> = serde_json::from_str(text).map_err(|_| BadBody::Json)?;
        let field = |name: &'static str| match fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(BadBody::NotText(name)),
        };
        return Ok(Request {
            path: field("Path")?,
            user_data: field("UserData")?,
            rule: field("NameRule")?,
        });
    }
    let mut request = Request::default();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        let value = Some(value.into_owned());
        match &*name {
            "Path" => request.path = value,
            "UserData" => request.user_data = value,
            "NameRule" => request.rule = value,
            _ => {}
        }
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_alike() {
        let json = br#"{"Path":"a/b","UserData":"{\"n\":\"\u4e00 & +\"}","NameRule":null}"#;
        let form = "Path=a%2Fb&UserData=%7B%22n%22%3A%22%E4%B8%80+%26+%2B%22%7D";
        let request = read_request(json).unwrap();
        assert_eq!(request.user_data.as_deref(), Some(r#"{"n":"一 & +"}"#));
        assert_eq!(read_request(form.as_bytes()), Ok(request));
        assert_eq!(read_request(b" "), Ok(Request::default()));
    }

    #[test]
    fn what_the_platform_would_not_read_is_refused() {
        assert_eq!(
            read_request(br#"{"UserData":{"a":1}}"#),
            Err(BadBody::NotText("UserData"))
        );
        assert_eq!(read_request(b"{"), Err(BadBody::Json));
        assert_eq!(read_request(b"[1]"), Err(BadBody::Json));
        assert_eq!(read_request(&[0xff]), Err(BadBody::NotUtf8));
    }
}
