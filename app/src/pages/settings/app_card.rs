use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    app::{AppForm, AppSettings},
    ids::AppId,
};

use super::{
    app_fields::app_fields,
    connection::pill,
    form::{Form, FormEnd, sentence},
    outcome::Outcome,
};
use crate::{
    components::{Banner, ErrorNote, Glyph, Icon, action_form, fold_title, hidden, post_form},
    current_app::CurrentApp,
    error::ApiError,
    server_fns::{ChooseApp, RemoveApp, SaveApp, TestApp},
    this_page::locale,
};

/// One app, folded unless the last form was about it or `open` is set. `typed` are the values in the address.
pub fn app_card(app: AppSettings, typed: Option<&AppForm>, open: bool) -> impl IntoView + use<> {
    let id = app.form.id;
    let outcome = Outcome::of(id, typed);
    let open = open || outcome != Outcome::default();
    let id_text = id.map(|id| id.to_string());
    let key = id_text.clone().unwrap_or_else(|| "new".to_owned());
    let form = Form {
        key: key.clone(),
        error: outcome.error,
        sentence,
    };
    let title = title(&app);
    let more = id.map(|id| {
        let show = show_app(id, app.is_default);
        let remove = remove_fold(app.has_recordings, id, outcome.not_removed);
        (show, remove)
    });
    // A test of unsaved values is shown while the form contains those values.
    let of_typed = app.typed.clone();
    let of_typed = of_typed.filter(|test| outcome.typed.as_ref() == Some(&test.form));
    let test = of_typed.map(|typed| typed.test).or(app.test.clone());
    let fields = AppSettings {
        form: outcome.typed.unwrap_or(app.form),
        ..app
    };
    view! {
        <details
            class="fold card app-card"
            id=format!("app-{key}")
            open=open
            // Folds the card after the app was added.
            data-closes=id.is_none().then_some("")
        >
            // An added app is what the reader goes on with.
            <summary autofocus=outcome.added>
                <Icon glyph=Glyph::Right />
                {title}
                {test.as_ref().map(pill)}
            </summary>
            <form method="post" action=SaveApp::url()>
                <input type="hidden" name="id" value=id_text.unwrap_or_default() />
                {app_fields(fields, &form)}
                <FormEnd form=form saved=outcome.saved test=test>
                    {id.map(|_| test_button())}
                </FormEnd>
            </form>
            {more}
        </details>
    }
}

/// The name and the masked AppID; for a new app, the invitation to add one.
pub fn title(app: &AppSettings) -> AnyView {
    let locale = locale();
    if app.form.id.is_none() {
        return say!(locale, settings.new_app).into_any();
    }
    view! {
        <span class="who">
            <b class="trunc">{app.form.name.clone()}</b>
            <small>
                {say!(locale, common.nav.app_id)} " " <span class="mono">{app.masked_id.clone()}</span>
            </small>
        </span>
    }
    .into_any()
}

/// Tests the typed values. They are not saved, so they stay in the form.
fn test_button() -> impl IntoView {
    let locale = locale();
    let busy = say!(locale, common.action.testing);
    view! {
        <button class="btn" formaction=TestApp::url() data-keeps="" data-busy=busy>
            <Icon glyph=Glyph::Pulse />
            <span data-word="">{say!(locale, apps.test)}</span>
        </button>
    }
}

/// How callbacks name an app that is not the default one, and the button that switches to it, unless it is the
/// current one.
fn show_app(id: AppId, is_default: bool) -> Option<impl IntoView> {
    let locale = locale();
    let is_current = match CurrentApp::expect().id() {
        Ok(Some(current)) => current == id,
        _ => is_default,
    };
    let hint = match (is_default, is_current) {
        (true, true) => return None,
        (true, false) => say!(locale, apps.not_shown).into_any(),
        (false, _) => {
            let name = format!("?app={id}");
            view! { {say!(locale, apps.callback_hint)} " " <code>{name}</code> }.into_any()
        }
    };
    let button = (!is_current).then(|| {
        let app = hidden([("app", &*id.to_string())]);
        post_form::<ChooseApp>(app, "btn", say!(locale, apps.show))
    });
    Some(view! {
        <div class="form-f shown">
            <p class="hint">{hint}</p>
            {button}
        </div>
    })
}

/// The button that removes an app. If the app has recordings, the reason why it cannot be removed; `refused`
/// is the error of an attempt.
fn remove_fold(has_recordings: bool, id: AppId, refused: Option<ApiError>) -> impl IntoView {
    let locale = locale();
    let open = refused.is_some();
    let text = if has_recordings || open {
        view! { <p>{say!(locale, apps.remove_not)}</p> }
    } else {
        view! { <p>{say!(locale, apps.remove_text)}</p> }
    };
    let text = match refused {
        None => text.into_any(),
        Some(error) if !error.is_about("app") => view! { <ErrorNote error=error /> }.into_any(),
        Some(_) => {
            view! { <Banner title=say!(locale, apps.not_removed)>{text}</Banner> }.into_any()
        }
    };
    view! {
        <details class="fold remove" open=open>
            {fold_title(say!(locale, apps.remove_head))}
            {text}
            {action_form::<RemoveApp>(id.to_string(), "btn danger", say!(locale, common.action.remove))}
        </details>
    }
}
