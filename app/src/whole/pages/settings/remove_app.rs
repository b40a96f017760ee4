use leptos::{form::ActionForm, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
    params::ParamsMap,
};
use reelroom_domain::ids::AppId;

use super::apps::Deeds;
use crate::{
    error::ApiError,
    i18n::{t_string, use_i18n},
    server_fns::RemoveApp as RemoveAppCall,
    whole::components::{Banner, ErrorNote, Glyph, Icon},
    whole::in_app::InApp,
};

/// The way to remove an app. Where it has recordings it says why it stays, and what to do.
#[component]
pub fn RemoveApp(
    /// Whether recordings belong to it.
    has_recordings: bool,
    /// Our id of it.
    id: AppId,
    /// What can be done.
    deeds: Deeds,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = id.to_string();
    let here = use_query_map().with_untracked(|query| refused(query).as_ref() == Some(&id));
    let error = error(deeds, id.clone(), here);
    view! {
        <details class="fold remove" open=here>
            <summary>
                <Icon glyph=Glyph::Right />
                {told!(i18n, apps.remove_head)}
            </summary>
            {move || match error.get() {
                Some(error) => why(error),
                None if has_recordings => view! { <p>{told!(i18n, apps.remove_not)}</p> }.into_any(),
                None => view! { <p>{told!(i18n, apps.remove_text)}</p> }.into_any(),
            }}
            <ActionForm action=deeds.remove>
                <input type="hidden" name="id" value=id />
                <button class="btn danger">{told!(i18n, apps.remove)}</button>
            </ActionForm>
        </details>
    }
}

/// Leads to the apps where the one that the address names was removed: nothing can be shown of it.
pub fn leave_removed(deeds: Deeds) {
    let in_app = InApp::expect();
    let navigate = use_navigate();
    Effect::new(move || {
        let removed = deeds.remove.value().get().and_then(Result::ok);
        if removed.is_some_and(|id| id.to_string() == in_app.get_untracked()) {
            navigate("/settings/apps", NavigateOptions::default());
        }
    });
}

/// The app in the address that was not removed, where that was asked for without JavaScript.
pub fn refused(query: &ParamsMap) -> Option<String> {
    query.get("of")
}

/// What went wrong with removing the app `id`. All apps share the action: what it answered is about
/// the one that was sent last, or, without JavaScript, about the one in the address (`here`).
fn error(deeds: Deeds, id: String, here: bool) -> Memo<Option<ApiError>> {
    // What was sent is known only until the answer comes, so it is kept.
    let last = Memo::new(move |last: Option<&Option<String>>| {
        let sent = deeds
            .remove
            .input()
            .with(|input| input.as_ref().map(|input: &RemoveAppCall| input.id.clone()));
        sent.or_else(|| last.cloned().flatten())
    });
    Memo::new(move |_| {
        let mine = last.with(|last| last.as_ref().map_or(here, |last| *last == id));
        let answer = deeds.remove.value().get().filter(|_| mine);
        answer.and_then(Result::err)
    })
}

/// Why it was not removed.
fn why(error: ApiError) -> AnyView {
    let i18n = use_i18n();
    if error.problems_of("app").next().is_none() {
        return view! { <ErrorNote error=error /> }.into_any();
    }
    let title = Signal::derive(move || t_string!(i18n, apps.not_removed).to_owned());
    view! {
        <Banner title=title>
            <p>{told!(i18n, apps.remove_not)}</p>
        </Banner>
    }
    .into_any()
}
