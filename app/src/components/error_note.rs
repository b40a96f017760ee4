use leptos::prelude::*;
use reelroom_domain::time::Timestamp;

use super::banner::{Banner, Tone};
use crate::{error::ApiError, i18n::Locale, reader::Reader, words};

/// An error in the reader's language: what happened, the current state, and what to do.
#[component]
pub fn ErrorNote(error: ApiError) -> impl IntoView {
    let Reader { locale, zone, .. } = Reader::expect();
    let sign_in = error == ApiError::SignedOut;
    let tone = if error.is_passing() {
        Tone::Wait
    } else {
        Tone::Fault
    };
    let (title, consequence) = texts(locale, &error, |at| words::clock(zone.civil(at)));
    view! {
        <Banner tone=tone title=title focus=true>
            <p>{consequence}</p>
            {sign_in
                .then(|| {
                    view! {
                        <div class="btns">
                            <a class="btn primary" href="/login">
                                {say!(locale, common.error.sign_in)}
                            </a>
                        </div>
                    }
                })}
        </Banner>
    }
}

/// What happened; and the current state, and what to do.
fn texts(
    locale: Locale,
    error: &ApiError,
    clock: impl Fn(Timestamp) -> String,
) -> (&'static str, String) {
    macro_rules! both {
        ($title:ident, $then:ident $($argument:tt)*) => {(
            say!(locale, common.error.$title),
            String::from(say!(locale, common.error.$then $($argument)*)),
        )};
    }
    match error {
        ApiError::SignedOut => both!(signed_out, signed_out_then),
        ApiError::Forbidden => both!(forbidden, forbidden_then),
        ApiError::NotFound => both!(not_found, not_found_then),
        ApiError::Invalid { .. } => both!(invalid, invalid_then),
        ApiError::RoomTaken { since: None, .. } => both!(room_taken, room_taken_then),
        ApiError::RoomTaken {
            by,
            since: Some(since),
        } => {
            let time = clock(*since);
            match by.clone() {
                Some(name) => both!(room_taken, room_taken_by, name, time),
                None => both!(room_taken, room_taken_since, time),
            }
        }
        ApiError::MeetingOver => both!(meeting_over, meeting_over_then),
        ApiError::Refused { words: None } => both!(refused, refused_unsaid),
        ApiError::Refused { words: Some(words) } => {
            both!(refused, refused_then, words = words.clone())
        }
        ApiError::NotSent { cause: None } => both!(not_sent, not_sent_unsaid),
        ApiError::NotSent { cause: Some(cause) } => {
            both!(not_sent, not_sent_then, cause = words::cause(locale, cause))
        }
        ApiError::NotAllowed => both!(not_allowed, not_allowed_then),
        ApiError::WrongSignIn => both!(wrong_sign_in, wrong_sign_in_then),
        ApiError::TooManyTries => both!(too_many, too_many_then),
        ApiError::Busy => both!(busy, busy_then),
        ApiError::NoApp => both!(no_app, no_app_then),
        ApiError::Unavailable => both!(unavailable, unavailable_then),
        ApiError::Wire(_) => both!(wire, wire_then),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_room_names_who_took_it() {
        let error = ApiError::RoomTaken {
            by: Some("u1003".to_owned()),
            since: Some(Timestamp::from_millis(0)),
        };
        let said = |locale| texts(locale, &error, |_| "14:14".to_owned()).1;
        assert_eq!(
            said(Locale::en),
            "u1003 started it at 14:14. No second recording was started."
        );
        assert!(said(Locale::zh_CN).contains("u1003") && said(Locale::zh_CN).contains("14:14"));
    }
}
