use leptos::prelude::*;
use reelroom_domain::{intake::RejectedView, view::Settings};

use crate::{
    i18n::{t, t_string, use_i18n},
    whole::components::{Banner, CopyButton, Glyph, Icon, Time, Tone},
    words::TimeStyle,
};

/// The whole address, or the path alone where the public address is not known.
fn address(public_url: Option<&str>, path: &str) -> String {
    format!(
        "{}{path}",
        public_url.unwrap_or_default().trim_end_matches('/')
    )
}

/// What to paste into the platform's console.
#[component]
pub fn Callback(
    /// The settings.
    settings: Settings,
) -> impl IntoView {
    let i18n = use_i18n();
    let Settings {
        callback_path,
        status_path,
        public_url,
        rejected: away,
        ..
    } = settings;
    let files = address(public_url.as_deref(), &callback_path);
    let status = address(public_url.as_deref(), &status_path);
    let unset = public_url.is_none();
    view! {
        <section class="set-s" aria-labelledby="callback-h">
            <header>
                <h2 id="callback-h">{told!(i18n, settings.callback)}</h2>
                <p>{told!(i18n, settings.callback_text)}</p>
            </header>
            <div>
                {unset
                    .then(|| {
                        view! {
                            <Banner
                                tone=Tone::Wait
                                title=Signal::derive(move || {
                                    t_string!(i18n, settings.no_public_url).to_owned()
                                })
                            >
                                <p>{told!(i18n, settings.no_public_url_text)}</p>
                            </Banner>
                        }
                    })}
                <div class="field">
                    <span class="label">{told!(i18n, settings.callback_url)}</span>
                    <div class="copybox">
                        <code id="callback-url">{files.clone()}</code>
                        <CopyButton text=Signal::stored(files) />
                    </div>
                    <p class="hint">{told!(i18n, settings.secret_hint)}</p>
                    {rejected(away)}
                </div>
                <div class="field">
                    <span class="label">{told!(i18n, settings.status_url)}</span>
                    <div class="copybox">
                        <code>{status.clone()}</code>
                        <CopyButton text=Signal::stored(status) />
                    </div>
                    <p class="hint">{told!(i18n, settings.status_hint)}</p>
                </div>
            </div>
        </section>
    }
}

/// Calls without the right secret: most often the console has an old address.
fn rejected(away: RejectedView) -> Option<impl IntoView> {
    let i18n = use_i18n();
    let last = away.last?;
    let at = last.last_at;
    let time = move || view! { <Time at=at style=TimeStyle::Near /> };
    let remote = move || match last.remote.as_str() {
        "" => t_string!(i18n, callbacks.desk.someone).to_owned(),
        remote => remote.to_owned(),
    };
    Some(view! {
        <p class="hint away" role="note">
            <Icon glyph=Glyph::Alert />
            {t!(i18n, callbacks.desk.rejected, calls = away.calls, remote, time)}
        </p>
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slash_between_site_and_path() {
        let path = "/k7/AR/V1/av";
        assert_eq!(
            address(Some("https://rec.example.org/"), path),
            "https://rec.example.org/k7/AR/V1/av"
        );
        assert_eq!(address(None, path), path);
    }
}
