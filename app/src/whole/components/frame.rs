use leptos::prelude::*;
use leptos_router::components::Outlet;
use reelroom_domain::time::Timestamp;

use super::{KeysHelp, Load, Palette, Sidebar, TabBar};
use crate::{
    i18n::use_i18n, server_fns::load_shell, start::cookie, whole::clock::ServerClock,
    whole::in_app::InApp, whole::keys::Keys, whole::live::Changes, whole::platform,
    whole::zone::Zone,
};

/// What stands around every page of a signed-in person. Here the browser's half begins to listen and
/// to tick.
#[component]
pub fn Frame() -> impl IntoView {
    let i18n = use_i18n();
    let changes = Changes::expect();
    let clock = ServerClock::expect();
    let zone = Zone::expect();
    let keys = Keys::listen();
    provide_context(keys);
    let in_app = InApp::of_address();
    provide_context(in_app);
    let shell = Resource::new(
        move || {
            let told = (changes.all(), changes.of_callbacks(), changes.of_apps());
            (in_app.get(), told)
        },
        |(app, _)| load_shell(app),
    );
    Effect::new(move |started: Option<()>| {
        if started.is_none() {
            changes.listen();
            if let Some(name) = platform::browser_zone() {
                platform::keep_choice(cookie::ZONE, &name);
                zone.set(name);
            }
        }
    });
    // An answer that came just now tells how far the clocks are apart; the one that came with the page
    // is as old as the page.
    Effect::new(move |before: Option<Option<Timestamp>>| {
        let now = shell.get().and_then(Result::ok).map(|shell| shell.now);
        if let (Some(Some(before)), Some(now)) = (before, now)
            && before != now
        {
            clock.adjust(now);
        }
        now
    });
    view! {
        <a class="skip" href="#content">
            {told!(i18n, common.nav.skip)}
        </a>
        <div class="app">
            <aside class="side" aria-label=told!(i18n, common.nav.main)>
                <Load from=shell let:shell>
                    <Sidebar shell=shell />
                </Load>
            </aside>
            <Outlet />
            <TabBar shell=shell />
        </div>
        <Palette open=keys.jump />
        <KeysHelp open=keys.help />
    }
    .into_any()
}
