//! The progress of a test callback.

use leptos::prelude::*;
use reelroom_domain::inbox::{Hop, Obstacle, TestReport};

use crate::{
    components::{Glyph, Icon},
    i18n::Locale,
    lint_line::{Level, LintLine},
    this_page::locale,
};

/// The completed steps, the failed one, and what to do about it.
#[component]
pub fn Hops(report: TestReport) -> impl IntoView {
    let locale = locale();
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
        let happened = what_happened(locale, &obstacle);
        view! {
            <div class="cb-why">
                <LintLine level=Level::Error>{happened}</LintLine>
                <p class="hint">{what_to_do(locale, &obstacle)}</p>
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

fn what_happened(locale: Locale, obstacle: &Obstacle) -> String {
    let fixed = match obstacle {
        Obstacle::NoName => say!(locale, callbacks.obstacle.no_name),
        Obstacle::Refused => say!(locale, callbacks.obstacle.refused),
        Obstacle::Unreachable => say!(locale, callbacks.obstacle.unreachable),
        Obstacle::NoAnswer => say!(locale, callbacks.obstacle.no_answer),
        Obstacle::Broken => say!(locale, callbacks.obstacle.broken),
        Obstacle::NotFound => say!(locale, callbacks.obstacle.not_found),
        Obstacle::TooLarge => say!(locale, callbacks.obstacle.too_large),
        Obstacle::AnotherReelroom => say!(locale, callbacks.obstacle.another),
        Obstacle::NotSecure(words) => return say!(locale, callbacks.obstacle.not_secure, words),
        Obstacle::Redirect(status, to) => {
            return say!(locale, callbacks.obstacle.redirect, status, to);
        }
        Obstacle::Gate(status) => return say!(locale, callbacks.obstacle.gate, status),
        Obstacle::Behind(status) => return say!(locale, callbacks.obstacle.behind, status),
        Obstacle::Page(status) => return say!(locale, callbacks.obstacle.page, status),
        Obstacle::Other(status) => return say!(locale, callbacks.obstacle.other, status),
    };
    fixed.to_owned()
}

fn what_to_do(locale: Locale, obstacle: &Obstacle) -> &'static str {
    match obstacle {
        Obstacle::NoName => say!(locale, callbacks.obstacle.no_name_then),
        Obstacle::Refused => say!(locale, callbacks.obstacle.refused_then),
        Obstacle::Unreachable => say!(locale, callbacks.obstacle.unreachable_then),
        Obstacle::NotSecure(_) => say!(locale, callbacks.obstacle.not_secure_then),
        Obstacle::NoAnswer => say!(locale, callbacks.obstacle.no_answer_then),
        Obstacle::Broken => say!(locale, callbacks.obstacle.broken_then),
        Obstacle::Redirect(..) => say!(locale, callbacks.obstacle.redirect_then),
        Obstacle::NotFound => say!(locale, callbacks.obstacle.not_found_then),
        Obstacle::Gate(_) => say!(locale, callbacks.obstacle.gate_then),
        Obstacle::TooLarge => say!(locale, callbacks.obstacle.too_large_then),
        Obstacle::Behind(_) => say!(locale, callbacks.obstacle.behind_then),
        Obstacle::Page(_) => say!(locale, callbacks.obstacle.page_then),
        Obstacle::Other(_) => say!(locale, callbacks.obstacle.other_then),
        Obstacle::AnotherReelroom => say!(locale, callbacks.obstacle.another_then),
    }
}
