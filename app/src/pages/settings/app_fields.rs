use leptos::prelude::*;
use reelroom_domain::app::{AppSettings, VideoToken};

use super::form::{Choice, Form, Switch, TextField};
use crate::{
    components::{Field, TextArea, fold_title, switch, time},
    i18n::td,
    lint_line::{Level, LintLine},
    this_page::locale,
};

pub fn app_fields(app: AppSettings, form: &Form) -> impl IntoView + use<> {
    let locale = locale();
    let typed = app.form;
    let is_new = typed.id.is_none();
    let app_id_hint = if is_new {
        say!(locale, settings.app_id_hint)
    } else {
        say!(locale, apps.app_id_keep)
    };
    view! {
        <div class="form">
            <TextField
                name="name"
                form=form.clone()
                label=say!(locale, common.word.name)
                value=typed.name
            />
            <TextField
                name="app_id"
                form=form.clone()
                label=say!(locale, common.nav.app_id)
                value=typed.app_id
                hint=app_id_hint
                placeholder=app.masked_id
                mono=true
            />
            <TextField
                name="api_base"
                form=form.clone()
                label=say!(locale, settings.api_base)
                value=typed.api_base
                mono=true
            />
            {dialect(typed.method, typed.encoding, typed.reply_form)}
            <TextField
                name="zone"
                form=form.clone()
                label=say!(locale, settings.zone)
                value=typed.zone
                hint=say!(locale, settings.zone_hint)
            />
            <TextField
                name="allowed_hosts"
                form=form.clone()
                label=say!(locale, settings.allowed_hosts)
                value=typed.allowed_hosts
                hint=say!(locale, settings.allowed_hosts_hint)
                mono=true
            />
            {kinds(form, typed.kinds)}
            <Switch
                name="public_cloud"
                label=say!(locale, apps.cloud)
                text=say!(locale, settings.public_cloud)
                hint=say!(locale, settings.public_cloud_hint)
                on=typed.public_cloud
            />
            <Switch
                name="frames"
                label=say!(locale, common.files.frames)
                text=say!(locale, apps.frames)
                hint=say!(locale, apps.frames_hint)
                on=typed.frames
            />
            <TextField
                name="vod_base"
                form=form.clone()
                label=say!(locale, apps.vod_base)
                value=typed.vod_base
                hint=say!(locale, apps.vod_base_hint)
                mono=true
            />
            {token_field(form, app.token)}
        </div>
    }
}

/// The spelling variants of the app's platform.
fn dialect(method: String, encoding: String, reply_form: String) -> impl IntoView {
    let locale = locale();
    view! {
        <Choice
            name="method"
            label=say!(locale, settings.method)
            chosen=method
            options=[
                ("get", say!(locale, settings.method_get)),
                ("post", say!(locale, settings.method_post)),
            ]
        />
        <Choice
            name="encoding"
            label=say!(locale, settings.encoding)
            chosen=encoding
            options=[
                ("json", say!(locale, common.word.json)),
                ("form", say!(locale, settings.encoding_form)),
            ]
        />
        <Choice
            name="reply_form"
            label=say!(locale, settings.reply_form)
            chosen=reply_form
            options=[("string", r#""success":"true""#), ("code", r#""code":0"#)]
        />
    }
}

/// The types of recordings, one per line.
fn kinds(form: &Form, value: String) -> impl IntoView + use<> {
    let locale = locale();
    let id = form.id("kinds");
    let note = format!("{id}-note");
    let wrong = form.wrong("kinds");
    let hint = say!(locale, apps.kinds_hint);
    view! {
        <Field id=form.id("kinds") label=say!(locale, apps.kinds) wrong=wrong hint=hint>
            <TextArea
                text=value
                attr:class="input mono"
                attr:id=id
                attr:name="kinds"
                attr:rows="3"
                attr:spellcheck="false"
                attr:autocapitalize="none"
                attr:aria-describedby=note
                attr:aria-invalid=wrong.map(|_| "true")
                attr:autofocus=wrong.is_some()
            />
        </Field>
    }
}

/// The token of the video list. A saved one is never shown: it can be replaced or removed.
fn token_field(form: &Form, token: VideoToken) -> impl IntoView + use<> {
    const NAME: &str = "vod_token";
    let locale = locale();
    let id = form.id(NAME);
    let wrong = form.wrong(NAME);
    let input = view! {
        <input
            class="input mono"
            type="password"
            aria-describedby=format!("{id}-note")
            id=id.clone()
            name=NAME
            autocomplete="off"
            aria-invalid=wrong.map(|_| "true")
            autofocus=wrong.is_some()
        />
    };
    let field = match token {
        VideoToken::Absent => input.into_any(),
        VideoToken::Set { at } | VideoToken::Locked { at } => {
            let time = time(at);
            view! {
                <div class="kept">
                    <span>{td!(locale, apps.token_set, time)}</span>
                    <details class="fold" open=wrong.is_some()>
                        {fold_title(say!(locale, apps.token_replace))}
                        {input}
                    </details>
                </div>
                {switch("drop_token", false, say!(locale, apps.token_remove))}
            }
            .into_any()
        }
    };
    let locked = matches!(token, VideoToken::Locked { .. }).then(|| {
        view! { <LintLine level=Level::Error>{say!(locale, apps.token_locked)}</LintLine> }
    });
    let hint = say!(locale, apps.token_hint);
    view! {
        <Field id=id label=say!(locale, apps.token) wrong=wrong hint=hint>
            {locked}
            {field}
        </Field>
    }
}
