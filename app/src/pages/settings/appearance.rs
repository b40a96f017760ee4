use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    components::LanguageChoice,
    reader::Reader,
    server_fns::{SetTheme, SignOut},
    start::Theme,
    this_page::locale,
};

/// Language, theme and keys of this browser, and the sign-out button.
pub fn appearance() -> impl IntoView {
    let locale = locale();
    view! {
        <section class="set-s" aria-labelledby="look-h">
            <header>
                <h2 id="look-h">{say!(locale, settings.look)}</h2>
                <p>{say!(locale, settings.look_text)}</p>
            </header>
            <div class="prefs">
                <span class="label">{say!(locale, settings.language)}</span>
                <LanguageChoice />
                <span class="label">{say!(locale, settings.theme)}</span>
                {theme_choice()}
                <span class="label scripted">{say!(locale, keys.single)}</span>
                {keys_choice()}
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

/// Whether single keys and notifications are on, which scripts store on this device.
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
            <label class="switch">
                <input type="checkbox" data-notifications="" aria-describedby="notify-hint" />
                <i></i>
                {say!(locale, keys.notify_on)}
            </label>
            <p class="hint" id="notify-hint">{say!(locale, keys.notify_hint)}</p>
        </div>
    }
}
