use leptos::prelude::*;
use reelroom_domain::app::AppSettings;

use super::{
    choice::Choice,
    field::{Switch, TextField, TextLines},
    token_field::TokenField,
};
use crate::i18n::{Locale, td_string, use_i18n};

/// The fields of an app.
#[component]
pub fn AppFields<W>(
    /// What they hold at first.
    app: AppSettings,
    /// Makes their ids different from those of another form.
    form: String,
    /// What is wrong with a field.
    wrong: W,
) -> impl IntoView
where
    W: Fn(&'static str) -> Signal<Option<&'static str>> + Copy + 'static,
{
    let i18n = use_i18n();
    let word = |word: fn(Locale) -> &'static str| Signal::derive(move || word(i18n.get_locale()));
    let AppSettings {
        form: typed,
        masked_id,
        token,
        ..
    } = app;
    let kept = typed.id.is_some();
    let app_id_hint = if kept {
        word(|locale| td_string!(locale, apps.app_id_keep))
    } else {
        word(|locale| td_string!(locale, settings.app_id_hint))
    };
    view! {
        <div class="form">
            <TextField
                name="name"
                form=form.clone()
                label=word(|locale| td_string!(locale, settings.name))
                value=typed.name
                wrong=wrong("name")
            />
            <TextField
                name="app_id"
                form=form.clone()
                label=word(|locale| td_string!(locale, settings.app_id))
                value=typed.app_id
                wrong=wrong("app_id")
                hint=app_id_hint
                placeholder=masked_id
                required=!kept
                mono=true
            />
            <TextField
                name="api_base"
                form=form.clone()
                label=word(|locale| td_string!(locale, settings.api_base))
                value=typed.api_base
                wrong=wrong("api_base")
                mono=true
            />
            <Dialect method=typed.method encoding=typed.encoding reply_form=typed.reply_form />
            <TextField
                name="zone"
                form=form.clone()
                label=word(|locale| td_string!(locale, settings.zone))
                value=typed.zone
                wrong=wrong("zone")
                hint=word(|locale| td_string!(locale, settings.zone_hint))
            />
            <TextField
                name="allowed_hosts"
                form=form.clone()
                label=word(|locale| td_string!(locale, settings.allowed_hosts))
                value=typed.allowed_hosts
                wrong=wrong("allowed_hosts")
                hint=word(|locale| td_string!(locale, settings.allowed_hosts_hint))
                mono=true
                required=false
            />
            <TextLines
                name="kinds"
                form=form.clone()
                label=word(|locale| td_string!(locale, apps.kinds))
                value=typed.kinds
                wrong=wrong("kinds")
                hint=word(|locale| td_string!(locale, apps.kinds_hint))
            />
            <Switch
                name="public_cloud"
                label=word(|locale| td_string!(locale, apps.cloud))
                text=word(|locale| td_string!(locale, settings.public_cloud))
                hint=word(|locale| td_string!(locale, settings.public_cloud_hint))
                on=typed.public_cloud
            />
            <Switch
                name="frames"
                label=word(|locale| td_string!(locale, common.files.frames))
                text=word(|locale| td_string!(locale, apps.frames))
                hint=word(|locale| td_string!(locale, apps.frames_hint))
                on=typed.frames
            />
            <TextField
                name="vod_base"
                form=form.clone()
                label=word(|locale| td_string!(locale, apps.vod_base))
                value=typed.vod_base
                wrong=wrong("vod_base")
                hint=word(|locale| td_string!(locale, apps.vod_base_hint))
                mono=true
            />
            <TokenField form=form token=token wrong=wrong("vod_token") />
        </div>
    }
}

/// How the app's platform spells things.
#[component]
fn Dialect(method: String, encoding: String, reply_form: String) -> impl IntoView {
    let i18n = use_i18n();
    let word = |word: fn(Locale) -> &'static str| Signal::derive(move || word(i18n.get_locale()));
    view! {
        <Choice
            name="method"
            label=word(|locale| td_string!(locale, settings.method))
            chosen=method
            options=[
                ("get", word(|locale| td_string!(locale, settings.method_get))),
                ("post", word(|locale| td_string!(locale, settings.method_post))),
            ]
        />
        <Choice
            name="encoding"
            label=word(|locale| td_string!(locale, settings.encoding))
            chosen=encoding
            options=[
                ("json", word(|locale| td_string!(locale, settings.encoding_json))),
                ("form", word(|locale| td_string!(locale, settings.encoding_form))),
            ]
        />
        <Choice
            name="reply_form"
            label=word(|locale| td_string!(locale, settings.reply_form))
            chosen=reply_form
            options=[
                ("string", Signal::stored(r#""success":"true""#)),
                ("code", Signal::stored(r#""code":0"#)),
            ]
        />
    }
}
