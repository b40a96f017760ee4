use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::account::{Choice, MyAccount};

use crate::{
    components::LanguageChoice,
    pages::settings::section_head::section_head,
    reader::{Reader, Zone},
    server_fns::{MyZone, SetTheme, SignOut},
    start::Theme,
    this_page::locale,
    words,
};

/// Language, theme and time zone of the account, keys and notifications of this device, and the sign-out
/// button. `is_alone`: the page has no scripts, which the keys and notifications need.
pub fn look(account: &MyAccount, is_alone: bool) -> impl IntoView + use<> {
    let locale = locale();
    let chosen = &account.preferences;
    let language = chosen.language.as_ref().map_or("", Choice::as_str);
    let keys = (!is_alone).then(|| {
        view! {
            <span class="label scripted">{say!(locale, keys.single)}</span>
            {keys_choice()}
            <span class="label scripted">{say!(locale, keys.notify)}</span>
            {notify_choice()}
        }
    });
    view! {
        <section class="set-s" aria-labelledby="look-h">
            {section_head("look-h", say!(locale, me.look.title), say!(locale, me.look.text))}
            <div class="prefs">
                <span class="label">{say!(locale, common.word.language)}</span>
                <LanguageChoice chosen=language or_browser=true />
                <span class="label">{say!(locale, settings.theme)}</span>
                {theme_choice()}
                <label class="label" for="zone">{say!(locale, common.word.zone)}</label>
                {zone_choice(chosen.zone.as_ref())}
                {keys}
                <span class="label">{say!(locale, settings.account)}</span>
                <form method="post" action=SignOut::url() data-turbo="false">
                    <button class="btn">{say!(locale, common.me.sign_out)}</button>
                </form>
            </div>
        </section>
    }
}

/// The three themes side by side.
fn theme_choice() -> impl IntoView {
    let Reader { locale, theme, .. } = Reader::expect();
    let choice = |choice: Theme| {
        let word = match choice {
            Theme::System => say!(locale, settings.system),
            Theme::Light => say!(locale, settings.light),
            Theme::Dark => say!(locale, settings.dark),
        };
        view! {
            <button name="theme" value=choice.as_str() aria-pressed=(choice == theme).to_string()>
                {word}
            </button>
        }
    };
    let label = say!(locale, settings.theme);
    view! {
        <form method="post" action=SetTheme::url() class="seg" aria-label=label>
            {Theme::ALL.map(choice).into_iter().collect_view()}
        </form>
    }
}

/// The zone of the device, or a chosen one.
fn zone_choice(chosen: Option<&Choice>) -> impl IntoView + use<> {
    let Reader {
        locale, zone, now, ..
    } = Reader::expect();
    let device = match chosen {
        None => {
            let zone = words::zone_title(locale, zone.name(), zone.offset(now));
            say!(locale, me.look.as_device_now, zone)
        }
        Some(_) => say!(locale, me.look.as_device).to_owned(),
    };
    let names = Zone::names().into_iter().map(|name| {
        let is_chosen = chosen.is_some_and(|chosen| chosen.as_str() == name);
        view! { <option value=name.clone() selected=is_chosen>{name.clone()}</option> }
    });
    let names = names.collect_view();
    view! {
        <form class="btns" method="post" action=MyZone::url()>
            <select class="select" id="zone" name="zone">
                <option value="">{device}</option>
                {names}
            </select>
            <button class="btn">{say!(locale, me.look.save)}</button>
        </form>
    }
}

/// The switch for single-key shortcuts. Scripts store its state on this device.
fn keys_choice() -> impl IntoView {
    let locale = locale();
    view! {
        <div class="scripted">
            <label class="switch">
                <input type="checkbox" checked data-single-keys="" aria-describedby="keys-hint" />
                <i></i>
                {say!(locale, keys.single_on)}
            </label>
            <p class="hint" id="keys-hint">{say!(locale, keys.single_hint)}</p>
        </div>
    }
}

/// The switch for notifications. Scripts store its state on this device.
fn notify_choice() -> impl IntoView {
    let locale = locale();
    view! {
        <div class="scripted">
            <label class="switch">
                <input type="checkbox" data-notifications="" aria-describedby="notify-hint" />
                <i></i>
                {say!(locale, keys.notify_on)}
            </label>
            <p class="hint" id="notify-hint">{say!(locale, keys.notify_hint)}</p>
        </div>
    }
}
