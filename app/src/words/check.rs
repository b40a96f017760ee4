use reelroom_domain::check::{Check, ListSign, ListTrouble, RoomSign};

use crate::i18n::Locale;

/// The result of a check, in two sentences: of the room, and of the platform's list.
pub fn check(locale: Locale, check: &Check) -> String {
    let room = match check.room {
        RoomSign::Silent => say!(locale, look.room.silent).to_owned(),
        RoomSign::Live { people: 0 } => say!(locale, look.room.live).to_owned(),
        RoomSign::Live { people: 1 } => say!(locale, look.room.live_one).to_owned(),
        RoomSign::Live { people } => say!(locale, look.room.live_many, count = people),
        RoomSign::Over { .. } => say!(locale, look.room.over).to_owned(),
    };
    let list = list(locale, check.list);
    match locale {
        Locale::en => format!("{room} {list}"),
        Locale::zh_CN => format!("{room}{list}"),
    }
}

fn list(locale: Locale, list: ListSign) -> String {
    match list {
        ListSign::NoToken => say!(locale, look.list.no_token).to_owned(),
        ListSign::Busy => say!(locale, look.list.busy).to_owned(),
        ListSign::Queued { .. } => say!(locale, look.list.queued).to_owned(),
        ListSign::Nothing => say!(locale, look.list.nothing).to_owned(),
        ListSign::Making { files: 1 } => say!(locale, look.list.making_one).to_owned(),
        ListSign::Making { files } => say!(locale, look.list.making_many, count = files),
        ListSign::Files { files: 1 } => say!(locale, look.list.files_one).to_owned(),
        ListSign::Files { files } => say!(locale, look.list.files_many, count = files),
        ListSign::Failed(trouble) => list_trouble(locale, trouble).to_owned(),
    }
}

/// The platform's list about the missing files of a recording.
pub fn missing(locale: Locale, sign: ListSign) -> String {
    match sign {
        ListSign::Nothing | ListSign::Files { .. } => say!(locale, look.missing.nothing).to_owned(),
        ListSign::Making { files: 1 } => say!(locale, look.missing.making_one).to_owned(),
        ListSign::Making { files } => say!(locale, look.missing.making_many, count = files),
        ListSign::NoToken | ListSign::Busy | ListSign::Queued { .. } | ListSign::Failed(_) => {
            list(locale, sign)
        }
    }
}

fn list_trouble(locale: Locale, trouble: ListTrouble) -> &'static str {
    match trouble {
        ListTrouble::NotReached => say!(locale, look.trouble.not_reached),
        ListTrouble::NoAnswer => say!(locale, look.trouble.no_answer),
        ListTrouble::Token => say!(locale, look.trouble.token),
        ListTrouble::Clock => say!(locale, look.trouble.clock),
        ListTrouble::App => say!(locale, look.trouble.app),
        ListTrouble::TooFrequent => say!(locale, look.trouble.too_frequent),
        ListTrouble::Platform => say!(locale, look.trouble.platform),
    }
}

/// The number of checks.
pub fn checks(locale: Locale, count: u32) -> String {
    let looks = match count {
        0 => say!(locale, look.looks_none).to_owned(),
        1 => say!(locale, look.looks_one).to_owned(),
        _ => say!(locale, look.looks_many, count = count),
    };
    say!(locale, look.allows, looks = looks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_says_what_is_known_and_what_is_not() {
        let seen = |room, list| check(Locale::en, &Check { room, list });
        assert_eq!(
            seen(RoomSign::Live { people: 3 }, ListSign::Nothing),
            "3 people are in the room. No file and no activity: it may still be recording. \
             Files are listed only after a stop."
        );
        assert_eq!(
            check(
                Locale::zh_CN,
                &Check {
                    room: RoomSign::Silent,
                    list: ListSign::Files { files: 1 },
                }
            ),
            "请求之后，状态回调没有报告这个房间有会议。anyRTC 已有 1 个文件，说明确有录制，正在接收。"
        );
        assert_eq!(
            checks(Locale::en, 4),
            "4 checks so far; anyRTC's file list allows 5 requests a minute"
        );
    }
}
