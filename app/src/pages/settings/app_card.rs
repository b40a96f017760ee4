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

/// One app, folded unless a person is at work on it.
#[component]
pub fn AppCard(
    /// The app as it is saved, or a new one.
    app: AppSettings,
    /// What came back from the form of an app.
    typed: Option<AppForm>,
    /// Whether it is unfolded even so.
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
    // A test of values that were not saved holds while they stand in the form.
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
            // A new one is added once.
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
                                // The values of the form are tested, not saved: they stay.
                                <button
                                    class="btn"
                                    formaction=TestApp::url()
                                    data-keeps=""
                                    data-turbo-submits-with=say!(locale, apps.testing)
                                >
                                    <Icon glyph=Glyph::Pulse />
                                    {say!(locale, apps.test)}
                                </button>
                            }
                        })}
                </FormEnd>
            </form>
            {more}
        </details>
    }
}

/// The name and the masked AppID; the invitation where it is a new one.
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

/// The way to the rooms of an app that is not the default one, and how its callbacks name it.
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
