use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::account::{FactorView, MyAccount};
use reelroom_service::NewCodes;

use crate::{
    components::{CopyButton, Glyph, Icon},
    current_app::CurrentApp,
    server_fns::MyCodes,
    this_page::locale,
};

/// The dialog with new recovery codes. `is_alone`: the page has no scripts, so nothing is copied.
pub fn codes_dialog(account: &MyAccount, new: &NewCodes, is_alone: bool) -> impl IntoView + use<> {
    let locale = locale();
    let text = match account.factor.as_ref().map_or(0, FactorView::codes_left) {
        0 => say!(locale, me.codes.text).to_owned(),
        n => say!(locale, me.codes.text_old, n),
    };
    let codes = new.codes.iter().cloned();
    let codes = codes
        .map(|code| view! { <code>{code}</code> })
        .collect_view();
    let copy = (!is_alone).then(|| {
        let label = say!(locale, me.codes.copy);
        view! { <CopyButton text=new.codes.join("\n") label=label /> }
    });
    let here = CurrentApp::expect().to("/settings/me");
    view! {
        <div class="scrim">
            <div class="dialog" role="dialog" aria-labelledby="codes-h" tabindex="-1" autofocus>
                <h2 id="codes-h">{say!(locale, me.codes.title)}</h2>
                <p class="soft">{text}</p>
                <div class="once codes">{codes}</div>
                <p class="point"><Icon glyph=Glyph::Key />{say!(locale, me.codes.point)}</p>
                <form class="btns" method="post" action=MyCodes::url()>
                    <input type="hidden" name="sealed" value=new.sealed.clone() />
                    {copy}
                    <a class="btn" href=here>{say!(locale, common.action.cancel)}</a>
                    <button class="btn primary">{say!(locale, me.codes.kept)}</button>
                </form>
            </div>
        </div>
    }
}
