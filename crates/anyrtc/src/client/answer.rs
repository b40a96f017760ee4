//! The outcome of an answer, or of its absence.

use std::{error::Error, io};

use reqwest::{Response, StatusCode};
use serde_json::{Map, Value};

use crate::{
    json,
    outcome::{NotSent, Outcome, Unknown},
};

/// The limit of an answer to a start or a stop, in bytes.
const MAX_BYTES: usize = 64 * 1024;
/// The limit of the platform's message, in characters.
const MAX_WORDS: usize = 200;

/// The outcome of an answer.
pub(super) async fn read(response: Response) -> Outcome {
    let status = response.status();
    if status.is_redirection() {
        return Outcome::Unknown(Unknown::Redirected(status.as_u16()));
    }
    if status.is_server_error() {
        return Outcome::Unknown(Unknown::Status(status.as_u16()));
    }
    match body(response, MAX_BYTES).await {
        Ok(body) => understand(status, &body),
        Err(why) => Outcome::Unknown(why),
    }
}

/// The whole body, at most `max` bytes.
pub(super) async fn body(mut response: Response, max: usize) -> Result<Vec<u8>, Unknown> {
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > max => return Err(Unknown::TooLong),
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => return Ok(body),
            Err(error) => return Err(after_sending(&error)),
        }
    }
}

fn understand(status: StatusCode, body: &[u8]) -> Outcome {
    if let Ok(Value::Object(members)) = json::parse(body)
        && let Some(result) = members.get("result")
    {
        match result.as_str() {
            Some("ok") if status.is_success() => return Outcome::Accepted,
            // Contradicted by its status.
            Some("ok") => {}
            _ => {
                return Outcome::Refused {
                    words: words(result, &members),
                };
            }
        }
    }
    Outcome::Unknown(if !status.is_success() {
        Unknown::Status(status.as_u16())
    } else if body.trim_ascii().is_empty() {
        Unknown::Empty
    } else {
        Unknown::Unreadable
    })
}

/// The platform's message: the result and the message, or the whole answer if both are empty.
fn words(result: &Value, members: &Map<String, Value>) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => clean(text),
        Value::Null => String::new(),
        other => clean(&other.to_string()),
    };
    let message = members.get("message").map(text).unwrap_or_default();
    let words = match (text(result), message) {
        (result, message) if message.is_empty() => result,
        (result, message) if result.is_empty() => message,
        (result, message) => format!("{result}: {message}"),
    };
    let words = if words.is_empty() {
        clean(&Value::Object(members.clone()).to_string())
    } else {
        words
    };
    words.chars().take(MAX_WORDS).collect()
}

fn clean(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    text.trim().to_owned()
}

/// The outcome of a call without an answer; `Err` if it was not sent.
pub(super) fn failure(error: reqwest::Error) -> Result<Unknown, NotSent> {
    // The address contains the AppID.
    let error = error.without_url();
    if error.is_connect() || error.is_builder() {
        Err(before_sending(&error))
    } else {
        Ok(after_sending(&error))
    }
}

fn after_sending(error: &reqwest::Error) -> Unknown {
    if error.is_timeout() {
        Unknown::TimedOut
    } else {
        Unknown::Broken
    }
}

fn before_sending(error: &reqwest::Error) -> NotSent {
    let causes = || std::iter::successors(error.source(), |cause| inner(*cause));
    if error.is_timeout() {
        return NotSent::TimedOut;
    }
    if error.is_dns() {
        return NotSent::NameNotFound;
    }
    if let Some(cause) = causes().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return NotSent::Tls(cause.to_string());
    }
    let refused = |cause: &io::Error| cause.kind() == io::ErrorKind::ConnectionRefused;
    if causes().any(|cause| cause.downcast_ref().is_some_and(refused)) {
        return NotSent::ConnectionRefused;
    }
    let last = causes().last();
    NotSent::Other(last.map_or_else(|| error.to_string(), ToString::to_string))
}

/// The next cause; of an I/O error, the error inside it.
fn inner<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match cause
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(hidden) => Some(hidden),
        None => cause.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(body: &str) -> String {
        match understand(StatusCode::OK, body.as_bytes()) {
            Outcome::Refused { words } => words,
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn the_platforms_own_words() {
        assert_eq!(refused(r#"{"result":"error"}"#), "error");
        assert_eq!(refused(r#"{"result":"OK"}"#), "OK");
        assert_eq!(
            refused(r#"{"result":-1,"message":"房间不存在"}"#),
            "-1: 房间不存在"
        );
        assert_eq!(refused(r#"{"result":"","message":"no"}"#), "no");
        assert_eq!(
            refused(r#"{"result":null,"why":7}"#),
            r#"{"result":null,"why":7}"#
        );
        assert_eq!(refused(r#"{"result":"a\u0007\nb\u009f"}"#), "ab");
        let long = format!(r#"{{"result":"{}"}}"#, "房".repeat(500));
        assert_eq!(refused(&long), "房".repeat(200));
    }

    #[test]
    fn a_refusal_may_come_with_any_status_below_500() {
        let body = br#"{"result":"error"}"#;
        let outcome = understand(StatusCode::FORBIDDEN, body);
        assert!(matches!(outcome, Outcome::Refused { .. }));
        let outcome = understand(StatusCode::FORBIDDEN, br#"{"result":"ok"}"#);
        assert_eq!(outcome, Outcome::Unknown(Unknown::Status(403)));
    }

    #[test]
    fn an_ok_behind_a_byte_order_mark() {
        let body = b"\xEF\xBB\xBF {\"result\":\"ok\", \"more\":1}\r\n";
        assert_eq!(understand(StatusCode::OK, body), Outcome::Accepted);
    }

    #[test]
    fn all_else_is_unknown() {
        for (body, why) in [
            ("", Unknown::Empty),
            (" \r\n", Unknown::Empty),
            ("ok", Unknown::Unreadable),
            ("\"ok\"", Unknown::Unreadable),
            ("[]", Unknown::Unreadable),
            ("{}", Unknown::Unreadable),
            (r#"{"result":"ok""#, Unknown::Unreadable),
            ("<html>ok</html>", Unknown::Unreadable),
        ] {
            let outcome = understand(StatusCode::OK, body.as_bytes());
            assert_eq!(outcome, Outcome::Unknown(why), "{body}");
        }
    }
}
