use leptos::prelude::*;
use reelroom_domain::user::Role;

use crate::{
    components::{Glyph, Icon},
    current_app::CurrentApp,
    this_page::locale,
};

/// A page of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsPage {
    Account,
    General,
    SignIn,
    History,
    Storage,
}

/// The links to the pages of the settings; nothing for readers who have only one.
pub fn nav(role: Role, here: SettingsPage) -> Option<impl IntoView> {
    let (locale, app) = (locale(), CurrentApp::expect());
    let current = |page| (page == here).then_some("page");
    matches!(role, Role::Admin | Role::Auditor).then(|| {
        view! {
            <nav class="nav set-n" aria-label=say!(locale, settings.title)>
                <a href=app.to("/settings/me") aria-current=current(SettingsPage::Account)>
                    <Icon glyph=Glyph::User />
                    {say!(locale, me.title)}
                </a>
                <a href=app.to("/settings") aria-current=current(SettingsPage::General)>
                    <Icon glyph=Glyph::Sliders />
                    {say!(locale, settings.general)}
                </a>
                <a href=app.to("/settings/sign-in") aria-current=current(SettingsPage::SignIn)>
                    <Icon glyph=Glyph::Lock />
                    {say!(locale, sign_in.title)}
                </a>
                <a href=app.to("/settings/history") aria-current=current(SettingsPage::History)>
                    <Icon glyph=Glyph::History />
                    {say!(locale, history.title)}
                </a>
                <a href=app.to("/settings/storage") aria-current=current(SettingsPage::Storage)>
                    <Icon glyph=Glyph::Disk />
                    {say!(locale, storage.title)}
                </a>
            </nav>
        }
    })
}
