//! Whether the platform answers, without starting or stopping anything.

use super::{calls::Client, request::App};
use crate::outcome::{NotSent, Outcome, Unknown};

/// What a harmless call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// The platform answers in its own form and takes the app for one of its own.
    Answers {
        /// What it said, where that was more than ok: that it knows no such room.
        words: Option<String>,
    },
    /// It answers in its own form, and refuses the app or the address that the call came from.
    Refused {
        /// Its own words.
        words: String,
    },
    /// The call never left.
    NotSent(NotSent),
    /// It was connected, and no whole answer came.
    NoAnswer(Unknown),
    /// Something answered, and not as the platform does.
    NotThePlatform(Unknown),
}

impl Client {
    /// Asks for the end of the recording of a room that nobody has: the platform has nothing to do.
    /// `room` is the caller's to make up.
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

/// Whether a refusal is about the app or the address that it came from, and not about the room. The
/// documents list no words of refusal (`VENDOR.md` §1), so these are the ones that say it in any case.
fn is_about_the_caller(words: &str) -> bool {
    let words = words.to_lowercase();
    let names = |list: &[&str]| list.iter().any(|word| words.contains(word));
    if names(&["appid", "app id", "app_id", "应用"]) {
        return true;
    }
    if names(&["room", "record", "房间", "录"]) {
        return false;
    }
    names(&[
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
    fn a_refusal_of_the_caller_is_told_from_one_of_the_room() {
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
