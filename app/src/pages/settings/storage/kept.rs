//! The sizes of the trash and of holds, and the objects that no row names.

use leptos::prelude::*;
use reelroom_domain::{
    usage::{KeptUsage, Orphan},
    visible::visible_line,
};

use crate::{
    components::{Banner, Time, Tone, time},
    i18n::{Locale, td},
    paths,
    this_page::locale,
    words,
};

/// The longest key that is shown, in characters.
const LONGEST: usize = 200;

/// The sizes of the trash and of the recordings on hold, each with a link.
pub fn kept(of: &KeptUsage) -> impl IntoView + use<> {
    let locale = locale();
    let (n, bytes) = of.trash;
    let trash = (n > 0).then(|| {
        let size = link(paths::TRASH, words::bytes(locale, bytes));
        let text = match of.trash_until {
            Some(at) => {
                let time = time(at);
                td!(locale, storage.in_trash_until, size, time).into_any()
            }
            None => size().into_any(),
        };
        view! {
            <dt>{say!(locale, storage.in_trash)}</dt>
            <dd class="num">{text}</dd>
        }
    });
    let (n, bytes) = of.held;
    let held = (n > 0).then(|| {
        let size = link(paths::CASES, words::bytes(locale, bytes));
        let recordings = words::number(n);
        view! {
            <dt>{say!(locale, keep.hold.on)}</dt>
            <dd class="num">
                {td!(locale, storage.held, cases = of.cases, recordings, size)}
            </dd>
        }
    });
    (trash.is_some() || held.is_some()).then(|| view! { <dl class="kv">{trash} {held}</dl> })
}

fn link(href: &'static str, text: String) -> impl Fn() -> AnyView + Clone + Send + Sync + 'static {
    move || view! { <a href=href>{text.clone()}</a> }.into_any()
}

/// The objects without a row; nothing if there are none.
pub fn orphans(of: &KeptUsage) -> Option<impl IntoView + use<>> {
    let locale = locale();
    let (n, bytes) = of.orphans;
    if n == 0 {
        return None;
    }
    let size = words::bytes(locale, bytes);
    let title = say!(locale, storage.orphans, n = words::number(n), size);
    let lines = of.oldest.iter().map(|one| line(locale, one));
    let lines = lines.collect_view();
    Some(view! {
        <Banner tone=Tone::Wait title=title>
            <p>{say!(locale, storage.orphans_text)}</p>
            <ul class="orphans">{lines}</ul>
        </Banner>
    })
}

fn line(locale: Locale, of: &Orphan) -> impl IntoView + use<> {
    let size = words::bytes(locale, of.size);
    let at = of.modified_at;
    view! {
        <li>
            <code>{visible_line(&of.key, LONGEST)}</code>
            " "
            <span class="muted num">
                {size} ", "
                <Time at=at />
            </span>
        </li>
    }
}
