use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{app::AppSettings, ids::AppId};

use crate::{i18n::use_i18n, server_fns::ChooseApp};

/// Where its rooms are: shown by default, or by this button; and what its callbacks have to say so
/// that they are known for its own.
#[component]
pub fn ShowApp(
    /// The app.
    app: AppSettings,
    /// Our id of it.
    id: AppId,
) -> impl IntoView {
    let i18n = use_i18n();
    (!app.is_default).then(|| {
        let id = id.to_string();
        view! {
            <div class="form-f shown">
                <p class="hint">
                    {say!(i18n, apps.callback_hint)} " " <code>{format!("?app={id}")}</code>
                </p>
                <form method="post" action=ChooseApp::url()>
                    <input type="hidden" name="app" value=id />
                    <button class="btn">{say!(i18n, apps.show)}</button>
                </form>
            </div>
        }
    })
}
