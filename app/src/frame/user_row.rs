use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::view::Me;

use crate::{
    components::{Glyph, Icon},
    current_app::CurrentApp,
    i18n::Locale,
    reader::Reader,
    server_fns::{SetLanguage, SetTheme, SignOut},
    start::{Theme, language_tag},
    words,
};

/// The account with a link to its page, language, theme and sign-out.
pub fn user_row(me: &Me) -> impl IntoView + use<> {
    let Reader { locale, theme, .. } = Reader::expect();
    let page = CurrentApp::expect().to("/settings/me");
    let open = say!(locale, me.open, name = me.name.clone());
    let other = match locale {
        Locale::en => Locale::zh_CN,
        Locale::zh_CN => Locale::en,
    };
    let (glyph, now) = match theme {
        Theme::Light => (Glyph::Sun, say!(locale, settings.light)),
        Theme::Dark => (Glyph::Moon, say!(locale, settings.dark)),
        Theme::System => (Glyph::Auto, say!(locale, settings.system)),
    };
    let switch = say!(locale, common.me.switch_theme, now = now);
    view! {
        <div class="me">
            <a class="who" href=page title=words::role(locale, me.role) aria-label=open>
                <span class="av" aria-hidden="true">{words::initials(&me.name)}</span>
                <span class="trunc" title=me.name.clone()>{me.name.clone()}</span>
            </a>
            <form method="post" action=SetLanguage::url() data-turbo="false">
                <input type="hidden" name="language" value=language_tag(other) />
                <button class="btn quiet icon-word" lang=language_tag(other)>
                    <Icon glyph=Glyph::Globe />
                    <span>{say!(locale, common.me.language)}</span>
                </button>
            </form>
            <form method="post" action=SetTheme::url()>
                <input type="hidden" name="theme" value=theme.next().as_str() />
                <button class="btn quiet icon" aria-label=switch.clone() title=switch>
                    <Icon glyph=glyph />
                </button>
            </form>
            // Not by Turbo, which cannot follow to another site.
            <form method="post" action=SignOut::url() data-turbo="false">
                <button
                    class="btn quiet icon"
                    aria-label=say!(locale, common.me.sign_out)
                    title=say!(locale, common.me.sign_out)
                >
                    <Icon glyph=Glyph::Signout />
                </button>
            </form>
        </div>
    }
}
