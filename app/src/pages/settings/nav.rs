use leptos::prelude::*;
use reelroom_domain::access::{Thing, Verb};
use reelroom_service::Principal;

use crate::{
    components::{Glyph, Icon},
    current_app::CurrentApp,
    paths,
    this_page::locale,
    visit::Page,
};

/// A page of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsPage {
    Account,
    People,
    History,
    SignIn,
    Storage,
    Retention,
    Deleting,
    General,
}

/// A page of the settings under its title; `name` tells it apart for the scripts.
pub fn page(
    me: &Principal,
    here: SettingsPage,
    name: &'static str,
    title: &'static str,
    content: impl IntoView + 'static,
) -> Page {
    let main = view! {
        <main class="sheet set" id="content" data-page=name>
            {nav(me, here)}
            <div class="set-b scroll" tabindex="-1">
                <h1>{title}</h1>
                {content}
            </div>
        </main>
    };
    Page::new(title, main)
}

/// The links to the pages of the settings, in groups; nothing for readers who have only one page. On a phone
/// they are the first screen of the settings, and other pages have a link back to it.
pub fn nav(me: &Principal, here: SettingsPage) -> Option<impl IntoView + use<>> {
    // Administrators and auditors see all of them, others none.
    if !me.may(Verb::See, Thing::Settings) {
        return None;
    }
    let (locale, app) = (locale(), CurrentApp::expect());
    let link = |page: SettingsPage, path: &str, glyph: Glyph, word: &'static str| {
        let current = (page == here).then_some("page");
        view! {
            <a href=app.to(path) aria-current=current>
                <Icon glyph=glyph />
                {word}
            </a>
        }
    };
    let head = |word: &'static str| view! { <h2 class="side-h">{word}</h2> };
    let title = say!(locale, common.nav.settings);
    let [account, people, history] = [
        say!(locale, me.title),
        say!(locale, people.title),
        say!(locale, history.title),
    ];
    let [sign_in, storage, retention, deleting, apps] = [
        say!(locale, sign_in.title),
        say!(locale, storage.title),
        say!(locale, retention.title),
        say!(locale, trash.settings.title),
        say!(locale, settings.apps),
    ];
    Some(view! {
        <nav class="nav set-n" aria-label=title>
            <a class="set-back" href=app.to("/settings")>
                <Icon glyph=Glyph::Left />
                {title}
            </a>
            {link(SettingsPage::Account, "/settings/me", Glyph::User, account)}
            {head(say!(locale, settings.nav.access))}
            {link(SettingsPage::People, "/settings/people", Glyph::Users, people)}
            {link(SettingsPage::History, "/settings/history", Glyph::History, history)}
            {link(SettingsPage::SignIn, "/settings/sign-in", Glyph::Lock, sign_in)}
            {head(say!(locale, common.word.recordings))}
            {link(SettingsPage::Storage, "/settings/storage", Glyph::Disk, storage)}
            {link(SettingsPage::Retention, paths::RETENTION, Glyph::Hourglass, retention)}
            {link(SettingsPage::Deleting, paths::DELETING, Glyph::Trash, deleting)}
            {head(say!(locale, settings.nav.platform))}
            {link(SettingsPage::General, "/settings", Glyph::Room, apps)}
        </nav>
    })
}
