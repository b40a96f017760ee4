use leptos::prelude::*;
use reelroom_domain::app::VideoToken;

use super::{field::Field, form::Form};
use crate::{
    components::{Glyph, Icon, Time},
    i18n::td,
    lint_line::{Level, LintLine},
    this_page::locale,
    words::TimeStyle,
};

/// The token of the video list. A saved one is never shown: it can be replaced or removed.
#[component]
pub fn TokenField(
    /// The form.
    form: Form,
    /// The saved one.
    token: VideoToken,
) -> impl IntoView {
    const NAME: &str = "vod_token";
    let locale = locale();
    let id = form.id(NAME);
    let is_wrong = form.wrong(NAME).is_some();
    let input = view! {
        <input
            class="input mono"
            type="password"
            aria-describedby=format!("{id}-note")
            id=id
            name=NAME
            autocomplete="off"
            aria-invalid=is_wrong.then_some("true")
        />
    };
    let field = match token {
        VideoToken::Absent => input.into_any(),
        VideoToken::Set { at } | VideoToken::Locked { at } => {
            let time = move || view! { <Time at=at style=TimeStyle::Near /> };
            view! {
                <div class="kept">
                    <span>{td!(locale, apps.token_set, time)}</span>
                    <details class="fold" open=is_wrong>
                        <summary>
                            <Icon glyph=Glyph::Right />
                            {say!(locale, apps.token_replace)}
                        </summary>
                        {input}
                    </details>
                </div>
                <label class="switch">
                    <input type="checkbox" name="drop_token" value="yes" />
                    <i></i>
                    {say!(locale, apps.token_remove)}
                </label>
            }
            .into_any()
        }
    };
    let locked = matches!(token, VideoToken::Locked { .. }).then(|| {
        view! { <LintLine level=Level::Error>{say!(locale, apps.token_locked)}</LintLine> }
    });
    view! {
        <Field
            form=form
            name=NAME
            label=say!(locale, apps.token)
            hint=Some(say!(locale, apps.token_hint))
        >
            {locked}
            {field}
        </Field>
    }
}
