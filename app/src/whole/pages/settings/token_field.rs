use leptos::prelude::*;
use reelroom_domain::{app::VideoToken, time::Timestamp};

use crate::{
    i18n::{t, use_i18n},
    whole::components::{FieldNote, Glyph, Icon, Time},
    words::TimeStyle,
};

/// The token of the video list. What is kept is never shown: it can be replaced or removed.
#[component]
pub fn TokenField(
    /// Makes ids on this page different from those of another form.
    form: String,
    /// What is kept.
    token: VideoToken,
    /// What is wrong with what was typed.
    wrong: Signal<Option<&'static str>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = form + "-vod_token";
    let note = format!("{id}-note");
    let kept = match token {
        VideoToken::Absent => None,
        VideoToken::Set { at } | VideoToken::Locked { at } => Some(at),
    };
    let input = view! {
        <input
            class="input mono"
            type="password"
            id=id.clone()
            name="vod_token"
            autocomplete="off"
            aria-describedby=note.clone()
            aria-invalid=move || wrong.get().map(|_| "true")
        />
    };
    let field = match kept {
        None => input.into_any(),
        Some(at) => view! {
            <div class="kept">
                <span>{since(at)}</span>
                <details class="fold" open=move || wrong.get().is_some()>
                    <summary>
                        <Icon glyph=Glyph::Right />
                        {told!(i18n, apps.token_replace)}
                    </summary>
                    {input}
                </details>
            </div>
            <label class="switch">
                <input type="checkbox" name="drop_token" value="yes" />
                <i></i>
                {told!(i18n, apps.token_remove)}
            </label>
        }
        .into_any(),
    };
    let hint = told!(i18n, apps.token_hint);
    view! {
        <div class="field">
            <label class="label" for=id>
                {told!(i18n, apps.token)}
            </label>
            {matches!(token, VideoToken::Locked { .. })
                .then(|| {
                    view! {
                        <p class="lint" data-level="error">
                            <Icon glyph=Glyph::Lock />
                            <span>{told!(i18n, apps.token_locked)}</span>
                        </p>
                    }
                })}
            {field}
            <FieldNote id=note wrong=wrong hint=hint />
        </div>
    }
}

/// Since when there is one.
fn since(at: Timestamp) -> impl IntoView {
    let i18n = use_i18n();
    t!(
        i18n,
        apps.token_set,
        time = move || view! { <Time at=at style=TimeStyle::Near /> }
    )
}
