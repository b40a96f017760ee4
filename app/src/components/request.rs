//! The state of a request for consent.

use leptos::prelude::*;
use reelroom_domain::{
    keep::{ShownRequest, Wish},
    visible::visible_line,
};

use super::time::time;
use crate::{i18n::td, paths, this_page::locale};

/// The longest name of an account that is shown, in characters.
const LONGEST: usize = 64;

/// A note that a release or the end of a case is requested, or was refused: when and by whom, with a link to an open
/// request.
pub fn request_note(of: &ShownRequest) -> impl IntoView + use<> {
    let locale = locale();
    let request = &of.request;
    let is_about_case = matches!(request.wish, Wish::CloseCase { .. });
    let (at, by) = match &request.answered {
        Some((at, by)) => (*at, by),
        None => (request.asked_at, &request.asked_name),
    };
    let name = visible_line(by, LONGEST);
    let time = time(at);
    let text = match (of.is_open(), is_about_case) {
        (true, false) => td!(locale, keep.request.release, name, time).into_any(),
        (true, true) => td!(locale, keep.request.close, name, time).into_any(),
        (false, false) => td!(locale, keep.request.release_refused, name, time).into_any(),
        (false, true) => td!(locale, keep.request.close_refused, name, time).into_any(),
    };
    let link = (of.is_open() && of.may_look).then(|| {
        let href = paths::request(request.id);
        view! { <a href=href>{say!(locale, trash.see_request)}</a> }
    });
    view! { <p class="hint">{text} " " {link}</p> }
}
