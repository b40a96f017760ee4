use leptos::prelude::*;
use reelroom_domain::app::{AppForm, AppSettings, DEFAULT_KIND, VideoToken};

use super::{app_card::AppCard, outcome};
use crate::this_page::locale;

/// A card for each app, and one for adding an app.
#[component]
pub fn Apps(
    /// The apps.
    apps: Vec<AppSettings>,
) -> impl IntoView {
    let locale = locale();
    let ids: Vec<_> = apps.iter().map(|app| app.form.id).collect();
    let typed = outcome::typed(&ids);
    let none = apps.is_empty();
    let card = |app| view! { <AppCard app=app typed=typed.clone() open=none /> };
    view! {
        <section class="set-s" aria-labelledby="apps-h" id="apps">
            <header>
                <h2 id="apps-h">{say!(locale, settings.apps)}</h2>
                <p>{say!(locale, settings.apps_text)}</p>
            </header>
            <div>
                {none.then(|| view! { <p class="soft">{say!(locale, settings.no_apps)}</p> })}
                {apps.into_iter().map(card).collect_view()} {card(new_app())}
            </div>
        </section>
    }
}

/// The settings of a new app, with default values from the given document.
fn new_app() -> AppSettings {
    AppSettings {
        form: AppForm {
            api_base: "http://www.anyrtc.io".to_owned(),
            zone: "Asia/Shanghai".to_owned(),
            kinds: DEFAULT_KIND.to_owned(),
            vod_base: "https://vdn.anyrtc.cc".to_owned(),
            ..AppForm::default()
        },
        masked_id: String::new(),
        token: VideoToken::Absent,
        is_default: false,
        recordings: 0,
        test: None,
        typed: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_app_speaks_as_the_given_document() {
        let app = new_app().form;
        assert_eq!(app.id, None);
        assert_eq!(app.api_base, "http://www.anyrtc.io");
        assert_eq!(app.zone, "Asia/Shanghai");
        assert_eq!(app.kinds, "Meet");
    }
}
