use reelroom_domain::check::{Check, ListSign, ListTrouble, RoomSign};

use crate::i18n::{Locale, td_string};

/// The result of a check, in two sentences: of the room, and of the platform's list.
pub fn check(locale: Locale, check: &Check) -> String {
    let room = match check.room {
        RoomSign::Silent => td_string!(locale, look.room.silent).to_owned(),
        RoomSign::Live { people: 0 } => td_string!(locale, look.room.live).to_owned(),
        RoomSign::Live { people: 1 } => td_string!(locale, look.room.live_one).to_owned(),
        RoomSign::Live { people } => td_string!(locale, look.room.live_many, count = people),
        RoomSign::Over { .. } => td_string!(locale, look.room.over).to_owned(),
    };
    let list = match check.list {
        ListSign::NoToken => td_string!(locale, look.list.no_token).to_owned(),
        ListSign::Busy => td_string!(locale, look.list.busy).to_owned(),
        ListSign::Nothing => td_string!(locale, look.list.nothing).to_owned(),
        ListSign::Making { files: 1 } => td_string!(locale, look.list.making_one).to_owned(),
        ListSign::Making { files } => td_string!(locale, look.list.making_many, count = files),
        ListSign::Files { files: 1 } => td_string!(locale, look.list.files_one).to_owned(),
        ListSign::Files { files } => td_string!(locale, look.list.files_many, count = files),
        ListSign::Failed(trouble) => match trouble {
            ListTrouble::NotReached => td_string!(locale, look.trouble.not_reached),
            ListTrouble::NoAnswer => td_string!(locale, look.trouble.no_answer),
            ListTrouble::Token => td_string!(locale, look.trouble.token),
            ListTrouble::Clock => td_string!(locale, look.trouble.clock),
            ListTrouble::App => td_string!(locale, look.trouble.app),
            ListTrouble::TooFrequent => td_string!(locale, look.trouble.too_frequent),
            ListTrouble::Platform => td_string!(locale, look.trouble.platform),
        }
        .to_owned(),
    };
    match locale {
        Locale::en => format!("{room} {list}"),
        Locale::zh_CN => format!("{room}{list}"),
    }
}

/// The number of checks.
pub fn checks(locale: Locale, count: u32) -> String {
    let looks = match count {
        0 => td_string!(locale, look.looks_none).to_owned(),
        1 => td_string!(locale, look.looks_one).to_owned(),
        _ => td_string!(locale, look.looks_many, count = count),
    };
    td_string!(locale, look.allows, looks = looks)
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
            "请求之后，没有状态回调报告这个房间有会议。anyRTC 已有 1 个文件：确实录了，正在接收。"
        );
        assert_eq!(
            checks(Locale::en, 4),
            "4 checks so far; anyRTC's file list allows 5 calls a minute"
        );
    }
}
