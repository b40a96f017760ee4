use reelroom_domain::{cause::Cause, recording::FailedStart};

use super::size::bytes;
use crate::i18n::Locale;

/// The cause of an external failure, as part of a sentence.
pub fn cause(locale: Locale, cause: &Cause) -> String {
    let fixed = match cause {
        Cause::Words(words) => return words.clone(),
        Cause::Tls(words) => return say!(locale, common.cause.tls, words = words.clone()),
        Cause::Status(code) => return say!(locale, common.cause.status, code = *code),
        Cause::Host(host) => return say!(locale, common.cause.host, host = host.clone()),
        Cause::Port { host, port } => {
            return say!(locale, common.cause.port, host = host.clone(), port = *port);
        }
        Cause::Inside(host) => return say!(locale, common.cause.inside, host = host.clone()),
        Cause::NeverAllowed(host) => return say!(locale, common.cause.never, host = host.clone()),
        Cause::Insecure(host) => return say!(locale, common.cause.insecure, host = host.clone()),
        Cause::Storage(words) => {
            return say!(locale, common.cause.storage, words = words.clone());
        }
        Cause::Size { came, announced } => {
            let (came, announced) = (bytes(locale, *came), bytes(locale, *announced));
            return say!(locale, common.cause.size, came, announced);
        }
        Cause::NameNotFound => say!(locale, common.cause.name_not_found),
        Cause::ConnectionRefused => say!(locale, common.cause.connection_refused),
        Cause::NoConnection => say!(locale, common.cause.no_connection),
        Cause::NoAnswer => say!(locale, common.cause.no_answer),
        Cause::Broken => say!(locale, common.cause.broken),
        Cause::Empty => say!(locale, common.cause.empty),
        Cause::TooLong => say!(locale, common.cause.too_long),
        Cause::Unreadable => say!(locale, common.cause.unreadable),
        Cause::Interrupted => say!(locale, common.cause.interrupted),
        Cause::TooSlow => say!(locale, common.cause.too_slow),
        Cause::NoRoom => say!(locale, common.cause.no_room),
        Cause::WebPage => say!(locale, common.cause.web_page),
        Cause::Damaged => say!(locale, common.cause.damaged),
        Cause::OtherContent => say!(locale, common.cause.other_content),
        Cause::CopyDamaged => say!(locale, common.cause.copy_damaged),
        Cause::CopyMissing => say!(locale, common.cause.copy_missing),
        Cause::NoAddress => say!(locale, common.cause.no_address),
        Cause::Address => say!(locale, common.cause.address),
        Cause::Redirects => say!(locale, common.cause.redirects),
    };
    fixed.to_owned()
}

/// Why a start failed.
pub fn failed_start(locale: Locale, failed: &FailedStart) -> String {
    match &failed.cause {
        Some(why) => say!(locale, rooms.failed.words, words = cause(locale, why)),
        None if failed.given_up => say!(locale, recording.session.given_up).to_owned(),
        None => say!(locale, recording.session.start_refused).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_platforms_words_stay_as_they_are_and_ours_are_translated() {
        let words = Cause::Words("room is busy".to_owned());
        assert_eq!(cause(Locale::zh_CN, &words), "room is busy");
        assert_eq!(
            cause(Locale::en, &Cause::Status(502)),
            "the answer was HTTP 502"
        );
        assert_eq!(cause(Locale::zh_CN, &Cause::Status(502)), "答复为 HTTP 502");
        assert_eq!(cause(Locale::zh_CN, &Cause::NoAnswer), "等待答复超时");
    }

    #[test]
    fn a_failed_start_says_why() {
        let said = |cause, given_up| {
            let failed = FailedStart {
                needs_attention: false,
                given_up,
                cause,
            };
            failed_start(Locale::en, &failed)
        };
        let words = Cause::Words("Type is unknown".to_owned());
        assert_eq!(said(Some(words), false), "anyRTC: Type is unknown");
        assert_eq!(said(None, false), "Refused by anyRTC");
        assert_eq!(said(None, true), "Marked as not recorded");
    }
}
