//! The header of the inbox: the addresses for the console, and whether the server is reachable.

use leptos::prelude::*;
use reelroom_domain::inbox::{Hop, InboxHeader, Obstacle, TestReport};

use super::address::Address;
use crate::{
    components::{CopyButton, Glyph, Icon, Rejected, hidden, pill, post_form, time},
    form::yes,
    i18n::{Locale, td},
    lint_line::{Level, LintLine},
    query::Query,
    server_fns::SendTestCallback,
    this_page::locale,
};

/// The button that opens the header on a phone or tablet, where it is a popover.
pub fn strip_button(header: &InboxHeader) -> impl IntoView + use<> {
    let locale = locale();
    let has_failed = header
        .test
        .as_ref()
        .is_some_and(|test| test.failed.is_some());
    let glyph = if has_failed || header.rejected.calls > 0 {
        Glyph::Alert
    } else if header.last_accepted_at.is_some() {
        Glyph::Check
    } else {
        Glyph::Idle
    };
    view! {
        <button type="button" class="btn quiet strip-open" popovertarget="connection">
            <Icon glyph=glyph />
            {say!(locale, callbacks.header.open)}
        </button>
    }
}

/// The header, for administrators. Unless it holds what the reader has just asked for, it is a popover on a phone or
/// tablet.
pub fn strip(header: &InboxHeader, here: &Address) -> impl IntoView + use<> {
    let locale = locale();
    let state = if header.last_accepted_at.is_some() {
        pill("ok", Glyph::Check, say!(locale, callbacks.header.receiving))
    } else {
        pill("", Glyph::Idle, say!(locale, callbacks.header.nothing_yet))
    };
    let no_public = header.public_url.is_none().then(|| {
        let address = header.local_url.as_deref().unwrap_or_default();
        let text = say!(locale, callbacks.header.no_public_test, address);
        view! { <p class="hint">{text}</p> }
    });
    let is_asked = header.revealed || expect_context::<Query>().get("tested") == "yes";
    view! {
        <div class="strip4" id="connection" popover=(!is_asked).then_some("auto")>
            <section aria-labelledby="console-h">
                <h2 id="console-h">
                    {say!(locale, callbacks.header.console)}
                    {state}
                </h2>
                {addresses(locale, header, here)}
                <Rejected rejected=header.rejected.clone() />
            </section>
            <section aria-labelledby="reach-h">
                <h2 id="reach-h">
                    {say!(locale, callbacks.header.reach)} {test_button(locale, header, here)}
                </h2>
                {no_public}
                <div aria-live="polite">{tested(locale, header.test.clone(), here)}</div>
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
            {copybox(say!(locale, common.word.files), &header.file_path)}
            {copybox(say!(locale, callbacks.only.status), &header.status_path)}
            {no_public}
            {switch}
        </div>
    }
}

/// Sends a test callback to the public address, or to the local one if there is no other.
fn test_button(locale: Locale, header: &InboxHeader, here: &Address) -> impl IntoView + use<> {
    let is_local = header.public_url.is_none();
    (!is_local || header.local_url.is_some()).then(|| {
        let fields = (here.back(), hidden([("local", yes(is_local))]));
        let text = say!(locale, callbacks.header.send);
        post_form::<SendTestCallback>(fields, "btn", view! { <Icon glyph=Glyph::Send /> {text} })
    })
}

/// The result of the last test.
fn tested(locale: Locale, report: Option<TestReport>, here: &Address) -> AnyView {
    let Some(report) = report else {
        return view! { <p class="hint">{say!(locale, callbacks.header.not_tested)}</p> }
            .into_any();
    };
    let (time, address) = (time(report.at), report.address.clone());
    let open = report.call.map(|call| {
        view! { " " <a href=here.open(call)>{say!(locale, callbacks.header.open_test)}</a> }
    });
    view! {
        {hops(locale, report)}
        <p class="hint">{td!(locale, callbacks.header.tested, address, time)} {open}</p>
    }
    .into_any()
}

/// The completed steps, the failed one, and what to do about it.
fn hops(locale: Locale, report: TestReport) -> impl IntoView {
    let step = |hop: Hop, glyph, tone: Option<&'static str>, word: String| {
        let hop = match hop {
            Hop::Name => say!(locale, callbacks.hop.name),
            Hop::Connection => say!(locale, callbacks.hop.connection),
            Hop::Tls => say!(locale, callbacks.hop.tls),
            Hop::Answer => say!(locale, callbacks.hop.answer),
        };
        view! { <li data-l=tone><Icon glyph=glyph /><b>{hop}</b><span>{word}</span></li> }
    };
    let passed = report.passed.into_iter().map(|(hop, millis)| {
        let word = match millis {
            Some(millis) => format!("{millis} ms"),
            None => say!(locale, callbacks.hop.passed).to_owned(),
        };
        step(hop, Glyph::Check, None, word)
    });
    let (failed, obstacle) = report.failed.unzip();
    let failed = failed.map(|hop| {
        let word = say!(locale, callbacks.hop.failed).to_owned();
        step(hop, Glyph::Alert, Some("warn"), word)
    });
    let why = obstacle.map(|obstacle| {
        let (happened, then) = obstacle_words(locale, &obstacle);
        view! {
            <div class="cb-why">
                <LintLine level=Level::Error>{happened}</LintLine>
                <p class="hint">{then}</p>
            </div>
        }
    });
    view! {
        <ol class="hops" aria-label=say!(locale, callbacks.hop.title)>
            {passed.collect_view()}
            {failed}
        </ol>
        {why}
    }
}

/// The failure, and the remedy.
fn obstacle_words(locale: Locale, obstacle: &Obstacle) -> (String, &'static str) {
    macro_rules! both {
        ($what:ident, $then:ident $(, $argument:ident)*) => {(
            String::from(say!(locale, callbacks.obstacle.$what $(, $argument)*)),
            say!(locale, callbacks.obstacle.$then),
        )};
    }
    match obstacle {
        Obstacle::NoName => both!(no_name, no_name_then),
        Obstacle::Refused => both!(refused, refused_then),
        Obstacle::Unreachable => both!(unreachable, unreachable_then),
        Obstacle::NotSecure(words) => both!(not_secure, not_secure_then, words),
        Obstacle::NoAnswer => both!(no_answer, no_answer_then),
        Obstacle::Broken => both!(broken, broken_then),
        Obstacle::Redirect(status, to) => both!(redirect, redirect_then, status, to),
        Obstacle::NotFound => both!(not_found, not_found_then),
        Obstacle::Gate(status) => both!(gate, gate_then, status),
        Obstacle::TooLarge => both!(too_large, too_large_then),
        Obstacle::Behind(status) => both!(behind, behind_then, status),
        Obstacle::Page(status) => both!(page, page_then, status),
        Obstacle::Other(status) => both!(other, other_then, status),
        Obstacle::AnotherReelroom => both!(another, another_then),
    }
}
