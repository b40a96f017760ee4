use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_query_map;
use reelroom_domain::{app::AppSettings, ids::AppId};

use super::apps::Deeds;
use crate::{
    components::{Banner, ErrorNote, Glyph, Icon},
    error::ApiError,
    i18n::{t, t_string, use_i18n},
};

/// The way to remove an app. Where it has recordings it says why it stays, and what to do.
#[component]
pub fn RemoveApp(
    /// The app.
    app: AppSettings,
    /// Our id of it.
    id: AppId,
    /// What can be done.
    deeds: Deeds,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = id.to_string();
    // All apps share the action: what it answered is about the one that was sent last, or, without
    // JavaScript, about the one in the address.
    let here = use_query_map().with_untracked(|query| query.get("of").as_ref() == Some(&id));
    let error = {
        let id = id.clone();
        Memo::new(move |last: Option<&Option<ApiError>>| {
            let sent = deeds
                .remove
                .input()
                .with(|input| input.as_ref().map(|input| input.id == id));
            match (sent, deeds.remove.value().get()) {
                (Some(mine), Some(Err(error))) => mine.then_some(error),
                (Some(_), _) => None,
                (None, Some(Err(error))) if here || last.is_some_and(Option::is_some) => {
                    Some(error)
                }
                (None, _) => None,
            }
        })
    };
    let recordings = app.recordings;
    view! {
        <details class="fold remove" open=here>
            <summary>
                <Icon glyph=Glyph::Right />
                {say!(i18n, apps.remove_head)}
            </summary>
            {move || error.get().map(|error| why(error, recordings))}
            <p>
                {if recordings > 0 {
                    t!(i18n, apps.remove_not, n = recordings).into_any()
                } else {
                    say!(i18n, apps.remove_text).into_any()
                }}
            </p>
            <ActionForm action=deeds.remove>
                <input type="hidden" name="id" value=id />
                <button class="btn danger">{say!(i18n, apps.remove)}</button>
            </ActionForm>
        </details>
    }
}

/// Why it was not removed.
fn why(error: ApiError, recordings: u32) -> AnyView {
    let i18n = use_i18n();
    if error.problems_of("app").next().is_none() {
        return view! { <ErrorNote error=error /> }.into_any();
    }
    let title = Signal::derive(move || t_string!(i18n, apps.not_removed).to_owned());
    view! {
        <Banner title=title>
            <p>{t!(i18n, apps.remove_not, n = recordings)}</p>
        </Banner>
    }
    .into_any()
}
