use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use reelroom_domain::ledger::Patience;

use super::field::TextField;
use crate::{
    error::ApiError,
    i18n::{t_string, use_i18n},
    server_fns::{SetPatience, load_patience},
    whole::action::action,
    whole::components::{ErrorNote, Glyph, Icon, Load},
};

/// How long the files of a recording may take; nothing for who may not set it.
#[component]
pub fn PatienceSection() -> impl IntoView {
    let i18n = use_i18n();
    let save = action::<SetPatience>();
    let patience = Resource::new(move || save.version().get(), |_| load_patience());
    view! {
        <Load from=patience let:patience>
            {move || {
                patience
                    .get()
                    .map(|patience| {
                        view! {
                            <section class="set-s" aria-labelledby="patience-h">
                                <header>
                                    <h2 id="patience-h">{told!(i18n, watch.patience.title)}</h2>
                                    <p>{told!(i18n, watch.patience.text)}</p>
                                </header>
                                <Form patience=patience save=save />
                            </section>
                        }
                    })
            }}
        </Load>
    }
}

#[component]
fn Form(patience: Patience, save: ServerAction<SetPatience>) -> impl IntoView {
    let i18n = use_i18n();
    // A form that was sent without JavaScript and not taken comes back in the address.
    let query = use_query_map();
    let typed = move |name: &str, kept: i64| {
        let typed = query.with_untracked(|query| query.get(name));
        typed.unwrap_or_else(|| (kept / 60_000).to_string())
    };
    let error = Memo::new(move |_| save.value().get().and_then(Result::err));
    let wrong = Signal::derive(move || {
        let invalid = matches!(error.get(), Some(ApiError::Invalid { .. }));
        invalid.then(|| t_string!(i18n, watch.patience.wrong))
    });
    let saved = move || matches!(save.value().get(), Some(Ok(())));
    let other = move || {
        error
            .get()
            .filter(|error| !matches!(error, ApiError::Invalid { .. }))
    };
    view! {
        <div>
            <ActionForm action=save attr:class="card">
                <div class="form">
                    <TextField
                        name="late"
                        form="patience".to_owned()
                        label=told!(i18n, watch.patience.late)
                        value=typed("late", patience.late_after)
                        wrong=Signal::stored(None)
                        hint=told!(i18n, watch.patience.late_hint)
                    />
                    <TextField
                        name="due"
                        form="patience".to_owned()
                        label=told!(i18n, watch.patience.due)
                        value=typed("due", patience.due_after)
                        wrong=wrong
                        hint=told!(i18n, watch.patience.due_hint)
                    />
                </div>
                <div class="form-f">
                    {move || other().map(|error| view! { <ErrorNote error=error /> })}
                    <p class="lint" data-level="ok" role="status">
                        {move || {
                            saved()
                                .then(|| {
                                    view! {
                                        <Icon glyph=Glyph::Check />
                                        <span>{told!(i18n, watch.patience.saved)}</span>
                                    }
                                })
                        }}
                    </p>
                    <button class="btn primary">{told!(i18n, watch.patience.save)}</button>
                </div>
            </ActionForm>
        </div>
    }
}
