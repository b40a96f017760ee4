//! Untrusted text on pages: every element shows it unchanged, and no text becomes markup.

use std::collections::HashMap;

use crate::common::{TestApp, actions::send_status, anyone, app_form, eventually};
use futures::{StreamExt, stream};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use reelroom_domain::{inbox::CallMark, order::KIND_BYTES, room::RoomId, time::Clock};
use reelroom_service::{InboxQuery, LibraryQuery, SystemClock};
use reqwest::StatusCode;
use scraper::{Html, Selector};
use serde_json::{Value, json};

/// Texts that would end an element, an attribute, a script, a comment or a line. The browser tests
/// use them, too.
fn hostile() -> Vec<String> {
    let list = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/hostile.json");
    serde_json::from_str(&std::fs::read_to_string(list).unwrap()).unwrap()
}

/// `text` as any parser of HTML reads it: line breaks are U+000A, and U+0000 is dropped or replaced
/// (HTML §13.2.3.5, §13.2.5).
fn as_parsed(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace(['\0', '\u{fffd}'], "")
}

fn texts(page: &Html, selector: &str) -> Vec<String> {
    page.select(&Selector::parse(selector).unwrap())
        .map(|element| element.text().collect())
        .collect()
}

fn values(page: &Html, selector: &str, attribute: &str) -> Vec<String> {
    page.select(&Selector::parse(selector).unwrap())
        .filter_map(|element| element.attr(attribute))
        .map(str::to_owned)
        .collect()
}

/// Strings in the properties of islands.
fn data(page: &Html) -> Vec<String> {
    let mut strings = Vec::new();
    for props in values(page, "rust-island", "data-props") {
        collect(serde_json::from_str(&props).unwrap(), &mut strings);
    }
    strings
}

fn collect(value: Value, strings: &mut Vec<String>) {
    match value {
        Value::String(text) => strings.push(text),
        Value::Array(items) => items.into_iter().for_each(|item| collect(item, strings)),
        Value::Object(fields) => fields.into_iter().for_each(|(name, value)| {
            strings.push(name);
            collect(value, strings);
        }),
        _ => {}
    }
}

/// Elements that a page has only where text became markup.
const INJECTED: &str = "#pwn, meta[http-equiv], base, iframe, script:not([src^='/pkg/']), [onerror], \
     [onfocus], [onload], [src=x], [href^='javascript:'], [href^='//'], [action^='//'], \
     [action^='javascript:']";

/// An output: its kind, its page (`{}` is the text), the texts it applies to, and how they are read
/// from the page.
type Output = (
    &'static str,
    &'static str,
    fn(&str) -> bool,
    fn(&Html) -> Vec<String>,
);

const OUTPUTS: &[Output] = &[
    ("title", "/rooms/{}", is_room, |page| {
        let titles = texts(page, "title").into_iter();
        titles
            .filter_map(|title| Some(title.strip_suffix(" · Reelroom")?.to_owned()))
            .collect()
    }),
    ("text", "/rooms/{}", is_room, |page| texts(page, "h1")),
    ("attribute", "/rooms/{}", is_room, |page| {
        values(page, "h1", "title")
    }),
    ("island", "/rooms/{}", is_room, data),
    // The start form, posted with the text in each field and rejected.
    ("island", "/rooms/hall", any, data),
    ("textarea", "/rooms/hall", any, |page| {
        texts(page, "textarea[name=user_data]")
    }),
    ("option", "/rooms/hall", is_kind, |page| {
        texts(page, "select[name=kind] option")
    }),
    ("attribute", "/rooms/hall", any, |page| {
        values(page, "input[name=path]", "value")
    }),
    // The form of an app, filled from the query.
    (
        "textarea",
        "/settings/apps?encoding=json&kinds={}",
        any,
        |page| texts(page, "textarea[name=kinds]"),
    ),
    (
        "attribute",
        "/settings/apps?encoding=json&name={}",
        any,
        |page| values(page, "input[name=name]", "value"),
    ),
    ("search", "/recordings?q={}", is_search, |page| {
        values(page, "input[type=search]", "value")
    }),
    ("search", "/callbacks?q={}", any, |page| {
        values(page, "input[type=search]", "value")
    }),
];

/// The library shows a search as it was understood: without white space around it.
fn is_search(text: &str) -> bool {
    text.trim() == text
}

const fn any(_text: &str) -> bool {
    true
}

fn is_room(text: &str) -> bool {
    RoomId::new(text).is_ok()
}

/// A type that is stored and not blank, also to a parser, which drops U+0000.
fn is_kind(text: &str) -> bool {
    // A form keeps it without white space around it.
    let kept = text.replace('\0', "");
    text.len() <= KIND_BYTES && !kept.is_empty() && kept == kept.trim()
}

fn path(pattern: &str, text: &str) -> String {
    let encoded = percent_encode(text.as_bytes(), NON_ALPHANUMERIC).to_string();
    pattern.replace("{}", &encoded)
}

/// Loads a page, and asserts that no text became markup.
async fn page(app: &TestApp, cookie: &str, path: &str) -> (StatusCode, Html) {
    let request = app.get(path).header("cookie", cookie);
    let answer = request.send().await.unwrap();
    let status = answer.status();
    let html = answer.text().await.unwrap();
    let page = Html::parse_document(&html);
    let injected: Vec<String> = page
        .select(&Selector::parse(INJECTED).unwrap())
        .map(|element| element.html())
        .collect();
    assert!(injected.is_empty(), "{path}: {injected:?}");
    assert_eq!(texts(&page, "title").len(), 1, "{path}");
    for fallback in texts(&page, "noscript") {
        assert_eq!(fallback, "<button class=btn>Search</button>", "{path}");
    }
    data(&page);
    (status, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_output_shows_the_text_unchanged() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    // An app with several types, so that the start form has options.
    let base = format!("http://{}", app.sandbox.addr());
    app.save_app(&app_form(&base, "another0app")).await;
    for text in &hostile() {
        let fields = [
            ("rule", 1024),
            ("path", 1024),
            ("user_data", 16 << 10),
            ("kind", KIND_BYTES),
            ("stop_after", 32),
        ]
        .map(|(name, most)| (name, if text.len() <= most { &**text } else { "" }));
        let form = [&[("room", "hall")], &fields[..]].concat();
        assert_eq!(app.call("start_recording", &cookie, &form).await.0, 422);
        app.call("add_room", &cookie, &[("room", text)]).await;
        let mut pages = HashMap::new();
        for (what, pattern, takes, read) in OUTPUTS {
            if !takes(text) {
                continue;
            }
            let path = path(pattern, text);
            if !pages.contains_key(&path) {
                let (status, page) = page(&app, &cookie, &path).await;
                assert_eq!(status, 200, "{path}");
                pages.insert(path.clone(), page);
            }
            let found: Vec<String> = read(&pages[&path])
                .iter()
                .map(|found| as_parsed(found))
                .collect();
            assert!(
                found.contains(&as_parsed(text)),
                "{what} {path}: {text:?} is not among {found:?}"
            );
        }
    }
}

/// Sends `text` in every field of the platform and of people.
async fn send_everywhere(app: &TestApp, cookie: &str, text: &str) {
    let room = if is_room(text) { text } else { "plain" };
    app.set_faults(json!({ "start": "refuse" })).await;
    let start = [
        ("room", room),
        ("rule", "ar_{roomid}_{date}_{random}"),
        ("user_data", text),
        ("kind", "Meet"),
    ];
    assert_ne!(app.call("start_recording", cookie, &start).await.0, 500);
    let preset = ["preset_name", "rule", "path", "user_data", "kind"].map(|name| (name, text));
    let preset = [&[("room", room)], &preset[..]].concat();
    app.call("save_preset", cookie, &preset).await;
    app.call("label_room", cookie, &[("room", room), ("title", text)])
        .await;
    let file = json!({
        "type": "1", "mediaType": "video", "userId": text, "groupId": text, "fileName": text,
        "fileSize": 12, "duration": 3, "startTime": text, "endTime": text, "userData": text,
        "downloadUrl": text, text: text,
    });
    let calls = [
        file.clone(),
        json!({ "groupId": room, "fileName": format!("{text}.mp4"), "userId": text,
            "downloadUrl": format!("http://192.0.2.1/{text}"), "userData": text }),
        json!({ text: text }),
        json!(text),
    ];
    for call in calls.iter().map(Value::to_string).chain([text.to_owned()]) {
        let call = app.callback("av").body(call);
        assert!(!call.send().await.unwrap().status().is_server_error());
    }
    if is_room(text) {
        send_status(app, text, "", "Begin", SystemClock.now()).await;
    }
    send_status(app, room, text, "Online", SystemClock.now()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_becomes_markup() {
    let app = TestApp::without_callbacks().await;
    let cookie = app.cookie().await;
    for text in &hostile() {
        send_everywhere(&app, &cookie, text).await;
    }
    let me = app.admin().await;
    let calls = eventually("all calls are understood", async || {
        let (mut calls, mut before) = (Vec::new(), None);
        loop {
            let query = InboxQuery {
                before,
                ..InboxQuery::default()
            };
            let inbox = app.service.inbox(&me, query).await.unwrap();
            calls.extend(inbox.calls);
            before = inbox.older;
            if before.is_none() {
                let ready = calls.iter().all(|call| call.mark != CallMark::Waiting);
                return ready.then_some(calls);
            }
        }
    })
    .await;
    let (mut recordings, mut at) = (Vec::new(), None);
    loop {
        let query = LibraryQuery {
            page: at,
            ..LibraryQuery::default()
        };
        let library = app.service.library(anyone(), query).await.unwrap();
        recordings.extend(library.recordings);
        at = library.older;
        if at.is_none() {
            break;
        }
    }
    assert!(calls.len() > 100 && recordings.len() > 20);

    let mut paths = vec!["/".to_owned(), "/settings".to_owned()];
    paths.extend(
        calls
            .iter()
            .map(|call| format!("/callbacks?call={}", call.id)),
    );
    let recordings = recordings.iter();
    paths.extend(recordings.map(|recording| format!("/recordings/{}", recording.id)));
    for text in &hostile() {
        for pattern in [
            "/?q={}",
            "/rooms/hall?q={}&after={}&rule={}&user_data={}&preset_name={}&app={}&__path={}&__err={}",
            "/recordings?q={}&room={}&before={}&app={}",
            "/callbacks?q={}&room={}&find={}&call={}&before={}&show={}&only={}",
            "/settings/apps?encoding={}&id={}&name={}&api_base={}&kinds={}&zone={}&vod_base={}&allowed_hosts={}",
            "/login?next={}&name={}&__path={}&__err={}",
        ] {
            paths.push(path(pattern, text));
        }
        if is_room(text) {
            paths.push(path("/rooms/{}", text));
        }
    }
    let checked = stream::iter(paths).for_each_concurrent(4, async |path| {
        let (status, _) = page(&app, &cookie, &path).await;
        let expected = status == 200 || status.is_redirection() || status == 404;
        assert!(expected, "{path}: {status}");
    });
    checked.await;
}
