//! The HTML document around a page.

use axum::response::{Html, IntoResponse, Response};
use http::header;
use leptos::{nonce::Nonce, prelude::*};
use reelroom_domain::ids::AppId;

use crate::{reader::Reader, section::Section, start::language_tag};

/// The browser files of this build. Their addresses contain the build id, so that builds never mix.
#[derive(Debug, Clone)]
pub struct Site {
    /// The build id, which `/events` sends too.
    pub build: String,
}

/// The data that a page needs to refresh itself.
#[derive(Debug)]
pub struct Live {
    /// The changes that refresh it.
    pub changes: String,
    /// The id of the last event.
    pub last_event: String,
    /// The app that it shows, if known.
    pub app: Option<AppId>,
    /// The section that it belongs to.
    pub section: Option<Section>,
}

/// The content security policy of a document. It names no other host: only this server sends what a page
/// loads, plays and connects to.
///
/// The script with the nonce `script` runs, and what it imports, which inherits the nonce. `'self'` would let
/// any file of ours run as a script, and `'strict-dynamic'` any script that Turbo copies from a response.
/// `'wasm-unsafe-eval'` compiles WebAssembly only; it is not `'unsafe-eval'`. Styles come from the style sheet,
/// and from the one element that Turbo creates with the nonce `style`.
fn policy(script: Option<&Nonce>, style: &Nonce) -> String {
    let scripts = script.map_or_else(
        || "'none'".to_owned(),
        |script| format!("'nonce-{script}' 'wasm-unsafe-eval'"),
    );
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'self' 'nonce-{style}'; \
         connect-src 'self'; img-src 'self' data:; media-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// The whole document with its content security policy. `title` is without the product name. `live` is
/// `None` for a page without scripts.
pub fn document(
    title: &str,
    live: Option<Live>,
    reader: &Reader,
    site: &Site,
    body: impl IntoView + 'static,
) -> Response {
    let folder = format!("/pkg/{}", site.build);
    // Turbo puts the nonce of `csp-nonce` on every script that it copies from a response, so that one is for
    // styles only.
    let style = Nonce::new();
    let script = live.is_some().then(Nonce::new);
    let policy = policy(script.as_ref(), &style);
    // Rooms and callbacks do without the style of the other pages.
    let section = live.as_ref().and_then(|live| live.section);
    let has_more = !matches!(section, Some(Section::Rooms | Section::Callbacks));
    let more = has_more.then(|| {
        let href = format!("{folder}/more.css");
        view! { <link rel="stylesheet" href=href /> }
    });
    let title = match title {
        "" => "Reelroom".to_owned(),
        title => format!("{title} · Reelroom"),
    };
    let app = live.as_ref().and_then(|live| live.app);
    let app = app.map(|app| app.to_string());
    let (changes, events) = live.map(|live| (live.changes, live.last_event)).unzip();
    let scripts = script.map(|script| {
        view! {
            // Markup: the address of a file of this build.
            <script
                type="module"
                src=format!("{folder}/pages.js")
                nonce=script.to_string()
                data-turbo-track="reload"
            ></script>
            <meta name="csp-nonce" content=style.to_string() />
            <meta name="turbo-refresh-method" content="morph" />
            <meta name="turbo-refresh-scroll" content="preserve" />
            // Disables Turbo's page cache, because a cached page may be outdated.
            <meta name="turbo-cache-control" content="no-cache" />
            <meta name="turbo-prefetch" content="false" />
        }
    });
    let document = view! {
        <!DOCTYPE html>
        <html
            lang=language_tag(reader.locale)
            data-theme=reader.theme.as_str()
            data-zone=reader.zone.name().to_owned()
            data-now=reader.now.as_millis().to_string()
            data-build=site.build.clone()
            data-events=events
            data-app=app
        >
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                // Markup: escaped. As a child, Leptos would end it with a comment, which a title shows.
                <title inner_html=html_escape::encode_text(&title).into_owned()></title>
                <link rel="icon" href=format!("{folder}/favicon.svg") />
                <link
                    rel="stylesheet"
                    href=format!("{folder}/reelroom.css")
                    data-turbo-track="reload"
                />
                {more}
                {scripts}
            </head>
            <body data-live=changes>{body}</body>
        </html>
    };
    let policy = [(header::CONTENT_SECURITY_POLICY, policy)];
    (policy, Html(document.to_html())).into_response()
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use reelroom_domain::time::Timestamp;

    use super::*;

    /// The policy and the HTML of a page.
    async fn page(title: &'static str, live: Option<Live>) -> (String, String) {
        let reader = Reader::of(&HeaderMap::new(), Timestamp::default());
        let site = Site {
            build: "b1".to_owned(),
        };
        let owner = Owner::new();
        let view = || document(title, live, &reader, &site, view! { <p>"x"</p> });
        let answer = owner.with(view);
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str();
        let policy = policy.unwrap().to_owned();
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX);
        let body = String::from_utf8(body.await.unwrap().to_vec()).unwrap();
        (policy, body)
    }

    /// The text between `begin` and `end`.
    fn between<'a>(text: &'a str, begin: &str, end: &str) -> &'a str {
        let (_, rest) = text.split_once(begin).unwrap();
        rest.split_once(end).unwrap().0
    }

    #[tokio::test]
    async fn a_title_is_text() {
        let (policy, body) = page("<b>&", None).await;
        let begin = "<!DOCTYPE html><html lang=\"en\"";
        assert!(body.starts_with(begin), "{body}");
        let title = "<title>&lt;b&gt;&amp; · Reelroom</title>";
        assert!(body.contains(title), "{body}");
        assert!(!body.contains("<script"), "{body}");
        assert_eq!(between(&policy, "script-src ", ";"), "'none'");
    }

    #[tokio::test]
    async fn only_the_script_with_the_nonce_of_its_page_runs() {
        let live = || {
            Some(Live {
                changes: String::new(),
                last_event: "1".to_owned(),
                app: None,
                section: Some(Section::Rooms),
            })
        };
        let (policy, body) = page("x", live()).await;
        let script = between(&policy, "script-src ", ";");
        let nonce = between(script, "'nonce-", "'");
        assert_eq!(script, format!("'nonce-{nonce}' 'wasm-unsafe-eval'"));
        let element = between(&body, "<script", "</script>");
        assert!(element.contains("src=\"/pkg/b1/pages.js\""), "{element}");
        assert!(element.contains(&format!("nonce=\"{nonce}\"")), "{element}");
        assert_eq!(body.matches("<script").count(), 1);
        // The nonce that scripts can read is for styles.
        let style = between(&policy, "style-src 'self' 'nonce-", "'");
        let meta = between(&body, "<meta name=\"csp-nonce\"", ">");
        assert!(meta.contains(style), "{meta}");
        assert_ne!(style, nonce);
        let words = ["'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*"];
        for word in words {
            assert!(!policy.contains(word), "{word}: {policy}");
        }
        let (other, _) = page("x", live()).await;
        assert!(!other.contains(nonce));
    }
}
