use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    app::{AppForm, AppSettings},
    ids::AppId,
};

use super::{
    app_fields::AppFields,
    connection::pill,
    form::{Form, FormEnd},
    outcome::Outcome,
    remove_app::RemoveFold,
};
use crate::{
    components::{Glyph, Icon},
    server_fns::{ChooseApp, SaveApp, TestApp},
    this_page::locale,
};

/// One app, folded unless the last form was about it.
#[component]
pub fn AppCard(
    /// The saved app, or a new one.
    app: AppSettings,
    /// The typed values in the address.
    typed: Option<AppForm>,
    /// Whether it is always unfolded.
    open: bool,
) -> impl IntoView {
    let locale = locale();
    let id = app.form.id;
    let outcome = Outcome::of(id, typed.as_ref());
    let open = open || outcome != Outcome::default();
    let key = id.map_or_else(|| "new".to_owned(), |id| id.to_string());
    let form = Form {
        key: key.clone(),
        error: outcome.error,
    };
    let title = title(&app);
    let more = id.map(|id| {
        let has_recordings = app.recordings > 0;
        view! {
            {(!app.is_default).then(|| show_app(id))}
            <RemoveFold has_recordings=has_recordings id=id refused=outcome.not_removed />
        }
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
            <summary>
                <Icon glyph=Glyph::Right />
                {title}
                {test.as_ref().map(pill)}
            </summary>
            <form method="post" action=SaveApp::url()>
                <input
                    type="hidden"
                    name="id"
                    value=id.map(|id| id.to_string()).unwrap_or_default()
                />
                <AppFields app=fields form=form.clone() />
                <FormEnd form=form saved=outcome.saved test=test>
                    {id
                        .map(|_| {
                            view! {
                                // A test does not save the values, so they stay in the form.
                                <button
                                    class="btn"
                                    formaction=TestApp::url()
                                    data-keeps=""
                                    data-busy=say!(locale, apps.testing)
                                >
                                    <Icon glyph=Glyph::Pulse />
                                    <span data-word="">{say!(locale, apps.test)}</span>
                                </button>
                            }
                        })}
                </FormEnd>
            </form>
            {more}
        </details>
    }
}

/// The name and the masked AppID; for a new app, the invitation to add one.
fn title(app: &AppSettings) -> AnyView {
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

/// A link to the rooms of an app that is not the default one, and its name in callbacks.
fn show_app(id: AppId) -> impl IntoView {
    let locale = locale();
    let id = id.to_string();
    view! {
        <div class="form-f shown">
            <p class="hint">
                {say!(locale, apps.callback_hint)} " " <code>{format!("?app={id}")}</code>
            </p>
            <form method="post" action=ChooseApp::url()>
                <input type="hidden" name="app" value=id />
                <button class="btn">{say!(locale, apps.show)}</button>
            </form>
        </div>
    }
}
