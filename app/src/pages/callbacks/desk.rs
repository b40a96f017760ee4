//! What stands above the inbox: the addresses for the console, and whether we can be reached.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::inbox::{Desk, TestReport};

use super::{address::Address, hops::Hops};
use crate::{
    components::{CopyButton, Glyph, Icon, Rejected, Time},
    i18n::{Locale, td},
    server_fns::SendTestCallback,
    this_page::locale,
    words::TimeStyle,
};

/// The strip; for administrators.
#[component]
pub fn Strip(desk: Desk, here: Address) -> impl IntoView {
    let locale = locale();
    let (tone, glyph, word) = if desk.last_accepted_at.is_some() {
        let word = say!(locale, callbacks.desk.receiving);
        (Some("ok"), Glyph::Check, word)
    } else {
        (None, Glyph::Idle, say!(locale, callbacks.desk.nothing_yet))
    };
    view! {
        <div class="strip4">
            <section aria-labelledby="console-h">
                <h2 id="console-h">
                    {say!(locale, callbacks.desk.console)} <span class="pill" data-tone=tone>
                        <Icon glyph=glyph />
                        {word}
                    </span>
                </h2>
                {addresses(locale, &desk, &here)}
                <Rejected rejected=desk.rejected.clone() />
            </section>
            <section aria-labelledby="reach-h">
                <h2 id="reach-h">
                    {say!(locale, callbacks.desk.reach)} {test_button(locale, &desk, &here)}
                </h2>
                {no_public(locale, &desk)}
                <div aria-live="polite">{tested(locale, desk.test, &here)}</div>
            </section>
        </div>
    }
}

/// What to paste into the platform's console. A form reveals the secret, not a link: no address that
/// somebody sends shows it. Once revealed, it stays until the page is left: a page that is loaded again
/// has it masked.
fn addresses(locale: Locale, desk: &Desk, here: &Address) -> impl IntoView + use<> {
    let site = desk.public_url.as_deref().unwrap_or_default();
    let copybox = |word: &'static str, path: &str| {
        let text = format!("{site}{path}");
        let copy = desk
            .revealed
            .then(|| view! { <CopyButton text=text.clone() label=word /> });
        view! {
            <div class="copybox">
                <span>{word}</span>
                <code title=text.clone()>{text.clone()}</code>
                {copy}
            </div>
        }
    };
    let no_public = desk
        .public_url
        .is_none()
        .then(|| view! { <p class="hint">{say!(locale, callbacks.desk.no_public)}</p> });
    // Not by Turbo: it would follow an answer to a form that is no redirect only where that is an error,
    // and keep what is revealed where it is to be hidden.
    let switch = if desk.revealed {
        view! {
            <a class="hint" href="" data-turbo="false">
                {say!(locale, callbacks.desk.hide)}
            </a>
        }
        .into_any()
    } else {
        view! {
            <form method="post" action=here.path() data-turbo="false">
                <button class="btn quiet">{say!(locale, callbacks.desk.show)}</button>
            </form>
        }
        .into_any()
    };
    view! {
        <div class="cb-addresses" id="addresses" data-kept=desk.revealed.then_some("")>
            {copybox(say!(locale, callbacks.desk.files), &desk.file_path)}
            {copybox(say!(locale, callbacks.desk.status), &desk.status_path)}
            {no_public}
            {switch}
        </div>
    }
}

/// Sends a test callback to the public address; to the local one where that is the only one.
fn test_button(locale: Locale, desk: &Desk, here: &Address) -> impl IntoView + use<> {
    let is_local = desk.public_url.is_none();
    let back = here.back();
    (!is_local || desk.local_url.is_some()).then(|| {
        view! {
            <form method="post" action=SendTestCallback::url()>
                {back}
                {is_local.then(|| view! { <input type="hidden" name="local" value="yes" /> })}
                <button class="btn">
                    <Icon glyph=Glyph::Send />
                    {say!(locale, callbacks.desk.send)}
                </button>
            </form>
        }
    })
}

fn no_public(locale: Locale, desk: &Desk) -> impl IntoView + use<> {
    desk.public_url.is_none().then(|| {
        let address = desk.local_url.clone().unwrap_or_default();
        let words = say!(locale, callbacks.desk.no_public_test, address = address);
        view! { <p class="hint">{words}</p> }
    })
}

/// How the last test went.
fn tested(locale: Locale, report: Option<TestReport>, here: &Address) -> AnyView {
    let Some(report) = report else {
        return view! { <p class="hint">{say!(locale, callbacks.desk.not_tested)}</p> }.into_any();
    };
    let (at, address) = (report.at, report.address.clone());
    let time = move || view! { <Time at=at style=TimeStyle::Near /> };
    let open = report.call.map(|call| {
        view! {
            " "
            <a href=here.open(call)>{say!(locale, callbacks.desk.open_test)}</a>
        }
    });
    view! {
        <Hops report=report />
        <p class="hint">{td!(locale, callbacks.desk.tested, address, time)} {open}</p>
    }
    .into_any()
}
