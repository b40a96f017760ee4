use leptos::prelude::*;
use leptos_router::hooks::use_location;
use reelroom_domain::view::Shell;

use super::{AppSwitch, Each, Glyph, Icon, Running, UserRow};
use crate::{
    i18n::{t, t_string, use_i18n},
    paths,
    whole::clock::ServerClock,
    whole::in_app::InApp,
    whole::keys::Keys,
    whole::live::Changes,
    whole::platform,
    whole::zone::{Zone, offset_name},
    words,
};

/// The side bar: where to go, what is being recorded now, whether all is well, and who is signed in.
#[component]
pub fn Sidebar(
    /// What it shows.
    shell: Signal<Shell>,
) -> impl IntoView {
    let i18n = use_i18n();
    let in_app = InApp::expect();
    let running = Memo::new(move |_| shell.with(|shell| shell.recording_now.clone()));
    let more = Memo::new(move |_| {
        let shown = running.with(|running| u32::try_from(running.len()).unwrap_or(u32::MAX));
        let all = shell.with(|shell| shell.running);
        (all > 0).then(|| all.saturating_sub(shown))
    });
    let elsewhere = Memo::new(move |_| shell.with(|shell| shell.elsewhere));
    view! {
        <a class="brand" href=move || in_app.to("/")>
            <Icon glyph=Glyph::Brand />
            {told!(i18n, common.product)}
        </a>
        <AppSwitch shell=shell />
        <nav class="nav" aria-label=told!(i18n, common.nav.pages)>
            <JumpButton />
            <a href=move || in_app.to("/") aria-current=current(Section::Rooms)>
                <Icon glyph=Glyph::Room />
                {told!(i18n, common.nav.rooms)}
                <span class="count">{move || shell.with(|shell| shell.rooms)}</span>
            </a>
            <a href=move || in_app.to("/recordings") aria-current=current(Section::Library)>
                <Icon glyph=Glyph::Library />
                {told!(i18n, common.nav.library)}
                <span class="count">{move || shell.with(|shell| shell.recordings)}</span>
            </a>
            <a href="/callbacks" aria-current=current(Section::Callbacks)>
                <Icon glyph=Glyph::Inbox />
                {told!(i18n, common.nav.callbacks)}
                {move || {
                    let open = shell.with(|shell| shell.open_callbacks);
                    (open > 0)
                        .then(|| {
                            view! {
                                <span class="count">
                                    <span class="pill" data-tone="fault">
                                        <Icon glyph=Glyph::Question />
                                        {open}
                                    </span>
                                    <span class="sr">" " {told!(i18n, common.nav.open_callbacks)}</span>
                                </span>
                            }
                        })
                }}
            </a>
            <a href=move || in_app.to("/settings") aria-current=current(Section::Settings)>
                <Icon glyph=Glyph::Sliders />
                {told!(i18n, common.nav.settings)}
            </a>
        </nav>
        <section aria-label=told!(i18n, common.nav.recording_now)>
            <h2 class="side-h">{told!(i18n, common.nav.recording_now)}</h2>
            <div class="onair">
                <Each of=running key=|running| running.id let:running>
                    <Running running=running />
                </Each>
                {move || match more.get() {
                    None if elsewhere.get() == 0 => {
                        view! { <p class="side-none">{told!(i18n, common.nav.nothing_recorded)}</p> }
                            .into_any()
                    }
                    None | Some(0) => ().into_any(),
                    Some(n) => {
                        view! {
                            <a class="rest" href=move || recording(&in_app.get())>
                                {t!(i18n, common.more, n)}
                            </a>
                        }
                            .into_any()
                    }
                }}
                {move || match elsewhere.get() {
                    0 => ().into_any(),
                    n => {
                        view! { <p class="side-none">{t!(i18n, common.nav.elsewhere, n)}</p> }
                            .into_any()
                    }
                }}
            </div>
        </section>
        <div class="side-foot">
            <Health shell=shell />
            <UserRow shell=shell />
        </div>
    }
}

/// The list of the rooms that are being recorded, of an app.
fn recording(app: &str) -> String {
    paths::with_query("/", &[("show", "recording"), ("app", app)])
}

/// Opens the place to jump from; where no scripts run, there is none.
#[component]
fn JumpButton() -> impl IntoView {
    let i18n = use_i18n();
    let keys = Keys::expect();
    // As on most keyboards, until the browser says that it runs on a Mac.
    let key = RwSignal::new("Ctrl K");
    Effect::new(move || {
        if platform::is_mac() {
            key.set("⌘K");
        }
    });
    view! {
        <button
            class="scripted"
            aria-haspopup="dialog"
            on:click=move |_| keys.jump.set(true)
        >
            <Icon glyph=Glyph::Search />
            {told!(i18n, keys.jump)}
            <kbd aria-hidden="true">{key}</kbd>
        </button>
    }
}

/// Whether the server is heard, the last callback, and the zone of the times.
#[component]
fn Health(shell: Signal<Shell>) -> impl IntoView {
    let i18n = use_i18n();
    let changes = Changes::expect();
    let clock = ServerClock::expect();
    let zone = Zone::expect();
    let callback = move || match shell.with(|shell| shell.last_callback_at) {
        None => t_string!(i18n, common.health.never).to_owned(),
        Some(at) => match clock.minute().since(at) / 60_000 {
            ..1 => t_string!(i18n, common.time.just_now).to_owned(),
            minutes @ 1..60 => {
                t_string!(i18n, common.time.minutes_ago, count = minutes.to_string())
            }
            _ => words::near(
                i18n.get_locale(),
                zone.civil(at),
                zone.civil(clock.minute()),
            ),
        },
    };
    view! {
        <ul class="health" aria-label=told!(i18n, common.health.title)>
            <li class:stale=move || changes.silent_since().is_some() aria-live="polite">
                <Icon glyph=Glyph::Pulse class="i-s" />
                {move || match changes.silent_since() {
                    None => {
                        view! {
                            <span>{told!(i18n, common.health.connected)}</span>
                            <span>{told!(i18n, common.health.on)}</span>
                        }
                            .into_any()
                    }
                    Some(since) => {
                        view! {
                            <span>{told!(i18n, common.health.silent)}</span>
                            <span>{words::clock(zone.civil(since))}</span>
                        }
                            .into_any()
                    }
                }}
            </li>
            <li>
                <Icon glyph=Glyph::Inbox class="i-s" />
                <span>{told!(i18n, common.health.last_callback)}</span>
                <span>{callback}</span>
            </li>
            <li title=move || {
                t_string!(
                    i18n,
                    common.time.zone_note,
                    zone = zone.name(),
                    offset = offset_name(zone.offset(clock.minute()))
                )
            }>
                <Icon glyph=Glyph::Clock class="i-s" />
                <span class="trunc">{move || zone.name()}</span>
                <span>{move || offset_name(zone.offset(clock.minute()))}</span>
            </li>
        </ul>
    }
}

/// The parts of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Rooms.
    Rooms,
    /// Library and recordings.
    Library,
    /// Calls of the platform.
    Callbacks,
    /// Settings.
    Settings,
}

impl Section {
    /// The part that a path belongs to.
    pub fn of(path: &str) -> Option<Self> {
        let first = path.split('/').nth(1).unwrap_or_default();
        match first {
            "" | "rooms" => Some(Self::Rooms),
            "recordings" => Some(Self::Library),
            "callbacks" => Some(Self::Callbacks),
            "settings" => Some(Self::Settings),
            _ => None,
        }
    }
}

/// `page` where the reader is in that part.
pub fn current(section: Section) -> impl Fn() -> Option<&'static str> + Clone {
    let path = use_location().pathname;
    // A request that is given up has no location any more.
    let part = move || path.try_with(|path| Section::of(path)).flatten();
    move || (part() == Some(section)).then_some("page")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_its_part() {
        for (path, section) in [
            ("/", Some(Section::Rooms)),
            ("/rooms/a", Some(Section::Rooms)),
            ("/recordings", Some(Section::Library)),
            ("/recordings/1", Some(Section::Library)),
            ("/callbacks", Some(Section::Callbacks)),
            ("/settings", Some(Section::Settings)),
            ("/roomsx", None),
        ] {
            assert_eq!(Section::of(path), section, "{path}");
        }
    }
}
