//! The dry run: what the next run would delete, and why.

use leptos::prelude::*;
use reelroom_domain::{
    retention::{DryRun as Made, DryRunLine, RetentionView, Tally},
    usage::DAY,
};

use super::text;
use crate::{
    components::{Empty, Glyph, Icon, Time, pill, post_form, time},
    i18n::{Locale, td},
    paths::{self, with_query},
    reader::Reader,
    server_fns::DryRun,
    this_page::locale,
    words,
};

/// The section of the dry run; `open` is the rule that is open beside it, and `is_first` whether its lines begin with
/// the first.
pub fn dry_run(of: &RetentionView, open: &str, is_first: bool) -> impl IntoView + use<> {
    let locale = locale();
    let made = of.dry_run.as_ref();
    let again = of.may_change.then(|| {
        let word = if made.is_some() {
            say!(locale, retention.dry.run)
        } else {
            say!(locale, retention.dry.first)
        };
        post_form::<DryRun>((), "btn", view! { <Icon glyph=Glyph::Refresh /> {word} })
    });
    let content = match made {
        None => {
            let none = say!(locale, retention.dry.none);
            let text = say!(locale, retention.dry.none_text);
            view! { <Empty glyph=Glyph::Eye title=none text=text /> }.into_any()
        }
        Some(made) => made_content(locale, of, made, open, is_first).into_any(),
    };
    let at = made.map(|made| {
        let time = time(made.at);
        view! { <span class="muted">{td!(locale, retention.dry.of, time)}</span> }
    });
    view! {
        <section id="dry" aria-labelledby="dry-h">
            <header class="sub-h">
                <h2 id="dry-h">{say!(locale, retention.dry.title)}</h2>
                {at}
                {again}
            </header>
            {content}
        </section>
    }
}

fn made_content(
    locale: Locale,
    of: &RetentionView,
    made: &Made,
    open: &str,
    is_first: bool,
) -> impl IntoView + use<> {
    let old = (!made.is_of(&of.rules)).then(|| {
        view! { <p class="hint">{say!(locale, retention.dry.old)}</p> }
    });
    let mut rules = made.rules.iter();
    let with = rules.find(|due| Some(due.rule.id) == made.with);
    let with = with.map(|due| {
        let name = due.rule.text.name.as_str();
        view! { <p class="hint">{say!(locale, retention.dry.with, name)}</p> }
    });
    let sums = sums(locale, made.sums.goes, made.sums.saved);
    let lines: Vec<_> = of.lines.iter().map(|line| row(locale, of, line)).collect();
    let table = (!lines.is_empty()).then(|| {
        view! {
            <div class="box">
                <table class="table dry" aria-labelledby="dry-h">
                    <thead>
                        <tr>
                            <th>{say!(locale, common.word.recording)}</th>
                            <th>{say!(locale, retention.dry.age)}</th>
                            <th>{say!(locale, retention.dry.why)}</th>
                            <th class="r">{say!(locale, common.word.size)}</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </table>
            </div>
        }
    });
    let link = |after: &str, word: &'static str| {
        let to = with_query(paths::RETENTION, &[("open", open), ("after", after)]);
        view! { <a class="btn" href=to>{word}</a> }
    };
    let more = of.more.as_deref();
    let more = more.map(|after| link(after, say!(locale, retention.dry.more)));
    let first = (!is_first).then(|| link("", say!(locale, retention.dry.first_page)));
    view! {
        {old}
        {with}
        {sums}
        {table}
        <div class="btns">{first} {more}</div>
    }
}

/// The sums of the recordings that go, and of those that holds save.
fn sums(locale: Locale, goes: Tally, saved: Tally) -> impl IntoView {
    let line = if goes.recordings == 0 {
        say!(locale, retention.dry.nothing).to_owned()
    } else {
        say!(locale, retention.dry.goes, what = text::tally(locale, goes))
    };
    let held = (saved.recordings > 0).then(|| {
        let what = text::tally(locale, saved);
        view! { <p>{say!(locale, retention.dry.held, what)}</p> }
    });
    view! {
        <p>{line}</p>
        {held}
    }
}

fn row(locale: Locale, of: &RetentionView, line: &DryRunLine) -> impl IntoView + use<> {
    let room = line.room.to_string();
    let shown = of.rows.iter().find(|row| row.id == line.recording);
    let name = shown.map_or_else(|| room.clone(), |row| row.name().to_owned());
    let page = paths::recording(line.recording);
    let app = of.apps.iter().find(|(id, _)| *id == line.app);
    let app = app.filter(|_| of.apps.len() > 1);
    let app = app.map(|(_, name)| name.clone());
    let app = app.map(|app| view! { <small class="muted">{app}</small> });
    let days = Reader::expect().now.since(line.ended_at) / DAY;
    let held = line
        .is_held
        .then(|| pill("", Glyph::Lock, say!(locale, keep.hold.on)));
    let by = line.by.iter().map(|(rule, kinds)| {
        let what = if kinds.is_all() {
            say!(locale, retention.dry.all).to_owned()
        } else {
            text::kinds(locale, kinds)
        };
        view! {
            <span>
                <bdi>{rule.as_str().to_owned()}</bdi>
                " "
                <small class="muted">{what}</small>
            </span>
        }
    });
    view! {
        <tr>
            <td class="c-recording">
                <a class="trunc" href=page title=room>
                    {name}
                </a>
                <small>
                    <Time at=line.began_at />
                </small>
                {app}
            </td>
            <td class="num nowrap">{words::day_count(locale, days)}</td>
            <td class="c-why">{by.collect_view()} {held}</td>
            <td class="num r nowrap">{words::bytes(locale, line.bytes)}</td>
        </tr>
    }
}
