//! Messages to the reader: banners, errors, notes, and empty states.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{intake::RejectedView, time::Timestamp};
use strum::IntoStaticStr;

use super::{control::way_on, time::time};
use crate::{
    error::ApiError,
    form::failed,
    i18n::{Locale, td},
    icon::{Glyph, Icon},
    lint_line::{Level, LintLine},
    reader::Reader,
    this_page::locale,
    words,
};

/// The severity of a banner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Tone {
    /// Something failed, or a person has to act.
    #[default]
    Fault,
    /// Something is missing or late, and nothing failed.
    Wait,
    /// Information.
    Info,
}

impl Tone {
    /// The CSS class.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A message that screen readers announce when it appears. Children follow the title: paragraphs, and a
/// `div.btns`.
#[component]
pub fn Banner(
    /// The severity.
    #[prop(optional)]
    tone: Tone,
    /// The event, in a few words.
    #[prop(into)]
    title: String,
    /// Whether it gets the focus when the page loads: it answers the reader's action.
    #[prop(optional)]
    focus: bool,
    /// The current state, and what to do.
    children: Children,
) -> impl IntoView {
    let (glyph, role) = match tone {
        Tone::Fault | Tone::Wait => (Glyph::Alert, "alert"),
        Tone::Info => (Glyph::Check, "status"),
    };
    view! {
        <div
            class="banner"
            data-tone=tone.as_str()
            role=role
            tabindex=focus.then_some("-1")
            autofocus=focus
        >
            <Icon glyph=glyph />
            <div class="banner-text">
                <h2>{title}</h2>
                {children()}
            </div>
        </div>
    }
}

/// An error in the reader's language: what happened, the current state, and what to do.
#[component]
pub fn ErrorNote(error: ApiError) -> impl IntoView {
    let Reader { locale, zone, .. } = Reader::expect();
    let sign_in = (error == ApiError::SignedOut).then(|| {
        let word = say!(locale, common.action.sign_in);
        way_on("btn primary", "/login".to_owned(), word)
    });
    let tone = if error.is_passing() {
        Tone::Wait
    } else {
        Tone::Fault
    };
    let (title, consequence) = texts(locale, &error, |at| words::clock(zone.civil(at)));
    view! {
        <Banner tone=tone title=title focus=true>
            <p>{consequence}</p>
            {sign_in}
        </Banner>
    }
}

/// The error of the form of the server function `S`, unless it is about fields.
pub fn form_error<S: ServerFn>() -> Option<impl IntoView + use<S>> {
    let error = failed::<S>().and_then(ApiError::of_no_field)?;
    Some(view! { <ErrorNote error=error /> })
}

/// The title of an error; and the current state, and the next step.
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
        ApiError::PasswordsOff => both!(passwords_off, passwords_off_then),
        ApiError::NoLink => both!(no_link, no_link_then),
        ApiError::TooManyTries => both!(too_many, too_many_then),
        ApiError::NameClosed => both!(name_closed, name_closed_then),
        ApiError::CodesClosed => both!(codes_closed, codes_closed_then),
        ApiError::AccountDisabled => both!(disabled, disabled_then),
        ApiError::Busy => both!(busy, busy_then),
        ApiError::NoApp => both!(no_app, no_app_then),
        ApiError::InTrash => both!(in_trash, in_trash_then),
        ApiError::Held => both!(held, held_then),
        ApiError::Purged => both!(purged, purged_then),
        ApiError::NothingGranted => both!(nothing_granted, nothing_granted_then),
        ApiError::Unavailable => both!(unavailable, unavailable_then),
        ApiError::Wire(_) => both!(wire, wire_then),
    }
}

/// An empty state: an icon, one sentence, and (as children) one action.
#[component]
pub fn Empty(
    glyph: Glyph,
    /// A name for the emptiness, in a few words.
    #[prop(into)]
    title: String,
    /// More about it; may be empty.
    #[prop(into, optional)]
    text: String,
    /// The action, in a `div.btns`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon glyph=glyph />
            <h2>{title}</h2>
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
            {children.map(|children| children())}
        </div>
    }
}

/// The note below a field: its error, else a hint.
#[component]
pub fn FieldNote(
    /// The id that the field's `aria-describedby` names.
    #[prop(into)]
    id: String,
    /// The error.
    wrong: Option<&'static str>,
    /// The hint.
    #[prop(optional_no_strip, into)]
    hint: Option<&'static str>,
) -> impl IntoView {
    let note = match wrong {
        Some(wrong) => view! {
            <div role="alert"><LintLine level=Level::Error>{wrong}</LintLine></div>
        }
        .into_any(),
        None => hint
            .map(|hint| view! { <p class="hint">{hint}</p> })
            .into_any(),
    };
    view! { <div id=id>{note}</div> }
}

/// Tells that no files are fetched, because a disk is nearly full.
#[component]
pub fn FetchingPauses(
    /// The action, in a `div.btns`.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let locale = locale();
    view! {
        <Banner title=say!(locale, storage.pauses)>
            <p>{say!(locale, storage.pauses_text)}</p>
            {children.map(|children| children())}
        </Banner>
    }
}

/// A warning about calls with a wrong secret, usually because the console has an old address. Empty if
/// there were none.
#[component]
pub fn Rejected(rejected: RejectedView) -> impl IntoView {
    let locale = locale();
    let RejectedView { calls, last } = rejected;
    last.map(|last| {
        let time = time(last.last_at);
        let remote = match last.remote.as_str() {
            "" => say!(locale, callbacks.header.someone).to_owned(),
            remote => remote.to_owned(),
        };
        view! {
            <p class="hint away" role="note">
                <Icon glyph=Glyph::Alert />
                {td!(locale, callbacks.header.rejected, calls, remote, time)}
            </p>
        }
    })
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
