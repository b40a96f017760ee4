//! `/auth/end`: leads to the provider of single sign-on, to sign out there, too. No scripts.

use axum::{
    Extension,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, header};
use leptos::prelude::*;
use reelroom_service::{Browser, ToProvider};

use crate::{
    components::{Empty, Glyph, way_on},
    error::ApiError,
    paths,
    this_page::locale,
    visit::{OpenVisit, Page},
};

/// The page of a browser that has signed out here, which leads to the provider at once: by `Refresh`, since a form
/// may not be redirected to another site (`form-action`). Without a way there, the sign-in page.
pub async fn leave(Extension(browser): Extension<Browser>, visit: OpenVisit) -> Response {
    let Some(ToProvider { url, cookie }) = visit.service.sign_out_at_provider(&browser).await
    else {
        return paths::login("").into_response();
    };
    let refresh = format!("0;url={url}");
    let host = url.host_str().unwrap_or_default().to_owned();
    let loaded: Result<_, ApiError> = Ok((String::from(url), host));
    let mut response = visit.answer(loaded, |(address, host)| content(address, host));
    let headers = response.headers_mut();
    for (name, value) in [(header::REFRESH, refresh), (header::SET_COOKIE, cookie)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.append(name, value);
        }
    }
    response
}

fn content(address: String, host: String) -> Page {
    let locale = locale();
    let title = say!(locale, login.sso.left);
    let text = say!(locale, login.sso.left_text, host = host.clone());
    let main = view! {
        <main class="sheet alone" id="content">
            <h1 class="sr">{title}</h1>
            <Empty glyph=Glyph::Signout title=title text=text>
                {way_on("btn primary", address, say!(locale, login.sso.left_go, host = host))}
            </Empty>
        </main>
    };
    Page::new(title, main)
}
