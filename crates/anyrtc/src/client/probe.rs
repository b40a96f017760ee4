//! Checks whether the platform answers, without starting or stopping anything.

use super::{calls::Client, request::App};
use crate::outcome::{NotSent, Outcome, Unknown};

/// The outcome of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// The platform answers in its own form and knows the app.
    Answers {
        /// Its message if it was not `ok`: that it knows no such room.
        words: Option<String>,
    },
    /// The platform answers in its own form and refuses the app or the caller's address.
    Refused {
        /// Its message.
        words: String,
    },
    /// The call was not sent.
    NotSent(NotSent),
    /// Connected, but without a complete answer.
    NoAnswer(Unknown),
    /// An answer that is not in the platform's form.
    NotThePlatform(Unknown),
}

impl Client {
    /// Stops the recording of `room`, which the caller invents so that there is none to stop.
    pub async fn probe(&self, app: &App, room: &str, kind: &str) -> Probe {
        match self.stop(app, room, kind).await {
            Outcome::Accepted => Probe::Answers { words: None },
            Outcome::Refused { words } if is_about_the_caller(&words) => Probe::Refused { words },
            Outcome::Refused { words } => Probe::Answers { words: Some(words) },
            Outcome::NotSent { cause } => Probe::NotSent(cause),
            Outcome::Unknown(why @ (Unknown::TimedOut | Unknown::Broken)) => Probe::NoAnswer(why),
            Outcome::Unknown(why) => Probe::NotThePlatform(why),
        }
    }
}

/// Whether a refusal is about the app or the caller's address, and not about the room. The documents
/// list no messages (`VENDOR.md` §1), so this looks for likely words.
fn is_about_the_caller(words: &str) -> bool {
    let words = words.to_lowercase();
    let contains = |list: &[&str]| list.iter().any(|word| words.contains(word));
    if contains(&["appid", "app id", "app_id", "应用"]) {
        return true;
    }
    if contains(&["room", "record", "房间", "录"]) {
        return false;
    }
    contains(&[
        "application",
        "address",
        "allow",
        "permission",
        "denied",
        "forbidden",
        "auth",
        "white",
        "地址",
        "白名单",
        "权限",
        "授权",
        "禁止",
    ]) || words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| matches!(word, "ip" | "app"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_of_the_app_differs_from_one_of_the_room() {
        for words in [
            "AppID is unknown",
            "appid not exist",
            "-1: 应用不存在",
            "ip",
            "IP 1.2.3.4 is not on the list",
            "address not allowed",
            "no permission",
            "地址不在白名单中",
            "app not found",
        ] {
            assert!(is_about_the_caller(words), "{words}");
        }
        for words in [
            "the room does not record",
            "no such room",
            "-1: 房间不存在",
            "no recording is allowed to stop",
            "未在录制",
            "error",
            "Type is unknown",
            "zip happens",
        ] {
            assert!(!is_about_the_caller(words), "{words}");
        }
    }
}
