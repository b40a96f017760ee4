use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use reelroom_domain::view::AppForm;

use super::{choice::Choice, field::TextField, is_kept};
use crate::{
    components::{ErrorNote, Glyph, Icon},
    error::ApiError,
    i18n::{Locale, t_string, td_string, use_i18n},
    server_fns::SaveApp,
};

/// An app that is not there yet, with the values of the given document.
pub fn new_app() -> AppForm {
    AppForm {
        api_base: "http://www.anyrtc.io".to_owned(),
        zone: "Asia/Shanghai".to_owned(),
        ..AppForm::default()
    }
}

/// What came back in the address from a form that was sent without JavaScript and not taken: the
/// app that it was for, and its fields. The AppID never comes back.
fn typed(query: &ParamsMap) -> Option<AppForm> {
    let get = |name: &str| query.get(name).unwrap_or_default();
    query.get("encoding").map(|encoding| AppForm {
        id: get("id").parse().ok(),
        name: get("name"),
        app_id: String::new(),
        api_base: get("api_base"),
        method: get("method"),
        encoding,
        reply_form: get("reply_form"),
        zone: get("zone"),
        allowed_hosts: get("allowed_hosts"),
        public_cloud: !get("public_cloud").is_empty(),
    })
}

/// Why a field's value cannot be used.
fn unusable(locale: Locale, field: &str) -> &'static str {
    match field {
        "name" => td_string!(locale, settings.unusable.name),
        "app_id" => td_string!(locale, settings.unusable.app_id),
        "api_base" => td_string!(locale, settings.unusable.api_base),
        "zone" => td_string!(locale, settings.unusable.zone),
        _ => td_string!(locale, settings.unusable.other),
    }
}

/// One app, folded unless it is the first to be added.
#[component]
pub fn AppEditor(
    /// The app as it is kept, or a new one.
    app: AppForm,
    /// Keeps it.
    save: ServerAction<SaveApp>,
    /// Whether it is unfolded at first.
    open: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let came_back = use_query_map().with_untracked(typed);
    let id = app.id.map(|id| id.to_string()).unwrap_or_default();
    let (this, is_this) = (
        StoredValue::new(id.clone()),
        came_back.as_ref().is_some_and(|typed| typed.id == app.id),
    );
    let open = open || is_this;
    let app = match came_back {
        Some(typed) if is_this => AppForm {
            app_id: app.app_id,
            ..typed
        },
        _ => app,
    };
    // All forms share one action; what it answered concerns the one that was sent last.
    let last = Memo::new(move |last: Option<&Option<String>>| {
        let sent = save
            .input()
            .with(|input| input.as_ref().map(|input| input.id.clone()));
        sent.or_else(|| last.cloned().flatten())
    });
    // What was sent is known only until the answer comes, so it is looked at first.
    let mine = move || {
        let sent_here = last.with(|last| {
            last.as_ref()
                .map_or(is_this, |last| this.with_value(|this| this == last))
        });
        sent_here && save.value().with(Option::is_some)
    };
    let error = Memo::new(move |_| mine().then(|| save.value().get()?.err()).flatten());
    let saved = move || mine() && save.value().with(|value| matches!(value, Some(Ok(()))));
    let wrong = move |field: &'static str| {
        Signal::derive(move || {
            let locale = i18n.get_locale();
            error.with(|error| {
                error
                    .as_ref()?
                    .problems_of(field)
                    .next()
                    .map(|_| unusable(locale, field))
            })
        })
    };
    let other = move || {
        error
            .get()
            .filter(|error| !matches!(error, ApiError::Invalid { .. }))
    };
    let (name, kept) = (app.name.clone(), is_kept(&app));
    let head = move || {
        if kept {
            t_string!(i18n, settings.edit_app, name = name.clone())
        } else {
            t_string!(i18n, settings.new_app).to_owned()
        }
    };
    view! {
        <details class="fold card app-card" open=open>
            <summary>
                <Icon glyph=Glyph::Right />
                {head}
            </summary>
            <ActionForm action=save>
                <input type="hidden" name="id" value=id.clone() />
                <Fields app=app form=if id.is_empty() { "new".to_owned() } else { id } wrong=wrong />
                <div class="form-f">
                    {move || other().map(|error| view! { <ErrorNote error=error /> })}
                    <p class="lint" data-level="ok" role="status">
                        {move || {
                            saved()
                                .then(|| {
                                    view! {
                                        <Icon glyph=Glyph::Check />
                                        <span>{say!(i18n, settings.saved)}</span>
                                    }
                                })
                        }}
                    </p>
                    <button class="btn primary">{say!(i18n, settings.save)}</button>
                </div>
            </ActionForm>
        </details>
    }
}

/// The fields of an app.
#[component]
fn Fields<W>(app: AppForm, form: String, wrong: W) -> impl IntoView
where
    W: Fn(&'static str) -> Signal<Option<&'static str>> + Copy + 'static,
{
    let i18n = use_i18n();
    let word = |word: fn(Locale) -> &'static str| Signal::derive(move || word(i18n.get_locale()));
    view! {
        <div class="form">
            <TextField
                name="name"
                form=form.clone()
                label=word(|locale| td_string!(locale, settings.name))
                value=app.name
                wrong=wrong("name")
            />
            <TextField
                name="app_id"
                form=form.clone()
                label=word(|locale| td_string!(locale, settings.app_id))
                value=app.app_id
                wrong=wrong("app_id")
                hint=word(|locale| td_string!(locale, settings.app_id_hint))
                mono=true
            />
            <TextField
                name="api_base"
                form=form.clone()
                label=word(|locale| td_string!(locale, settings.api_base))
                value=app.api_base
                wrong=wrong("api_base")
                mono=true
            />
            <Choice
                name="method"
                label=word(|locale| td_string!(locale, settings.method))
                chosen=app.method
                options=[
                    ("get", word(|locale| td_string!(locale, settings.method_get))),
                    ("post", word(|locale| td_string!(locale, settings.method_post))),
                ]
            />
            <Choice
                name="encoding"
                label=word(|locale| td_string!(locale, settings.encoding))
                chosen=app.encoding
                options=[
                    ("json", word(|locale| td_string!(locale, settings.encoding_json))),
                    ("form", word(|locale| td_string!(locale, settings.encoding_form))),
                ]
            />
            <Choice
                name="reply_form"
                label=word(|locale| td_string!(locale, settings.reply_form))
                chosen=app.reply_form
                options=[
                    ("string", Signal::stored(r#""success":"true""#)),
                    ("code", Signal::stored(r#""code":0"#)),
                ]
            />
            <TextField
                name="zone"
                form=form.clone()
                label=word(|locale| td_string!(locale, settings.zone))
                value=app.zone
                wrong=wrong("zone")
                hint=word(|locale| td_string!(locale, settings.zone_hint))
            />
            <TextField
                name="allowed_hosts"
                form=form
                label=word(|locale| td_string!(locale, settings.allowed_hosts))
                value=app.allowed_hosts.replace('\n', " ")
                wrong=wrong("allowed_hosts")
                hint=word(|locale| td_string!(locale, settings.allowed_hosts_hint))
                mono=true
                required=false
            />
            <div class="s6">
                <label class="switch">
                    <input
                        type="checkbox"
                        name="public_cloud"
                        value="yes"
                        checked=app.public_cloud
                    />
                    <i></i>
                    {say!(i18n, settings.public_cloud)}
                </label>
                <p class="hint">{say!(i18n, settings.public_cloud_hint)}</p>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_app_speaks_as_the_given_document() {
        let app = new_app();
        assert_eq!(app.id, None);
        assert_eq!(app.api_base, "http://www.anyrtc.io");
        assert_eq!(app.zone, "Asia/Shanghai");
    }

    #[test]
    fn each_field_has_its_sentence() {
        let other = unusable(Locale::en, "method");
        for field in ["name", "app_id", "api_base", "zone"] {
            assert_ne!(unusable(Locale::en, field), other, "{field}");
        }
    }
}
