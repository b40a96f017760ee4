//! The HTML document around a page.

use axum::response::{Html, IntoResponse, Response};
use http::header;
use leptos::{nonce::Nonce, prelude::*};
use reelroom_domain::ids::AppId;

use crate::{reader::Reader, start::language_tag};

/// The browser files of this build. Their addresses contain the build id, so that builds never mix.
#[derive(Debug, Clone)]
pub struct Site {
    /// The build id, which `/events` sends too.
    pub build: String,
}

/// What a page needs to refresh itself.
#[derive(Debug)]
pub struct Live {
    /// The changes that refresh it.
    pub changes: String,
    /// The id of the last event.
    pub last_event: String,
    /// The app that it shows, if known.
    pub app: Option<AppId>,
}

/// The whole document with its content security policy: our own scripts, and styles only from the style
/// sheet and from the one element that Turbo creates. `title` is without the product name. `live` is `None`
/// for a page without scripts.
pub fn document(
    title: &str,
    live: Option<Live>,
    reader: &Reader,
    site: &Site,
    body: impl IntoView + 'static,
) -> Response {
    let folder = format!("/pkg/{}", site.build);
    let nonce = Nonce::new().to_string();
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    let title = match title {
        "" => "Reelroom".to_owned(),
        title => format!("{title} · Reelroom"),
    };
    let app = live.as_ref().and_then(|live| live.app);
    let app = app.map(|app| app.to_string());
    let (changes, events) = live.map(|live| (live.changes, live.last_event)).unzip();
    let scripts = events.is_some().then(|| {
        view! {
            // Markup: the addresses of two files of this build.
            <script type="module" src=format!("{folder}/pages.js") data-turbo-track="reload"></script>
            <meta name="csp-nonce" content=nonce />
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
                <meta name="referrer" content="same-origin" />
                // Markup: escaped. As a child, Leptos would end it with a comment, which a title shows.
                <title inner_html=html_escape::encode_text(&title).into_owned()></title>
                <link rel="icon" href=format!("{folder}/favicon.svg") />
                <link
                    rel="stylesheet"
                    href=format!("{folder}/reelroom.css")
                    data-turbo-track="reload"
                />
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

    #[tokio::test]
    async fn a_title_is_text_and_scripts_are_ours() {
        let reader = Reader::of(&HeaderMap::new(), Timestamp::default());
        let site = Site {
            build: "b1".to_owned(),
        };
        let owner = Owner::new();
        let view = || document("<b>&", None, &reader, &site, view! { <p>"x"</p> });
        let answer = owner.with(view);
        let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str();
        let scripts = "script-src 'self' 'wasm-unsafe-eval';";
        assert!(policy.unwrap().contains(scripts));
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX);
        let body = String::from_utf8(body.await.unwrap().to_vec()).unwrap();
        let begin = "<!DOCTYPE html><html lang=\"en\"";
        assert!(body.starts_with(begin), "{body}");
        let title = "<title>&lt;b&gt;&amp; · Reelroom</title>";
        assert!(body.contains(title), "{body}");
        assert!(!body.contains("<script"), "{body}");
    }
}
