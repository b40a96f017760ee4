use leptos::prelude::*;
use reelroom_domain::view::Shell;

use super::app_switch::app_menu;
use crate::{
    components::{Glyph, Icon, Menu},
    current_app::CurrentApp,
    section::Section,
    this_page::locale,
};

/// The navigation at the bottom of a phone, with the numbers of active recordings, of requests that wait for the
/// reader and of callbacks that need attention, if `shell` could be loaded.
pub fn tab_bar(shell: Option<Shell>, section: Option<Section>) -> impl IntoView {
    let locale = locale();
    let app = CurrentApp::expect();
    let number = |count: Option<u32>, class: &'static str, what: &'static str| {
        count.filter(|count| *count > 0).map(
            |count| view! { <span class=class>{count} <span class="sr">" " {what}</span></span> },
        )
    };
    let running = shell.as_ref().map(|shell| shell.running);
    let waiting = shell.as_ref().map(|shell| shell.waiting);
    let open = shell.as_ref().map(|shell| shell.open_callbacks);
    let sees_callbacks = shell.as_ref().is_some_and(|shell| shell.sees_callbacks);
    let several = shell.filter(|shell| shell.apps.len() > 1).map(|shell| {
        let button = view! {
            <Icon glyph=Glyph::Updown />
            <span class="trunc">{shell.app.name.clone()}</span>
            <span class="sr">" " {say!(locale, apps.switch)}</span>
        };
        view! {
            <Menu id="apps-below" class="drop" button_class="" button=button.into_any()>
                {app_menu(&shell, section)}
            </Menu>
        }
    });
    view! {
        <nav class="tabbar" aria-label=say!(locale, common.nav.pages)>
            <a href=app.to("/") aria-current=Section::Rooms.current(section)>
                <Icon glyph=Glyph::Room />
                {say!(locale, common.nav.rooms)}
                {number(running, "n rec", say!(locale, common.nav.recording_now))}
            </a>
            <a href=app.to("/recordings") aria-current=Section::Library.current(section)>
                <Icon glyph=Glyph::Library />
                {say!(locale, common.nav.library)}
                {number(waiting, "n", say!(locale, common.nav.waiting_number))}
            </a>
            {sees_callbacks.then(|| view! {
            <a href="/callbacks" aria-current=Section::Callbacks.current(section)>
                <Icon glyph=Glyph::Inbox />
                {say!(locale, common.nav.callbacks)}
                {number(open, "n", say!(locale, common.nav.open_callbacks))}
            </a>
            })}
            <a href=app.to("/settings") aria-current=Section::Settings.current(section)>
                <Icon glyph=Glyph::Sliders />
                {say!(locale, common.nav.settings)}
            </a>
            {several}
        </nav>
    }
}
