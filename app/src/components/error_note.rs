use leptos::prelude::*;

use super::banner::{Banner, Tone};
use crate::{
    error::ApiError,
    i18n::{Locale, td_string},
    reader::Reader,
    words,
};

/// An error in the reader's language: what happened, the current state, and what to do.
#[component]
pub fn ErrorNote(
    /// The error.
    error: ApiError,
) -> impl IntoView {
    let Reader { locale, zone, .. } = Reader::expect();
    let sign_in = error == ApiError::SignedOut;
    let tone = if error.is_passing() {
        Tone::Wait
    } else {
        Tone::Fault
    };
    let clock = move |at| words::clock(zone.civil(at));
    view! {
        <Banner tone=tone title=title(locale, &error)>
            <p>{consequence(locale, &error, clock)}</p>
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

/// What happened.
fn title(locale: Locale, error: &ApiError) -> &'static str {
    match error {
        ApiError::SignedOut => td_string!(locale, common.error.signed_out),
        ApiError::Forbidden => td_string!(locale, common.error.forbidden),
        ApiError::NotFound => td_string!(locale, common.error.not_found),
        ApiError::Invalid { .. } => td_string!(locale, common.error.invalid),
        ApiError::RoomTaken { .. } => td_string!(locale, common.error.room_taken),
        ApiError::MeetingOver => td_string!(locale, common.error.meeting_over),
        ApiError::Refused { .. } => td_string!(locale, common.error.refused),
        ApiError::NotSent { .. } => td_string!(locale, common.error.not_sent),
        ApiError::NotAllowed => td_string!(locale, common.error.not_allowed),
        ApiError::WrongSignIn => td_string!(locale, common.error.wrong_sign_in),
        ApiError::TooManyTries => td_string!(locale, common.error.too_many),
        ApiError::Busy => td_string!(locale, common.error.busy),
        ApiError::NoApp => td_string!(locale, common.error.no_app),
        ApiError::Unavailable => td_string!(locale, common.error.unavailable),
        ApiError::Wire(_) => td_string!(locale, common.error.wire),
    }
}

/// The current state, and what to do.
fn consequence(
    locale: Locale,
    error: &ApiError,
    clock: impl Fn(reelroom_domain::time::Timestamp) -> String,
) -> String {
    let fixed = match error {
        ApiError::RoomTaken {
            by,
            since: Some(since),
        } => {
            let time = clock(*since);
            return if let Some(name) = by.clone() {
                td_string!(locale, common.error.room_taken_by, name = name, time = time)
            } else {
                td_string!(locale, common.error.room_taken_since, time = time)
            };
        }
        ApiError::Refused { words: Some(words) } => {
            return td_string!(locale, common.error.refused_then, words = words.clone());
        }
        ApiError::NotSent { cause: Some(cause) } => {
            return td_string!(
                locale,
                common.error.not_sent_then,
                cause = words::cause(locale, cause)
            );
        }
        ApiError::RoomTaken { since: None, .. } => td_string!(locale, common.error.room_taken_then),
        ApiError::Refused { words: None } => td_string!(locale, common.error.refused_unsaid),
        ApiError::NotSent { cause: None } => td_string!(locale, common.error.not_sent_unsaid),
        ApiError::SignedOut => td_string!(locale, common.error.signed_out_then),
        ApiError::Forbidden => td_string!(locale, common.error.forbidden_then),
        ApiError::NotFound => td_string!(locale, common.error.not_found_then),
        ApiError::Invalid { .. } => td_string!(locale, common.error.invalid_then),
        ApiError::MeetingOver => td_string!(locale, common.error.meeting_over_then),
        ApiError::NotAllowed => td_string!(locale, common.error.not_allowed_then),
        ApiError::WrongSignIn => td_string!(locale, common.error.wrong_sign_in_then),
        ApiError::TooManyTries => td_string!(locale, common.error.too_many_then),
        ApiError::Busy => td_string!(locale, common.error.busy_then),
        ApiError::NoApp => td_string!(locale, common.error.no_app_then),
        ApiError::Unavailable => td_string!(locale, common.error.unavailable_then),
        ApiError::Wire(_) => td_string!(locale, common.error.wire_then),
    };
    fixed.to_owned()
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn a_taken_room_names_who_took_it() {
        let error = ApiError::RoomTaken {
            by: Some("u1003".to_owned()),
            since: Some(Timestamp::from_millis(0)),
        };
        let said = |locale| consequence(locale, &error, |_| "14:14".to_owned());
        assert_eq!(
            said(Locale::en),
            "u1003 started it at 14:14. No second recording was started."
        );
        assert!(said(Locale::zh_CN).contains("u1003") && said(Locale::zh_CN).contains("14:14"));
    }
}
