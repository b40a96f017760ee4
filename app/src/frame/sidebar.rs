use leptos::prelude::*;
use reelroom_domain::{
    recording::RecordingState,
    time::Timestamp,
    view::{Me, RunningRecording, Shell},
};

use super::{app_switch::app_switch, user_row::user_row};
use crate::{
    components::{Glyph, Icon, Timer, state_look, state_word},
    current_app::CurrentApp,
    i18n::td,
    paths,
    reader::Reader,
    section::Section,
    this_page::locale,
    words,
};

/// The side bar: navigation, active recordings, health, and the account.
pub fn sidebar(shell: &Shell, section: Option<Section>) -> impl IntoView + use<> {
    let locale = locale();
    let app = CurrentApp::expect();
    let go = |page| say!(locale, keys.go, page = page);
    let (open, sees_callbacks) = (shell.open_callbacks, shell.sees_callbacks);
    let open_pill = (open > 0).then(|| {
        view! {
            <span class="count">
                <span class="pill" data-tone="fault"><Icon glyph=Glyph::Question /> {open}</span>
                <span class="sr">" " {say!(locale, common.nav.open_callbacks)}</span>
            </span>
        }
    });
    let waiting = (shell.waiting > 0).then(|| {
        let n = shell.waiting;
        let text = plural!(locale, n, common.nav.waiting_single, common.nav.waiting, n);
        let title = text.clone();
        view! {
            <a href=app.to(paths::TRASH) title=title>
                <Icon glyph=Glyph::Hourglass />
                <span class="trunc">{text}</span>
            </a>
        }
    });
    view! {
        <a class="brand" href=app.to("/")>
            <Icon glyph=Glyph::Brand /> {say!(locale, common.product)}
        </a>
        {app_switch(shell, section)}
        <nav class="nav" aria-label=say!(locale, common.nav.pages)>
            <button class="scripted" aria-haspopup="dialog" data-key="jump">
                <Icon glyph=Glyph::Search />
                {say!(locale, keys.jump)}
                <kbd aria-hidden="true">"Ctrl K"</kbd>
            </button>
            <a href=app.to("/") aria-current=Section::Rooms.current(section) data-key="g r" data-does=go(say!(locale, common.nav.rooms))>
                <Icon glyph=Glyph::Room />
                {say!(locale, common.nav.rooms)}
                <span class="count">{shell.rooms}</span>
            </a>
            <a
                href=app.to("/recordings")
                aria-current=Section::Library.current(section)
                data-key="g l" data-does=go(say!(locale, common.nav.library))
            >
                <Icon glyph=Glyph::Library />
                {say!(locale, common.nav.library)}
                <span class="count">{words::count(shell.recordings)}</span>
            </a>
            {waiting}
            {sees_callbacks.then(|| view! {
            <a href="/callbacks" aria-current=Section::Callbacks.current(section) data-key="g c" data-does=say!(locale, keys.go_callbacks)>
                <Icon glyph=Glyph::Inbox />
                {say!(locale, common.nav.callbacks)}
                {open_pill}
            </a>
            })}
            {settings(section)}
        </nav>
        <section aria-label=say!(locale, common.nav.recording_now)>
            <h2 class="side-h">{say!(locale, common.nav.recording_now)}</h2>
            <div class="onair">{running(shell, &app)}</div>
        </section>
        <div class="side-foot">
            {health(shell.sees_callbacks.then(|| last_callback(shell.last_callback_at)))}
            {user_row(&shell.me)}
        </div>
    }
}

/// The side bar where there is nothing to show but the account and its settings.
pub fn short_sidebar(me: &Me, section: Option<Section>) -> impl IntoView + use<> {
    let locale = locale();
    view! {
        <a class="brand" href="/"><Icon glyph=Glyph::Brand /> {say!(locale, common.product)}</a>
        <nav class="nav" aria-label=say!(locale, common.nav.pages)>{settings(section)}</nav>
        <div class="side-foot">{user_row(me)}</div>
    }
}

fn settings(section: Option<Section>) -> impl IntoView + use<> {
    let locale = locale();
    let word = say!(locale, common.nav.settings);
    view! {
        <a
            href=CurrentApp::expect().to("/settings")
            aria-current=Section::Settings.current(section)
            data-key="g s"
            data-does=say!(locale, keys.go, page = word)
        >
            <Icon glyph=Glyph::Sliders />
            {word}
        </a>
    }
}

/// The unfinished recordings, in this app and in others.
fn running(shell: &Shell, app: &CurrentApp) -> impl IntoView + use<> {
    let locale = locale();
    let shown = shell.recording_now.iter();
    let shown = shown.map(|running| row(running, app.as_str(), None));
    let more = (shell.running as usize).saturating_sub(shell.recording_now.len());
    let more = (more > 0).then(|| {
        let list = paths::with_query("/", &[("show", "recording"), ("app", app.as_str())]);
        view! { <a class="rest" href=list>{td!(locale, common.more, n = more)}</a> }
    });
    let others = shell.recording_elsewhere.iter().filter_map(|running| {
        let of = shell.apps.iter().find(|of| of.id == running.app)?;
        Some(row(running, &of.id.to_string(), Some(of.name.clone())))
    });
    let others = others.collect_view();
    let unseen = (shell.elsewhere as usize).saturating_sub(others.len());
    let unseen = (unseen > 0).then(|| {
        view! { <p class="side-none">{td!(locale, common.nav.elsewhere, n = unseen)}</p> }
    });
    let none = (shell.running + shell.elsewhere == 0)
        .then(|| view! { <p class="side-none">{say!(locale, common.nav.nothing_recorded)}</p> });
    view! {
        {shown.collect_view()}
        {more}
        {others}
        {unseen}
        {none}
    }
}

/// A recording in any state, under the name of its room; `of` names an app that is not the current one.
fn row(running: &RunningRecording, app: &str, of: Option<String>) -> impl IntoView + use<> {
    let locale = locale();
    let (tone, glyph) = state_look(running.state);
    let name = running.room.titled(&running.title).to_owned();
    // Only a running recording is red and has a timer; others show their state in words.
    let end = if running.state == RecordingState::Recording {
        view! { <Timer since=running.started_at /> }.into_any()
    } else {
        view! { <span class="what">{state_word(locale, running.state)}</span> }.into_any()
    };
    let mark = match glyph {
        None => view! { <span class="dot live"></span> }.into_any(),
        Some(glyph) => view! { <Icon glyph=glyph class="i-s" /> }.into_any(),
    };
    view! {
        <a href=paths::room(app, &running.room) title=running.room.to_string() data-tone=tone>
            {mark}
            <span class="trunc">{name} {of.map(|of| view! { <small>" · " {of}</small> })}</span>
            {end}
        </a>
    }
}

/// The time of the last callback.
fn last_callback(at: Option<Timestamp>) -> impl IntoView {
    let reader = Reader::expect();
    view! {
        <li>
            <Icon glyph=Glyph::Inbox class="i-s" />
            <span>{say!(reader.locale, common.health.last_callback)}</span>
            <span>{ago(&reader, at)}</span>
        </li>
    }
}

/// The connection to the server, the last callback, and the time zone.
fn health(last_callback: Option<impl IntoView + 'static>) -> impl IntoView {
    let locale = locale();
    let reader = Reader::expect();
    let zone = reader.zone.name().to_owned();
    let offset = reader.zone.offset(reader.now);
    let title = words::zone_title(locale, &zone, offset);
    let note = say!(locale, common.time.zone_note, zone = title);
    let offset = Some(words::offset_name(offset)).filter(|offset| *offset != zone);
    view! {
        <ul class="health" aria-label=say!(locale, common.health.title)>
            <li data-silence="none" class="scripted" aria-live="polite">
                <Icon glyph=Glyph::Pulse class="i-s" />
                <span>{say!(locale, common.health.connected)}</span>
                <span>{say!(locale, common.health.on)}</span>
            </li>
            <li data-silence="shown" class="stale" aria-live="polite" hidden>
                <Icon glyph=Glyph::Pulse class="i-s" />
                <span>{say!(locale, common.health.silent)}</span>
                <span data-silent-since=""></span>
            </li>
            {last_callback}
            <li title=note>
                <Icon glyph=Glyph::Clock class="i-s" />
                <span class="trunc">{zone}</span>
                <span>{offset}</span>
            </li>
        </ul>
    }
}

fn ago(reader: &Reader, at: Option<Timestamp>) -> String {
    let locale = reader.locale;
    let Some(at) = at else {
        return say!(locale, common.word.never).to_owned();
    };
    match reader.now.since(at) / 60_000 {
        ..1 => say!(locale, common.time.just_now).to_owned(),
        minutes @ 1..60 => say!(locale, common.time.minutes_ago, count = minutes.to_string()),
        _ => words::near(locale, reader.zone.civil(at), reader.today()),
    }
}
