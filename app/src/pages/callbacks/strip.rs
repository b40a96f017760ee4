//! The header of the inbox: the addresses for the console, and whether the server is reachable.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::inbox::{InboxHeader, TestReport};

use super::{address::Address, hops::Hops};
use crate::{
    components::{CopyButton, Glyph, Icon, Rejected, Time},
    i18n::{Locale, td},
    server_fns::SendTestCallback,
    this_page::locale,
    words::TimeStyle,
};

/// The header, for administrators.
#[component]
pub fn Strip(header: InboxHeader, here: Address) -> impl IntoView {
    let locale = locale();
    let receives = header.last_accepted_at.is_some();
    let (glyph, word) = if receives {
        (Glyph::Check, say!(locale, callbacks.header.receiving))
    } else {
        (Glyph::Idle, say!(locale, callbacks.header.nothing_yet))
    };
    let no_public = header.public_url.is_none().then(|| {
        let address = header.local_url.as_deref().unwrap_or_default();
        let text = say!(locale, callbacks.header.no_public_test, address);
        view! { <p class="hint">{text}</p> }
    });
    view! {
        <div class="strip4">
            <section aria-labelledby="console-h">
                <h2 id="console-h">
                    {say!(locale, callbacks.header.console)}
                    <span class="pill" data-tone=receives.then_some("ok")>
                        <Icon glyph=glyph />
                        {word}
                    </span>
                </h2>
                {addresses(locale, &header, &here)}
                <Rejected rejected=header.rejected.clone() />
            </section>
            <section aria-labelledby="reach-h">
                <h2 id="reach-h">
                    {say!(locale, callbacks.header.reach)} {test_button(locale, &header, &here)}
                </h2>
                {no_public}
                <div aria-live="polite">{tested(locale, header.test, &here)}</div>
            </section>
        </div>
    }
}

/// The addresses to paste into the platform's console. The secret is revealed by a form, not by a link, so
/// that no shared address shows it. It stays visible until the page is left or reloaded.
fn addresses(locale: Locale, header: &InboxHeader, here: &Address) -> impl IntoView + use<> {
    let site = header.public_url.as_deref().unwrap_or_default();
    let copybox = |word: &'static str, path: &str| {
        let text = format!("{site}{path}");
        let button = || view! { <CopyButton text=text.clone() label=word /> };
        let copy = header.revealed.then(button);
        view! {
            <div class="copybox">
                <span>{word}</span>
                <code title=text.clone()>{text.clone()}</code>
                {copy}
            </div>
        }
    };
    let no_public = header
        .public_url
        .is_none()
        .then(|| view! { <p class="hint">{say!(locale, callbacks.header.no_public)}</p> });
    // Without Turbo, which accepts a form response without redirect only if it is an error, and which would
    // keep the secret visible after "hide".
    let switch = if header.revealed {
        view! {
            <a class="hint" href="" data-turbo="false">{say!(locale, callbacks.header.hide)}</a>
        }
        .into_any()
    } else {
        view! {
            <form method="post" action=here.path() data-turbo="false">
                <button class="btn quiet">{say!(locale, callbacks.header.show)}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <div class="cb-addresses" id="addresses" data-kept=header.revealed.then_some("")>
            {copybox(say!(locale, callbacks.header.files), &header.file_path)}
            {copybox(say!(locale, callbacks.header.status), &header.status_path)}
            {no_public}
            {switch}
        </div>
    }
}

/// Sends a test callback to the public address, or to the local one if there is no other.
fn test_button(locale: Locale, header: &InboxHeader, here: &Address) -> impl IntoView + use<> {
    let is_local = header.public_url.is_none();
    (!is_local || header.local_url.is_some()).then(|| {
        view! {
            <form method="post" action=SendTestCallback::url()>
                {here.back()}
                {is_local.then(|| view! { <input type="hidden" name="local" value="yes" /> })}
                <button class="btn">
                    <Icon glyph=Glyph::Send />
                    {say!(locale, callbacks.header.send)}
                </button>
            </form>
        }
    })
}

/// The result of the last test.
fn tested(locale: Locale, report: Option<TestReport>, here: &Address) -> AnyView {
    let Some(report) = report else {
        return view! { <p class="hint">{say!(locale, callbacks.header.not_tested)}</p> }
            .into_any();
    };
    let (at, address) = (report.at, report.address.clone());
    let time = move || view! { <Time at=at style=TimeStyle::Near /> };
    let open = report.call.map(|call| {
        view! { " " <a href=here.open(call)>{say!(locale, callbacks.header.open_test)}</a> }
    });
    view! {
        <Hops report=report />
        <p class="hint">{td!(locale, callbacks.header.tested, address, time)} {open}</p>
    }
    .into_any()
}
