//! The settings of the server for accounts that see them and do not change them.

use leptos::prelude::*;
use reelroom_domain::{
    app::{AppSettings, VideoToken},
    ledger::Patience,
};

use super::{app_card::title, connection::pill};
use crate::{
    components::{Glyph, Icon, time},
    i18n::td,
    this_page::locale,
};

/// The settings of an app, folded; without secrets.
pub fn app_facts(app: AppSettings) -> impl IntoView {
    let locale = locale();
    let id = app.form.id.map(|id| id.to_string()).unwrap_or_default();
    let title = title(&app);
    let token = match app.token {
        VideoToken::Absent => None,
        VideoToken::Set { at } | VideoToken::Locked { at } => {
            let time = time(at);
            Some(fact(
                say!(locale, apps.token),
                td!(locale, apps.token_set, time),
            ))
        }
    };
    let form = app.form;
    let on = |is_on: bool, word: &'static str| {
        if is_on {
            word.to_owned()
        } else {
            String::new()
        }
    };
    let values = [
        (say!(locale, settings.api_base), form.api_base),
        (say!(locale, settings.method), form.method.to_uppercase()),
        (say!(locale, settings.encoding), form.encoding),
        (say!(locale, settings.reply_form), form.reply_form),
        (say!(locale, settings.zone), form.zone),
        (say!(locale, settings.allowed_hosts), form.allowed_hosts),
        (
            say!(locale, apps.kinds),
            form.kinds.lines().collect::<Vec<_>>().join(", "),
        ),
        (
            say!(locale, apps.cloud),
            on(form.public_cloud, say!(locale, settings.public_cloud)),
        ),
        (
            say!(locale, common.files.frames),
            on(form.frames, say!(locale, apps.frames)),
        ),
        (say!(locale, apps.vod_base), form.vod_base),
    ];
    let values = values.into_iter().filter(|(_, value)| !value.is_empty());
    let values = values.map(|(name, value)| fact(name, value));
    view! {
        <details class="fold card app-card" id=format!("app-{id}")>
            <summary>
                <Icon glyph=Glyph::Right />
                {title}
                {app.test.as_ref().map(pill)}
            </summary>
            <dl class="kv">{values.collect_view()} {token}</dl>
        </details>
    }
}

/// The time limits for the files of a recording.
pub fn limits(patience: &Patience) -> impl IntoView + use<> {
    let locale = locale();
    let minutes = |millis: i64| (millis / 60_000).to_string();
    view! {
        <dl class="kv card use">
            {fact(say!(locale, watch.patience.late), minutes(patience.late_after))}
            {fact(say!(locale, watch.patience.due), minutes(patience.due_after))}
        </dl>
    }
}

fn fact(name: &'static str, value: impl IntoView + 'static) -> impl IntoView {
    view! {
        <dt>{name}</dt>
        <dd>{value}</dd>
    }
}
