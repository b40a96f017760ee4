use leptos::prelude::*;
use reelroom_domain::view::Settings;

use crate::{
    components::{Banner, Rejected, Tone},
    this_page::locale,
};

/// The full callback address, or only its path if the public address is unknown.
fn address(public_url: Option<&str>, path: &str) -> String {
    let site = public_url.unwrap_or_default().trim_end_matches('/');
    format!("{site}{path}")
}

/// The values to paste into the platform's console.
#[component]
pub fn Callback(settings: Settings) -> impl IntoView {
    let locale = locale();
    let public_url = settings.public_url.as_deref();
    let files = address(public_url, &settings.callback_path);
    let status = address(public_url, &settings.status_path);
    let unset = public_url.is_none().then(|| {
        let title = say!(locale, settings.no_public_url);
        let text = say!(locale, settings.no_public_url_text);
        view! { <Banner tone=Tone::Wait title=title><p>{text}</p></Banner> }
    });
    view! {
        <section class="set-s" aria-labelledby="callback-h">
            <header>
                <h2 id="callback-h">{say!(locale, settings.callback)}</h2>
                <p>{say!(locale, settings.callback_text)}</p>
            </header>
            <div>
                {unset}
                <div class="field">
                    <span class="label">{say!(locale, settings.callback_url)}</span>
                    <div class="copybox">
                        <code id="callback-url">{files}</code>
                    </div>
                    <p class="hint">{say!(locale, settings.secret_hint)}</p>
                    <Rejected rejected=settings.rejected />
                </div>
                <div class="field">
                    <span class="label">{say!(locale, settings.status_url)}</span>
                    <div class="copybox">
                        <code>{status}</code>
                    </div>
                    <p class="hint">{say!(locale, settings.status_hint)}</p>
                </div>
                <a class="btn" href="/callbacks">{say!(locale, settings.show_secret)}</a>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slash_between_site_and_path() {
        let path = "/k7/AR/V1/av";
        let full = address(Some("https://rec.example.org/"), path);
        assert_eq!(full, "https://rec.example.org/k7/AR/V1/av");
        assert_eq!(address(None, path), path);
    }
}
