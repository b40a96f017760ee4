use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::ids::AppId;

use crate::{
    components::{Banner, ErrorNote, Glyph, Icon},
    error::ApiError,
    server_fns::RemoveApp,
    this_page::locale,
};

/// The button that removes an app. If the app has recordings, the reason why it cannot be removed.
#[component]
pub fn RemoveFold(
    /// Whether the app has recordings.
    has_recordings: bool,
    /// Our id of it.
    id: AppId,
    /// The error, if the app was not removed.
    refused: Option<ApiError>,
) -> impl IntoView {
    let locale = locale();
    let open = refused.is_some();
    let text = if has_recordings || open {
        view! { <p>{say!(locale, apps.remove_not)}</p> }
    } else {
        view! { <p>{say!(locale, apps.remove_text)}</p> }
    };
    let text = match refused {
        None => text.into_any(),
        Some(error) if error.problems_of("app").next().is_none() => {
            view! { <ErrorNote error=error /> }.into_any()
        }
        Some(_) => {
            view! { <Banner title=say!(locale, apps.not_removed)>{text}</Banner> }.into_any()
        }
    };
    view! {
        <details class="fold remove" open=open>
            <summary>
                <Icon glyph=Glyph::Right />
                {say!(locale, apps.remove_head)}
            </summary>
            {text}
            <form method="post" action=RemoveApp::url()>
                <input type="hidden" name="id" value=id.to_string() />
                <button class="btn danger">{say!(locale, apps.remove)}</button>
            </form>
        </details>
    }
}
