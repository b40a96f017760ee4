//! How far a test callback came.

use leptos::prelude::*;
use reelroom_domain::inbox::{Hop, Obstacle, TestReport};

use crate::{
    i18n::{Locale, td_string, use_i18n},
    whole::components::{Glyph, Icon},
};

/// The steps that were made, the one that was not, and what to do about that.
#[component]
pub fn Hops(report: TestReport) -> impl IntoView {
    let i18n = use_i18n();
    let steps: Vec<(Hop, Option<u32>, bool)> = report
        .passed
        .iter()
        .map(|(hop, millis)| (*hop, *millis, true))
        .chain(report.failed.iter().map(|(hop, _)| (*hop, None, false)))
        .collect();
    let failed = report.failed.map(|(_, obstacle)| obstacle);
    view! {
        <ol class="hops" aria-label=told!(i18n, callbacks.hop.title)>
            {steps
                .into_iter()
                .map(|(hop, millis, passed)| {
                    view! {
                        <li data-l=(!passed).then_some("warn")>
                            <Icon glyph=if passed { Glyph::Check } else { Glyph::Alert } />
                            <b>{move || hop_word(i18n.get_locale(), hop)}</b>
                            <span>
                                {move || match (passed, millis) {
                                    (false, _) => {
                                        td_string!(i18n.get_locale(), callbacks.hop.failed).to_owned()
                                    }
                                    (true, Some(millis)) => format!("{millis} ms"),
                                    (true, None) => {
                                        td_string!(i18n.get_locale(), callbacks.hop.passed).to_owned()
                                    }
                                }}
                            </span>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
        {failed
            .map(|obstacle| {
                let (what, then) = (obstacle.clone(), obstacle);
                view! {
                    <div class="cb-why">
                        <p class="lint" data-level="error">
                            <Icon glyph=Glyph::Error />
                            <span>{move || what_happened(i18n.get_locale(), &what)}</span>
                        </p>
                        <p class="hint">{move || what_to_do(i18n.get_locale(), &then)}</p>
                    </div>
                }
            })}
    }
}

fn hop_word(locale: Locale, hop: Hop) -> &'static str {
    match hop {
        Hop::Name => td_string!(locale, callbacks.hop.name),
        Hop::Connection => td_string!(locale, callbacks.hop.connection),
        Hop::Tls => td_string!(locale, callbacks.hop.tls),
        Hop::Answer => td_string!(locale, callbacks.hop.answer),
    }
}

fn what_happened(locale: Locale, obstacle: &Obstacle) -> String {
    let fixed = match obstacle {
        Obstacle::NoName => td_string!(locale, callbacks.obstacle.no_name),
        Obstacle::Refused => td_string!(locale, callbacks.obstacle.refused),
        Obstacle::Unreachable => td_string!(locale, callbacks.obstacle.unreachable),
        Obstacle::NoAnswer => td_string!(locale, callbacks.obstacle.no_answer),
        Obstacle::Broken => td_string!(locale, callbacks.obstacle.broken),
        Obstacle::NotFound => td_string!(locale, callbacks.obstacle.not_found),
        Obstacle::TooLarge => td_string!(locale, callbacks.obstacle.too_large),
        Obstacle::AnotherReelroom => td_string!(locale, callbacks.obstacle.another),
        Obstacle::NotSecure(words) => {
            return td_string!(locale, callbacks.obstacle.not_secure, words = words.clone());
        }
        Obstacle::Redirect(status, to) => {
            return td_string!(
                locale,
                callbacks.obstacle.redirect,
                status = status.to_string(),
                to = to.clone()
            );
        }
        Obstacle::Gate(status) => {
            return td_string!(locale, callbacks.obstacle.gate, status = status.to_string());
        }
        Obstacle::Behind(status) => {
            return td_string!(
                locale,
                callbacks.obstacle.behind,
                status = status.to_string()
            );
        }
        Obstacle::Page(status) => {
            return td_string!(locale, callbacks.obstacle.page, status = status.to_string());
        }
        Obstacle::Other(status) => {
            return td_string!(
                locale,
                callbacks.obstacle.other,
                status = status.to_string()
            );
        }
    };
    fixed.to_owned()
}

fn what_to_do(locale: Locale, obstacle: &Obstacle) -> &'static str {
    match obstacle {
        Obstacle::NoName => td_string!(locale, callbacks.obstacle.no_name_then),
        Obstacle::Refused => td_string!(locale, callbacks.obstacle.refused_then),
        Obstacle::Unreachable => td_string!(locale, callbacks.obstacle.unreachable_then),
        Obstacle::NotSecure(_) => td_string!(locale, callbacks.obstacle.not_secure_then),
        Obstacle::NoAnswer => td_string!(locale, callbacks.obstacle.no_answer_then),
        Obstacle::Broken => td_string!(locale, callbacks.obstacle.broken_then),
        Obstacle::Redirect(..) => td_string!(locale, callbacks.obstacle.redirect_then),
        Obstacle::NotFound => td_string!(locale, callbacks.obstacle.not_found_then),
        Obstacle::Gate(_) => td_string!(locale, callbacks.obstacle.gate_then),
        Obstacle::TooLarge => td_string!(locale, callbacks.obstacle.too_large_then),
        Obstacle::Behind(_) => td_string!(locale, callbacks.obstacle.behind_then),
        Obstacle::Page(_) => td_string!(locale, callbacks.obstacle.page_then),
        Obstacle::Other(_) => td_string!(locale, callbacks.obstacle.other_then),
        Obstacle::AnotherReelroom => td_string!(locale, callbacks.obstacle.another_then),
    }
}
