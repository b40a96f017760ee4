//! A request for a page, and the response.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    response::{Html, IntoResponse, Response},
};
use http::{Method, StatusCode, request::Parts};
use leptos::prelude::*;
use reelroom_service::{Principal, Service};

use crate::{
    components::{Empty, ErrorNote, Glyph, way_on},
    current_app::CurrentApp,
    document::{Live, Site, document},
    error::ApiError,
    frame::frame,
    paths,
    query::Query,
    reader::Reader,
    section::Section,
    server::status_of,
    this_page::locale,
};

/// The header in which a page that refreshes names its app (see `live.js`).
pub const REFRESHED: &str = "shown-app";

/// The headers in which browsers say that they load a page ahead; Turbo has one of its own.
const PURPOSES: [&str; 3] = ["sec-purpose", "purpose", "x-sec-purpose"];

/// The server's state for pages. An extension of each request.
#[derive(Clone)]
pub struct Mount {
    /// The use cases.
    pub service: Service,
    /// The files of the browser.
    pub site: Site,
    /// Returns the id of the last event, from which the page continues.
    pub last_event: Arc<dyn Fn() -> String + Send + Sync>,
}

/// A request for a page. Without a session it is redirected to the sign-in page.
pub struct Visit {
    /// The use cases.
    pub service: Service,
    /// The account.
    pub me: Principal,
    /// The query of the address.
    pub query: Query,
    /// The current app.
    pub app: CurrentApp,
    /// The reader.
    pub reader: Reader,
    /// Whether a person opens the page: it is not loaded ahead, and does not refresh.
    pub is_opened: bool,
    /// Whether it is for the content of a frame of another page.
    pub is_frame: bool,
    path: String,
    site: Site,
    last_event: String,
}

/// A page: its title, its content, and the changes that refresh it.
pub struct Page {
    title: String,
    live: String,
    status: StatusCode,
    content: AnyView,
}

impl Page {
    /// Creates a page. `content` has the `<main>`.
    pub fn new(title: impl Into<String>, content: impl IntoView + 'static) -> Self {
        Self {
            title: title.into(),
            live: String::new(),
            status: StatusCode::OK,
            content: content.into_any(),
        }
    }

    /// Names the changes that concern the page beside those of its elements: `rooms`, `recordings`,
    /// `room:<escaped id>`, `recording:<id>` (see `live.js`).
    #[must_use]
    pub fn live(mut self, live: impl Into<String>) -> Self {
        self.live = live.into();
        self
    }

    /// Sets the status of the response, which is 200 by default.
    #[must_use]
    pub const fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// A page that shows only an error, in the frame.
    fn of_error(error: ApiError) -> Self {
        let locale = locale();
        let status = status_of(&error);
        let (title, content) = match error {
            ApiError::NotFound => {
                let title = say!(locale, common.not_found.title);
                let text = say!(locale, common.not_found.text);
                (title, dead_end(Glyph::Question, title, text).into_any())
            }
            ApiError::Forbidden => {
                let title = say!(locale, common.error.forbidden);
                let text = say!(locale, common.not_found.forbidden_text);
                (title, dead_end(Glyph::Ban, title, text).into_any())
            }
            error => {
                let note = view! { <ErrorNote error=error /> };
                (say!(locale, common.product), note.into_any())
            }
        };
        let main = view! {
            <main class="sheet alone" id="content">
                <h1 class="sr">{title}</h1>
                {content}
            </main>
        };
        Self::new(title, main).status(status)
    }
}

/// The content of a page for an address that shows nothing to the reader: why, and the way back.
fn dead_end(glyph: Glyph, title: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <Empty glyph=glyph title=title text=text>
            {way_on("btn primary", "/".to_owned(), say!(locale(), common.not_found.go))}
        </Empty>
    }
}

impl Visit {
    /// Loads the frame, and responds with the page that `show` makes of `loaded`. An account that needs a
    /// second factor gets no frame, which shows rooms and recordings.
    pub async fn answer<T, E>(self, loaded: Result<T, E>, show: impl FnOnce(T) -> Page) -> Response
    where
        E: Into<ApiError>,
    {
        if self.me.needs_second_factor {
            let (reader, site) = (&self.reader, &self.site);
            return without_frame(reader, site, || self.provide(), loaded, show);
        }
        let shell = self
            .service
            .shell(&self.me, self.app.id().ok().flatten())
            .await;
        in_owner(|| {
            self.provide();
            let page = loaded.map_or_else(|error| Page::of_error(error.into()), show);
            let shell = shell.map_err(ApiError::from);
            let live = Live {
                changes: page.live,
                last_event: self.last_event,
                app: shell.as_ref().ok().map(|shell| shell.app.id),
                section: Section::of(&self.path),
            };
            let body = frame(shell, &self.me.me(), &self.path, page.content);
            let document = document(&page.title, Some(live), &self.reader, &self.site, body);
            (page.status, document).into_response()
        })
    }

    /// Responds with a fragment of HTML, without a document.
    pub fn part<T, E, V>(self, loaded: Result<T, E>, show: impl FnOnce(T) -> V) -> Response
    where
        E: Into<ApiError>,
        V: IntoView,
    {
        let render = |loaded| {
            self.provide();
            Html(show(loaded).into_view().to_html())
        };
        let part = loaded.map(|loaded| in_owner(|| render(loaded)));
        part.map_err(|error| status_of(&error.into()))
            .into_response()
    }

    fn provide(&self) {
        provide(&self.reader, &self.site, &self.query);
        provide_context(self.app.clone());
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let me = parts.extensions.get::<Option<Principal>>().cloned();
        let mount = parts.extensions.get::<Mount>();
        let mount = mount.ok_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())?;
        let Some(me) = me.flatten() else {
            return Err(paths::login(&parts.uri.to_string()).into_response());
        };
        let query = Query::of(&parts.uri);
        Ok(Self {
            me,
            app: CurrentApp::new(query.get("app")),
            query,
            reader: Reader::of(&parts.headers, mount.service.now()),
            is_opened: is_opened(parts),
            is_frame: parts.headers.contains_key("turbo-frame"),
            path: parts.uri.path().to_owned(),
            // Read before loading, so that later changes have later events.
            last_event: (mount.last_event)(),
            service: mount.service.clone(),
            site: mount.site.clone(),
        })
    }
}

/// Whether a person opens the page of the request.
fn is_opened(parts: &Parts) -> bool {
    let says_prefetch = |name: &str| {
        let value = parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.contains("prefetch"))
    };
    parts.method == Method::GET
        && !parts.headers.contains_key(REFRESHED)
        && !PURPOSES.into_iter().any(says_prefetch)
}

/// Provides the contexts of every component.
fn provide(reader: &Reader, site: &Site, query: &Query) {
    provide_context(reader.clone());
    provide_context(site.clone());
    provide_context(query.clone());
}

/// Runs `render` with its own contexts.
fn in_owner<T>(render: impl FnOnce() -> T) -> T {
    let owner = Owner::new();
    let rendered = owner.with(render);
    owner.cleanup();
    rendered
}

/// Responds with the page that `show` makes of `loaded`, without frame and scripts.
fn without_frame<T, E>(
    reader: &Reader,
    site: &Site,
    provide: impl FnOnce(),
    loaded: Result<T, E>,
    show: impl FnOnce(T) -> Page,
) -> Response
where
    E: Into<ApiError>,
{
    in_owner(|| {
        provide();
        let page = loaded.map_or_else(|error| Page::of_error(error.into()), show);
        let document = document(&page.title, None, reader, site, page.content);
        (page.status, document).into_response()
    })
}

/// A request for a page without frame and scripts: the sign-in page, and the one in place of a file.
pub struct OpenVisit {
    /// The use cases.
    pub service: Service,
    /// The query of the address.
    pub query: Query,
    /// The reader.
    pub reader: Reader,
    site: Site,
}

impl OpenVisit {
    /// Responds with what `show` makes of `loaded`.
    pub fn answer<T, E>(self, loaded: Result<T, E>, show: impl FnOnce(T) -> Page) -> Response
    where
        E: Into<ApiError>,
    {
        let (reader, site) = (&self.reader, &self.site);
        let contexts = || provide(reader, site, &self.query);
        without_frame(reader, site, contexts, loaded, show)
    }
}

impl<S: Sync> FromRequestParts<S> for OpenVisit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let mount = parts.extensions.get::<Mount>();
        let mount = mount.ok_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())?;
        Ok(Self {
            query: Query::of(&parts.uri),
            reader: Reader::of(&parts.headers, mount.service.now()),
            service: mount.service.clone(),
            site: mount.site.clone(),
        })
    }
}

/// The response for an unknown address. Without a session it has no frame, which belongs to an account.
pub async fn nowhere(visit: Result<Visit, Response>) -> Response {
    let nothing: Result<Page, _> = Err(ApiError::NotFound);
    match visit {
        Ok(visit) => visit.answer(nothing, |page| page).await,
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    #[test]
    fn a_page_that_is_loaded_ahead_or_refreshes_is_not_opened() {
        let is_opened = |method: Method, name: &str, value: &str| {
            let request = Request::builder().method(method).header(name, value);
            is_opened(&request.body(()).unwrap().into_parts().0)
        };
        assert!(is_opened(Method::GET, "accept", "text/html"));
        for (method, name, value) in [
            (Method::HEAD, "accept", "text/html"),
            (Method::GET, "sec-purpose", "prefetch;prerender"),
            (Method::GET, "purpose", "prefetch"),
            (Method::GET, "x-sec-purpose", "prefetch"),
            (Method::GET, REFRESHED, ""),
        ] {
            assert!(!is_opened(method, name, value), "{name}: {value}");
        }
    }
}
