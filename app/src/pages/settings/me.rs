//! `/settings/me`: the reader's own account: password, second factor, sessions and preferences.

mod codes;
mod factor;
mod field;
mod look;
mod password;
mod sessions;
mod set_up;
mod step;

use axum::{
    Extension, Form,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use leptos::prelude::*;
use reelroom_domain::account::MyAccount;
use reelroom_service::{Browser, MyAccountError, Principal, SignedIn};
use serde::Deserialize;

use self::{
    codes::codes_dialog, factor::second_factor, look::look, password::password, sessions::sessions,
    step::Step,
};
use super::nav::{SettingsPage, nav};
use crate::{
    components::{Banner, Tone},
    error::ApiError,
    form::failed,
    paths,
    server::HOLDS_SECRET,
    server_fns::MyCodes,
    this_page::locale,
    visit::{Page, Visit},
    words,
};

/// The form of a step.
#[derive(Deserialize)]
pub struct StepForm {
    step: String,
    #[serde(default)]
    sealed: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    proof: String,
}

/// The account.
pub async fn me(visit: Visit, Extension(browser): Extension<Browser>) -> Response {
    answer(visit, &browser, Step::Rest).await
}

/// The account with a key or codes, which only a form shows: a link must not.
pub async fn me_step(
    visit: Visit,
    Extension(mut browser): Extension<Browser>,
    Form(form): Form<StepForm>,
) -> Response {
    let performed = perform(&visit, &browser, &form).await;
    let mut cookies = Vec::new();
    if let Ok((_, Some(renewed))) = &performed {
        browser.session = Some(renewed.session.clone());
        cookies.extend(visit.service.sign_in_cookies(renewed));
    }
    let mut response = match performed {
        Ok((Some(step), _)) => answer(visit, &browser, step).await,
        Ok((None, _)) => paths::account()
            .with(&[("saved", "factor")])
            .into_response(),
        Err(error) => visit.answer(Err(error), |page: Page| page).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HOLDS_SECRET);
    for cookie in cookies {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            headers.append(header::SET_COOKIE, cookie);
        }
    }
    response
}

/// The step that the page shows next, if there is one, and the session of the browser if it has a new id.
type Performed = (Option<Step>, Option<SignedIn>);

/// Performs a step.
async fn perform(visit: &Visit, browser: &Browser, form: &StepForm) -> Result<Performed, ApiError> {
    let Visit { service, me, .. } = visit;
    let step = match form.step.as_str() {
        "phone" => match service.new_factor(me, browser, &form.proof).await {
            Ok(new) => Step::Phone(new, false),
            Err(error) => refused("phone", error)?,
        },
        "codes" => match service.new_codes(me, browser, &form.proof).await {
            Ok(new) => Step::Codes(new),
            Err(error) => refused("codes", error)?,
        },
        "confirm" => {
            let confirmed = service.confirm_factor(me, browser, &form.sealed, &form.code);
            match confirmed.await {
                Ok(factor) => return Ok((factor.codes.map(Step::Codes), Some(factor.session))),
                Err(MyAccountError::WrongCode) => {
                    Step::Phone(service.new_factor_again(me, &form.sealed).await?, true)
                }
                Err(MyAccountError::Lapsed) => Step::Lapsed,
                Err(error) => return Err(error.into()),
            }
        }
        _ => return Err(ApiError::NotFound),
    };
    Ok((Some(step), None))
}

/// The page again, with what was wrong at the form that leads to a step.
fn refused(step: &'static str, error: MyAccountError) -> Result<Step, ApiError> {
    match error {
        MyAccountError::Service(error) => Err(error.into()),
        other => Ok(Step::Refused(step, other.into())),
    }
}

async fn answer(visit: Visit, browser: &Browser, step: Step) -> Response {
    let loaded = visit.service.my_account(&visit.me, browser).await;
    let me = visit.me.clone();
    visit
        .answer(loaded, |account| page(&account, &step, &me))
        .await
}

/// The page. It has neither frame nor scripts until the account has a second factor that it needs.
fn page(account: &MyAccount, step: &Step, me: &Principal) -> Page {
    let locale = locale();
    let is_alone = me.needs_second_factor;
    let nav = (!is_alone).then(|| nav(me, SettingsPage::Account));
    let dialog = match step {
        Step::Codes(new) => Some(codes_dialog(account, new, is_alone)),
        _ => None,
    };
    let has_dialog = dialog.is_some();
    // A refresh does not take away what is shown once.
    let is_open = matches!(step, Step::Phone(..) | Step::Codes(_));
    let main = view! {
        <main
            class="sheet set"
            id="content"
            data-page="me"
            data-kept=is_open.then_some("")
            data-turbo=is_open.then_some("false")
        >
            {nav}
            <div class="set-b scroll" tabindex="-1" inert=has_dialog>
                {head(account)}
                {notice(account, step, me)}
                {password(account)}
                {second_factor(account, step)}
                {sessions(account)}
                {look(account, is_alone)}
            </div>
            {dialog}
        </main>
    };
    Page::new(say!(locale, me.title), main)
}

/// The name, the role and the rights of the account.
fn head(account: &MyAccount) -> impl IntoView + use<> {
    let locale = locale();
    let (title, user_id) = account.person.with_id(&account.name);
    let user_id = user_id.map(|id| view! { <span class="mono">{id.to_owned()}</span> " · " });
    let rights = words::rights(locale, &account.rights);
    let may = (!rights.is_empty()).then(|| format!(" · {}", say!(locale, me.may, rights)));
    view! {
        <header class="me-h">
            // Receives the focus when the focused element is removed (see `morph.js`).
            <h1 tabindex="-1" data-focus="">{title.to_owned()}</h1>
            <p>{user_id} {words::role(locale, account.role)} {may}</p>
        </header>
    }
}

/// The banner above the sections: a form has expired, or a second factor is needed.
fn notice(account: &MyAccount, step: &Step, me: &Principal) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let is_lapsed = failed::<MyCodes>().is_some_and(|error| error.is_about("form"));
    let (tone, title, text) = if is_lapsed || matches!(step, Step::Lapsed) {
        let text = say!(locale, me.lapsed_text);
        (Tone::Wait, say!(locale, me.lapsed), text)
    } else if me.needs_second_factor && account.from_single_sign_on {
        let text = say!(locale, me.needed_sso);
        (Tone::Fault, say!(locale, me.needed), text)
    } else if account.factor_is_demanded && account.factor.is_none() {
        let text = say!(locale, me.needed_text);
        (Tone::Fault, say!(locale, me.needed), text)
    } else {
        return None;
    };
    Some(view! { <Banner tone=tone title=title focus=is_lapsed><p>{text}</p></Banner> })
}
