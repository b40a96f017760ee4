//! The browser's half.

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*, reactive::spawn_local};
use reelroom_domain::time::Timestamp;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{EventSource, HtmlDocument, MessageEvent};

use crate::{
    i18n::Locale,
    start::{PageStart, Theme, locale_of},
    whole::live::Heard,
};

fn html() -> Option<web_sys::Element> {
    document().document_element()
}

fn html_attribute(name: &str) -> Option<String> {
    html()?.get_attribute(name)
}

/// What the server wrote on `<html>`.
pub fn page_start() -> PageStart {
    PageStart {
        locale: html_attribute("lang")
            .and_then(|tag| locale_of(&tag))
            .unwrap_or(Locale::en),
        theme: html_attribute("data-theme").map_or(Theme::System, |name| Theme::parse(&name)),
        zone: html_attribute("data-zone").unwrap_or_else(|| "UTC".to_owned()),
        now: html_attribute("data-now")
            .and_then(|millis| millis.parse().ok())
            .map_or_else(local_now, Timestamp::from_millis),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "whole milliseconds, far below 2^53"
)]
fn millis(number: f64) -> Timestamp {
    Timestamp::from_millis(number as i64)
}

fn local_now() -> Timestamp {
    millis(Date::now())
}

/// The title of the page, as it changes.
pub fn title(text: Signal<String>) -> impl Fn() -> String {
    move || text.get()
}

/// The content of a `<textarea>` that holds `text`: a text node.
pub fn textarea_content(text: &str) -> String {
    text.to_owned()
}

/// The head names them already.
pub const fn name_modules(_page: &str) {}

/// The browser's clock.
pub fn browser_now() -> Option<Timestamp> {
    Some(local_now())
}

/// When the first byte of the page came, by the browser's clock.
pub fn page_made_at() -> Option<Timestamp> {
    let performance = window().performance()?;
    let entry = performance.get_entries_by_type("navigation").get(0);
    let first_byte = Reflect::get(&entry, &"responseStart".into())
        .ok()?
        .as_f64()?;
    Some(millis(performance.time_origin() + first_byte))
}

/// The browser's own zone, an IANA name.
pub fn browser_zone() -> Option<String> {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into()).ok()?.as_string()
}

thread_local! {
    /// The formatter of the last zone: to make one is slow.
    static FORMAT: RefCell<Option<(String, Intl::DateTimeFormat)>> = const { RefCell::new(None) };
}

fn formatter(zone: &str) -> Option<Intl::DateTimeFormat> {
    let options = Object::new();
    for (name, value) in [
        ("timeZone", zone),
        ("hourCycle", "h23"),
        ("year", "numeric"),
        ("month", "numeric"),
        ("day", "numeric"),
        ("hour", "numeric"),
        ("minute", "numeric"),
        ("second", "numeric"),
    ] {
        Reflect::set(&options, &name.into(), &value.into()).ok()?;
    }
    // Called through `Reflect`, since an unknown zone throws.
    let constructor = Reflect::get(&js_sys::global(), &"Intl".into())
        .and_then(|intl| Reflect::get(&intl, &"DateTimeFormat".into()))
        .ok()?;
    let arguments = Array::of2(&"en-US".into(), &options);
    Reflect::construct::<fn() -> JsValue>(constructor.unchecked_ref(), &arguments)
        .ok()
        .map(JsCast::unchecked_into)
}

/// How many seconds `zone` is ahead of UTC at `moment`; zero for a zone that the browser does not
/// know.
pub fn zone_offset(zone: &str, moment: Timestamp) -> i32 {
    FORMAT.with_borrow_mut(|kept| {
        if kept.as_ref().is_none_or(|(name, _)| name != zone) {
            *kept = formatter(zone).map(|format| (zone.to_owned(), format));
        }
        kept.as_ref()
            .map_or(0, |(_, format)| offset_by(format, moment))
    })
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "milliseconds below 2^53, and an offset of less than a day"
)]
fn offset_by(format: &Intl::DateTimeFormat, moment: Timestamp) -> i32 {
    let whole = moment.as_millis().div_euclid(1000) * 1000;
    let date = Date::new(&JsValue::from_f64(whole as f64));
    let mut wall = [0.0; 6];
    for part in format.format_to_parts(&date).iter() {
        let text = |name: &str| {
            Reflect::get(&part, &name.into())
                .ok()
                .and_then(|value| value.as_string())
                .unwrap_or_default()
        };
        let slot = match text("type").as_str() {
            "year" => 0,
            "month" => 1,
            "day" => 2,
            "hour" => 3,
            "minute" => 4,
            "second" => 5,
            _ => continue,
        };
        wall[slot] = text("value").parse().unwrap_or_default();
    }
    let [year, month, day, hour, minute, second] = wall;
    let days = Date::utc(year, month - 1.0) + (day - 1.0) * 86_400_000.0;
    let shown = days + hour * 3_600_000.0 + minute * 60_000.0 + second * 1000.0;
    ((shown - whole as f64) / 1000.0) as i32
}

/// Calls `tick` once a second, as long as the page is open.
pub fn every_second(tick: impl Fn() + 'static) {
    // The page ends it: there is nothing to take back.
    let _ = set_interval_with_handle(tick, Duration::from_secs(1));
}

/// Keeps a choice for a year, for the server to find in the next request.
pub fn keep_choice(name: &str, value: &str) {
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
    // A browser that refuses cookies forgets the choice; that is what it was told to do.
    let _ = document()
        .unchecked_into::<HtmlDocument>()
        .set_cookie(&cookie);
}

/// Puts an attribute on `<html>`.
pub fn mark_page(name: &str, value: &str) {
    if let Some(html) = html() {
        // The names are ours and valid.
        let _ = html.set_attribute(name, value);
    }
}

/// Copies to the clipboard. A browser that refuses leaves the text on the page, to be selected.
pub fn copy_text(text: &str) {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        return; // not a secure context
    }
    let written = clipboard.write_text(text);
    spawn_local(async move {
        let _ = wasm_bindgen_futures::JsFuture::from(written).await;
    });
}

/// Whether the server's build is another than the one that made this page.
pub fn is_other_build(build: &str) -> bool {
    html_attribute("data-build").is_some_and(|own| own != build)
}

/// From now on each link loads its page anew instead of changing this one: the modules that this
/// page would need next are of a build that is gone.
pub fn load_pages_anew() {
    load_anew("a[href]");
}

/// The pages that are not taken over as a whole are loaded anew.
pub fn load_moved_pages_anew() {
    load_anew(
        "a:is([href='/recordings'], [href^='/recordings?'], [href='/callbacks'], \
         [href^='/callbacks?'], [href^='/login'])",
    );
}

fn load_anew(links: &'static str) {
    // The router listens on the window, so it does not hear of what stops here.
    let stop = Closure::<dyn Fn(web_sys::Event)>::new(move |event: web_sys::Event| {
        let target = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if target.is_some_and(|target| matches!(target.closest(links), Ok(Some(_)))) {
            event.stop_propagation();
        }
    });
    // It fails only for arguments that are not callable.
    let _ = document().add_event_listener_with_callback_and_bool(
        "click",
        stop.as_ref().unchecked_ref(),
        true,
    );
    stop.forget();
}

/// How long to wait before `/events` is asked again after a refusal.
const RETRY: Duration = Duration::from_secs(5);

/// The server says every 15 seconds that it lives. A connection that says nothing for so many
/// milliseconds is broken, though nobody has said so: a sleeping laptop, a lost network.
const DEAD_AFTER: i64 = 40_000;

/// Listens to `/events` and tells what comes, from the event on that the page was made after. The
/// browser tries again by itself where the connection broke; where the server refused, or nothing is
/// heard any more, we do.
pub fn listen(tell: impl Fn(Heard) + 'static) -> Listening {
    let tell = Rc::new(tell);
    let ear = Rc::new_cyclic(|ear: &Weak<Ear>| {
        let (tell_lost, for_message) = (Rc::clone(&tell), ear.clone());
        let ear = ear.clone();
        Ear {
            source: RefCell::new(None),
            last: RefCell::new(html_attribute("data-events").unwrap_or_default()),
            heard_at: Cell::new(local_now()),
            message: Closure::new(move |event: MessageEvent| {
                if let Some(ear) = for_message.upgrade() {
                    ear.note(&event);
                }
                let text = event.data().as_string().unwrap_or_default();
                tell(match event.type_().as_str() {
                    "hello" => Heard::Hello { build: text },
                    "beat" => match text.parse() {
                        Ok(now) => Heard::Beat {
                            now: Timestamp::from_millis(now),
                        },
                        Err(_) => return,
                    },
                    // A change that this build does not know may be any.
                    _ => serde_json::from_str(&text).map_or(Heard::Resync, Heard::Change),
                });
            }),
            lost: Closure::new(move || {
                tell_lost(Heard::Lost);
                let ear = ear.clone();
                if ear.upgrade().is_some_and(|ear| ear.is_refused()) {
                    set_timeout(
                        move || {
                            if let Some(ear) = ear.upgrade() {
                                ear.connect();
                            }
                        },
                        RETRY,
                    );
                }
            }),
        }
    });
    ear.connect();
    let watched = Rc::downgrade(&ear);
    let watch = move || {
        if let Some(ear) = watched.upgrade()
            && local_now().since(ear.heard_at.get()) > DEAD_AFTER
        {
            // It only tells; nothing in it throws.
            let lost: &Function = ear.lost.as_ref().unchecked_ref();
            let _ = lost.call0(&JsValue::NULL);
            ear.connect();
        }
    };
    Listening {
        _ear: ear,
        watch: set_interval_with_handle(watch, RETRY).ok(),
    }
}

/// An open ear; dropped, it closes.
pub struct Listening {
    _ear: Rc<Ear>,
    watch: Option<IntervalHandle>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        if let Some(watch) = self.watch {
            watch.clear();
        }
    }
}

struct Ear {
    source: RefCell<Option<EventSource>>,
    /// The id of the last event, to read on after it.
    last: RefCell<String>,
    heard_at: Cell<Timestamp>,
    message: Closure<dyn Fn(MessageEvent)>,
    lost: Closure<dyn Fn()>,
}

impl Ear {
    fn connect(&self) {
        self.heard_at.set(local_now());
        let last = self.last.borrow().clone();
        let address = crate::paths::with_query("/events", &[("since", &last)]);
        let Ok(source) = EventSource::new(&address) else {
            return;
        };
        source.set_onerror(Some(self.lost.as_ref().unchecked_ref()));
        for kind in ["hello", "change", "resync", "beat"] {
            // It fails only for arguments that are not callable.
            let _ = source
                .add_event_listener_with_callback(kind, self.message.as_ref().unchecked_ref());
        }
        if let Some(before) = self.source.replace(Some(source)) {
            before.close();
        }
    }

    fn note(&self, event: &MessageEvent) {
        self.heard_at.set(local_now());
        let id = event.last_event_id();
        if !id.is_empty() {
            self.last.replace(id);
        }
    }

    fn is_refused(&self) -> bool {
        let source = self.source.borrow();
        source
            .as_ref()
            .is_some_and(|source| source.ready_state() == EventSource::CLOSED)
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        if let Some(source) = self.source.take() {
            source.close();
        }
    }
}

/// The status of the answer: it has been given.
pub const fn answer_not_found() {}

/// Whether a person types into it now.
pub fn has_focus(field: &web_sys::HtmlInputElement) -> bool {
    document().active_element().as_ref() == Some(field)
}

/// Once what has changed is shown: where nothing has the focus any more, the element of that id gets it.
pub fn focus_if_lost(id: &'static str) {
    request_animation_frame(move || {
        let lost = document()
            .active_element()
            .is_none_or(|element| element.tag_name() == "BODY");
        let element = document().get_element_by_id(id);
        if let Some(element) = element.filter(|_| lost).and_then(|e| e.dyn_into().ok()) {
            let element: web_sys::HtmlElement = element;
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            // An element that takes no focus leaves it where it was.
            let _ = element.focus_with_options(&options);
        }
    });
}

/// Calls `then` with the last value once nothing has come for `pause`.
pub fn debounced<T: 'static>(pause: Duration, then: impl FnMut(T) + 'static) -> impl FnMut(T) {
    leptos::leptos_dom::helpers::debounce(pause, then)
}

/// What this device keeps under `name`; a browser that keeps nothing has none.
pub fn kept(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

/// Keeps `value` on this device, for as long as it likes.
pub fn keep(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        // A browser that refuses forgets it; that is what it was told to do.
        let _ = storage.set_item(name, value);
    }
}

/// Whether keyboards have ⌘ here.
pub fn is_mac() -> bool {
    window()
        .navigator()
        .platform()
        .is_ok_and(|platform| platform.starts_with("Mac"))
}

/// Plays what is paused, and pauses what plays.
pub fn play_or_pause(media: &web_sys::HtmlMediaElement) {
    if !media.paused() {
        // Nothing in it fails.
        let _ = media.pause();
    } else if let Ok(playing) = media.play() {
        spawn_local(async move {
            // What cannot be played says so in its own place.
            let _ = wasm_bindgen_futures::JsFuture::from(playing).await;
        });
    }
}

fn field(id: &str) -> Option<JsValue> {
    document().get_element_by_id(id).map(Into::into)
}

/// The text of a field, by its id: an input, a list to choose from, or a text area.
pub fn field_text(id: &str) -> Option<String> {
    Reflect::get(&field(id)?, &"value".into()).ok()?.as_string()
}

/// Puts a text into a field, by its id.
pub fn set_field_text(id: &str, text: &str) {
    if let Some(field) = field(id) {
        // The fields of a form can be written.
        let _ = Reflect::set(&field, &"value".into(), &text.into());
    }
}

/// Whether a box is ticked, by its id.
pub fn field_ticked(id: &str) -> Option<bool> {
    Reflect::get(&field(id)?, &"checked".into()).ok()?.as_bool()
}

/// Ticks a box or not, by its id.
pub fn set_field_ticked(id: &str, ticked: bool) {
    if let Some(field) = field(id) {
        // The fields of a form can be written.
        let _ = Reflect::set(&field, &"checked".into(), &ticked.into());
    }
}

/// Types a text in place of what is selected in the field that has the focus, so that the browser's
/// Undo knows of it. `false`: the browser does not do that for pages.
pub fn type_text(text: &str) -> bool {
    let page = document().unchecked_into::<HtmlDocument>();
    page.exec_command_with_show_ui_and_value("insertText", false, text)
        .unwrap_or(false)
}
