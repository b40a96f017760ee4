//! The answers to callbacks (`VENDOR.md` §3 and §4).

use serde_json::{Value, json};
use strum::{Display, EnumString};

use crate::json;

/// The two forms of an answer, which exclude each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Display, EnumString)]
pub enum ReplyForm {
    /// `{"success":"true","message":…}`: success is a string.
    #[default]
    #[strum(serialize = "string")]
    Given,
    /// `{"code":0,"success":true,"message":…}`.
    #[strum(serialize = "code")]
    Later,
}

/// The JSON text that answers a callback.
///
/// The later revision names no code for a failure; ours is 1.
pub fn reply(form: ReplyForm, success: bool, message: &str) -> String {
    match form {
        ReplyForm::Given => json!({ "success": success.to_string(), "message": message }),
        ReplyForm::Later => {
            json!({ "code": i32::from(!success), "success": success, "message": message })
        }
    }
    .to_string()
}

/// Whether an answer in either form reports success; `None` if it is no such answer.
pub fn says_success(body: &[u8]) -> Option<bool> {
    match json::parse(body).ok()?.get("success")? {
        Value::Bool(success) => Some(*success),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms() {
        use ReplyForm::{Given, Later};
        let table = [
            (Given, true, r#"{"success":"true","message":"已收到"}"#),
            (Given, false, r#"{"success":"false","message":"已收到"}"#),
            (
                Later,
                true,
                r#"{"code":0,"success":true,"message":"已收到"}"#,
            ),
            (
                Later,
                false,
                r#"{"code":1,"success":false,"message":"已收到"}"#,
            ),
        ];
        for (form, success, expected) in table {
            let text = reply(form, success, "已收到");
            assert_eq!(text, expected);
            assert_eq!(says_success(text.as_bytes()), Some(success));
        }
        for (form, word) in [(Given, "string"), (Later, "code")] {
            assert_eq!(form.to_string(), word);
            assert_eq!(word.parse(), Ok(form));
        }
    }

    #[test]
    fn a_response_without_a_result() {
        for body in [
            "",
            "ok",
            "[]",
            r#"{"success":1}"#,
            r#"{"success":"yes"}"#,
            "{}",
        ] {
            assert_eq!(says_success(body.as_bytes()), None, "{body}");
        }
    }
}
