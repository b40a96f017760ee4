use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::ids::AppId;

use crate::{i18n::use_i18n, server_fns::ChooseApp};

/// Where its rooms are: shown by default, or by this button; and what its callbacks have to say so
/// that they are known for its own.
#[component]
pub fn ShowApp(
    /// Whether its rooms are shown where no app is named.
    is_default: bool,
    /// Our id of it.
    id: AppId,
) -> impl IntoView {
    let i18n = use_i18n();
    (!is_default).then(|| {
        let id = id.to_string();
        view! {
            <div class="form-f shown">
                <p class="hint">
                    {told!(i18n, apps.callback_hint)} " " <code>{format!("?app={id}")}</code>
                </p>
                <form method="post" action=ChooseApp::url()>
                    <input type="hidden" name="app" value=id />
                    <button class="btn">{told!(i18n, apps.show)}</button>
                </form>
            </div>
        }
    })
}
