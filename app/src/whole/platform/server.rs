//! The server's half.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use http::{HeaderMap, request::Parts};
use leptos::prelude::*;
use leptos_meta::Link;
use reelroom_domain::time::Timestamp;

use crate::{
    reader::{cookie_value, locale},
    shell::{NamedModules, WholeSite},
    start::{PageStart, Theme, cookie},
    whole::live::Heard,
};

/// The zone where neither the reader nor the server named one: the platform's.
const PLATFORM_ZONE: &str = "Asia/Shanghai";

/// What the page of this request starts with.
pub fn page_start() -> PageStart {
    // The shell made it already; both must show the same moment.
    if let Some(start) = use_context::<PageStart>() {
        return start;
    }
    let empty = HeaderMap::new();
    let parts = use_context::<Parts>();
    let headers = parts.as_ref().map_or(&empty, |parts| &parts.headers);
    PageStart {
        locale: locale(headers),
        theme: Theme::parse(&cookie_value(headers, cookie::THEME).unwrap_or_default()),
        zone: cookie_value(headers, cookie::ZONE)
            .map(|name| name.replace("%2F", "/"))
            .filter(|name| jiff::tz::TimeZone::get(name).is_ok())
            .unwrap_or_else(|| PLATFORM_ZONE.to_owned()),
        now: now(),
    }
}

/// The title of the page, as markup. The text that is there when the page is made: the title is written when the
/// signals of the page are gone, and in their places may be those of somebody else's page.
pub fn title(text: Signal<String>) -> impl Fn() -> String {
    let text = text.with_untracked(|text| html_escape::encode_text(text).into_owned());
    move || text.clone()
}

/// The content of a `<textarea>` that holds `text`: markup. Parsers drop a line break at its
/// beginning (HTML §13.2.6.4.7), so there is one to drop.
pub fn textarea_content(text: &str) -> String {
    format!("\n{}", html_escape::encode_text(text))
}

/// Names in the page's head the modules of a lazy page, so that the browser loads them beside the
/// first one instead of after it.
pub fn name_modules(page: &str) {
    let Some(site) = use_context::<WholeSite>() else {
        return; // Nobody is being sent a page: the routes are only counted.
    };
    let named = use_context::<NamedModules>().unwrap_or_default();
    for name in site.new_modules(page, &named) {
        // Rendering hands it to the head; there is nothing to show in the body.
        let href = format!("{}/{name}", site.folder);
        let is_script = Path::new(&name)
            .extension()
            .is_some_and(|kind| kind == "js");
        let _ = if is_script {
            view! { <Link rel="modulepreload" href=href /> }.to_html()
        } else {
            view! {
                <Link
                    rel="preload"
                    href=href
                    as_="fetch"
                    type_="application/wasm"
                    crossorigin="anonymous"
                />
            }
            .to_html()
        };
    }
}

fn now() -> Timestamp {
    let millis = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis());
    Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// How many seconds `zone` is ahead of UTC at `moment`; zero for a zone that nobody knows.
pub fn zone_offset(zone: &str, moment: Timestamp) -> i32 {
    let zone = jiff::tz::TimeZone::get(zone);
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis());
    match (zone, moment) {
        (Ok(zone), Ok(moment)) => zone.to_offset(moment).seconds(),
        _ => 0,
    }
}

/// The browser's clock: there is none.
pub const fn browser_now() -> Option<Timestamp> {
    None
}

/// When the browser received the page: it has not.
pub const fn page_made_at() -> Option<Timestamp> {
    None
}

/// The browser's zone: not known here.
pub const fn browser_zone() -> Option<String> {
    None
}

/// Nothing ticks while a page is made.
pub fn every_second(_tick: impl Fn() + 'static) {}

/// Keeps a choice: only the browser can, the server answers with `Set-Cookie`.
pub const fn keep_choice(_name: &str, _value: &str) {}

/// Puts an attribute on `<html>`: the shell has done that.
pub const fn mark_page(_name: &str, _value: &str) {}

/// Copies to the clipboard: only the browser can.
pub const fn copy_text(_text: &str) {}

/// Listens for changes: only the browser does.
pub fn listen(_tell: impl Fn(Heard) + 'static) -> Listening {
    Listening
}

/// Only the browser can be of another build than the server.
pub const fn is_other_build(_build: &str) -> bool {
    false
}

/// Only the browser has a page to load anew.
pub const fn load_pages_anew() {}

/// An open ear; dropped, it closes.
pub struct Listening;

/// The page is answered with 404.
pub fn answer_not_found() {
    crate::server::set_status(http::StatusCode::NOT_FOUND);
}

/// Whether a person types into it now: never here.
pub const fn has_focus(_field: &web_sys::HtmlInputElement) -> bool {
    false
}

/// Nothing has the focus while a page is made.
pub const fn focus_if_lost(_id: &'static str) {}

/// Calls `then` once nothing has come for a while: nothing comes while a page is made. Holds nothing,
/// since what waits for a browser's timer must not be dropped on another thread.
pub fn debounced<T: 'static>(
    _pause: std::time::Duration,
    _then: impl FnMut(T) + 'static,
) -> impl FnMut(T) {
    |_| ()
}

/// What the device keeps: it is not here.
pub const fn kept(_name: &str) -> Option<String> {
    None
}

/// Keeps something on the device: only the browser can.
pub const fn keep(_name: &str, _value: &str) {}

/// Whether keyboards have ⌘ there: not known here.
pub const fn is_mac() -> bool {
    false
}

/// The text of a field: nobody types here.
pub const fn field_text(_id: &str) -> Option<String> {
    None
}

/// Puts a text into a field: it was written with it.
pub const fn set_field_text(_id: &str, _text: &str) {}

/// Whether a box is ticked: nobody ticks here.
pub const fn field_ticked(_id: &str) -> Option<bool> {
    None
}

/// Ticks a box: it was written that way.
pub const fn set_field_ticked(_id: &str, _ticked: bool) {}

/// Types a text: only the browser does.
pub const fn type_text(_text: &str) -> bool {
    false
}
