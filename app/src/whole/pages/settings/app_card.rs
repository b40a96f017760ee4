use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_query_map;
use reelroom_domain::app::{AppForm, AppSettings, ConnectionTest};

use super::{
    app_fields::AppFields,
    app_form::{typed, unusable},
    apps::Deeds,
    connection::pill,
    remove_app::{RemoveApp, refused},
    said::{Said, Saying},
    show_app::ShowApp,
    test_button::TestButton,
};
use crate::{
    error::ApiError,
    i18n::use_i18n,
    server_fns::{SaveApp, TestApp},
    whole::action::action,
    whole::components::{ErrorNote, Glyph, Icon},
};

/// One app, folded unless a person is at work on it. Made once: what is loaded again leaves alone
/// what was typed.
#[component]
pub fn AppCard(
    /// The app as it is kept, or a new one.
    app: AppSettings,
    /// What its last test said, reached as it is kept.
    #[prop(optional, into)]
    last_test: Signal<Option<ConnectionTest>>,
    /// What can be done.
    deeds: Deeds,
    /// Whether it is unfolded at first.
    #[prop(optional)]
    open: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let (id, kept) = (app.form.id, app.clone());
    let this = id.map(|id| id.to_string()).unwrap_or_default();
    let (came_back, was_saved) = use_query_map().with_untracked(|query| {
        let came_back = typed(query).filter(|typed| typed.id == id);
        let saved = query.get("saved").and_then(|saved| saved.parse().ok());
        (came_back, id.is_some() && saved == id)
    });
    let came_here = came_back.is_some();
    let typed = app.typed.as_ref();
    let typed = typed.filter(|typed| came_back.as_ref() == Some(&typed.form));
    let typed = typed.map(|typed| typed.test.clone());
    let before = Signal::derive(move || typed.clone().or_else(|| last_test.get()));
    let not_removed = id.is_some()
        && use_query_map().with_untracked(|query| refused(query).as_ref() == Some(&this));
    let fields = AppSettings {
        form: came_back.unwrap_or_else(|| app.form.clone()),
        ..app
    };
    let test = action::<TestApp>();
    let error = errors(deeds, test, this.clone(), came_here);
    let said = Said::new(id, deeds, test, was_saved, before);
    let wrong = move |field: &'static str| {
        Signal::derive(move || {
            let locale = i18n.get_locale();
            error.with(|error| {
                let wrong = error.as_ref()?.problems_of(field).next();
                wrong.map(|code| unusable(locale, field, code))
            })
        })
    };
    let other = move || {
        let error = error.get();
        error.filter(|error| !matches!(error, ApiError::Invalid { .. }))
    };
    let open = open || came_here || not_removed || said.saved.get_untracked();
    let form = if this.is_empty() { "new" } else { &this }.to_owned();
    view! {
        <details class="fold card app-card" open=open>
            <summary>
                <Icon glyph=Glyph::Right />
                {title(&kept)}
                {move || said.tested.with(|tested| tested.as_ref().map(pill))}
            </summary>
            <ActionForm action=deeds.save>
                <input type="hidden" name="id" value=this.clone() />
                <AppFields app=fields form=form wrong=wrong />
                <div class="form-f">
                    {move || other().map(|error| view! { <ErrorNote error=error /> })}
                    <Saying said=said />
                    {id.map(|_| view! { <TestButton test=test /> })}
                    <button class="btn primary">{told!(i18n, settings.save)}</button>
                </div>
            </ActionForm>
            {id
                .map(|id| {
                    view! {
                        <ShowApp is_default=kept.is_default id=id />
                        <RemoveApp has_recordings={kept.recordings > 0} id=id deeds=deeds />
                    }
                })}
        </details>
    }
}

/// Its name and its AppID as far as it is shown; the invitation where it is a new one.
fn title(app: &AppSettings) -> AnyView {
    let i18n = use_i18n();
    if app.form.id.is_none() {
        return told!(i18n, settings.new_app).into_any();
    }
    let AppForm { name, .. } = app.form.clone();
    view! {
        <span class="who">
            <b class="trunc">{name}</b>
            <small>
                {told!(i18n, common.nav.app_id)} " " <span class="mono">{app.masked_id.clone()}</span>
            </small>
        </span>
    }
    .into_any()
}

/// What went wrong with the form of the app `this`, saved or tested. All apps share the action that
/// saves; what it answered is about the one that was sent last, or, without JavaScript, about the one
/// whose fields came back (`came_here`).
fn errors(
    deeds: Deeds,
    test: ServerAction<TestApp>,
    this: String,
    came_here: bool,
) -> Memo<Option<ApiError>> {
    // What was sent is known only until the answer comes, so it is kept.
    let last = Memo::new(move |last: Option<&Option<String>>| {
        let sent = deeds
            .save
            .input()
            .with(|input| input.as_ref().map(|input: &SaveApp| input.id.clone()));
        sent.or_else(|| last.cloned().flatten())
    });
    Memo::new(move |_| {
        let saves_this = last.with(|last| last.as_ref().map_or(came_here, |last| *last == this));
        let save = deeds.save.value().get().filter(|_| saves_this);
        let tests_this = came_here || test.version().get() > 0;
        let test = test.value().get().filter(|_| tests_this);
        save.and_then(Result::err).or(test.and_then(Result::err))
    })
}
