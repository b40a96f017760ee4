//! `/once/{token}`: the person of a one-time link sets the password. No scripts.

use axum::{Extension, extract::Path, response::Response};
use http::{HeaderValue, StatusCode, header};
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::time::Timestamp;
use reelroom_service::{Browser, LinkError, Service};

use crate::{
    components::{Banner, Glyph, Icon, LanguageChoice, PasswordField, form_error, time_as, way_on},
    error::ApiError,
    form::failed,
    i18n::{Locale, td},
    paths,
    server_fns::UseLink,
    start::language_tag,
    this_page::locale,
    visit::{OpenVisit, Page},
    words::{self, TimeStyle},
};

/// The address holds the token, which no request of the page names. Not `no-referrer`, with which browsers
/// post forms with `Origin: null`.
const NO_PATH: HeaderValue = HeaderValue::from_static("strict-origin");

/// The page of a one-time link: the form, or why the link cannot be used.
pub async fn once(
    Path(token): Path<String>,
    Extension(browser): Extension<Browser>,
    visit: OpenVisit,
) -> Response {
    let link = load(&visit.service, &browser, &token).await;
    let mut response = visit.answer(link, |link| page(link, token));
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, NO_PATH);
    response
}

async fn load(service: &Service, browser: &Browser, token: &str) -> Result<Link, ApiError> {
    match service.link(browser, token).await {
        Ok(name) => {
            let length = service.password_length().await?;
            Ok(Link::Open { name, length })
        }
        Err(LinkError::Unknown) => Ok(Link::Unknown),
        Err(LinkError::Used(_)) => Ok(Link::Used),
        Err(LinkError::Lapsed(at)) => Ok(Link::Lapsed(at)),
        Err(LinkError::PasswordsOff) => Ok(Link::PasswordsOff),
        Err(LinkError::TooManyTries) => Err(ApiError::TooManyTries),
        Err(LinkError::Service(error)) => Err(error.into()),
        // Of its use only.
        Err(LinkError::BadPassword(_)) => Err(ApiError::NotFound),
    }
}

/// A link, as its page shows it.
enum Link {
    /// The link can be used.
    Open {
        /// The sign-in name of its account.
        name: String,
        /// The least number of characters of a password.
        length: u32,
    },
    Unknown,
    Used,
    Lapsed(Timestamp),
    PasswordsOff,
}

fn page(link: Link, token: String) -> Page {
    let locale = locale();
    let here = paths::once(&token).to_string();
    let title = say!(locale, people.once.title);
    let without_form = |status, title, text| (status, closed(locale, title, text));
    macro_rules! closed {
        ($status:ident, $title:ident, $text:ident) => {{
            let text = say!(locale, people.once.$text).into_any();
            without_form(StatusCode::$status, say!(locale, people.once.$title), text)
        }};
    }
    let (status, content) = match link {
        Link::Open { name, length } => {
            (StatusCode::OK, form(locale, name, length, token).into_any())
        }
        Link::Unknown => closed!(NOT_FOUND, unknown, unknown_text),
        Link::Used => closed!(GONE, used, used_text),
        Link::Lapsed(at) => {
            let time = time_as(at, TimeStyle::Full);
            let text = td!(locale, people.once.lapsed_text, time).into_any();
            without_form(StatusCode::GONE, say!(locale, people.once.lapsed), text)
        }
        Link::PasswordsOff => closed!(FORBIDDEN, passwords_off, passwords_off_text),
    };
    let main = view! {
        <main class="sheet alone" id="content">
            <div class="door-form">
                <span class="brand">
                    <Icon glyph=Glyph::Brand />
                    {say!(locale, common.product)}
                </span>
                {content}
                <div class="btns">
                    <LanguageChoice chosen=language_tag(locale) next=here />
                </div>
            </div>
        </main>
    };
    Page::new(title, main).status(status)
}

/// Why a link cannot be used, and what to do.
fn closed(locale: Locale, title: &'static str, text: AnyView) -> AnyView {
    view! {
        <h1 class="sr">{say!(locale, people.once.title)}</h1>
        <Banner title=title>
            <p>{text}</p>
            {way_on("btn", "/login".to_owned(), say!(locale, people.once.sign_in))}
        </Banner>
    }
    .into_any()
}

fn form(locale: Locale, name: String, length: u32, token: String) -> impl IntoView {
    let error = failed::<UseLink>();
    let wrong = error.as_ref().and_then(|error| {
        let mut codes = error.problems_of("password");
        codes.find_map(|code| words::bad_password(locale, code))
    });
    let hint = say!(locale, login.new_password.hint, n = length);
    view! {
        <form method="post" action=UseLink::url() class="stack-form">
            <div>
                <h1>{say!(locale, people.once.title)}</h1>
                <p class="lead">{say!(locale, people.once.lead, name = name.as_str())}</p>
            </div>
            {form_error::<UseLink>()}
            <input type="hidden" name="token" value=token />
            <label class="field">
                <span class="label">{say!(locale, common.word.user_id)}</span>
                <input class="input mono" autocomplete="username" value=name readonly />
            </label>
            <PasswordField
                label=say!(locale, me.password.next)
                wrong=wrong
                is_new=true
                autofocus=true
            >
                <p class="hint" id="new-hint">{hint}</p>
            </PasswordField>
            <button class="btn primary lg">{say!(locale, people.once.submit)}</button>
        </form>
    }
}
