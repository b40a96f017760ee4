use leptos::prelude::*;
use reelroom_domain::intake::RejectedView;

use super::time::Time;
use crate::icon::{Glyph, Icon};
use crate::{i18n::td, this_page::locale, words::TimeStyle};

/// A warning about calls with a wrong secret, usually because the console has an old address. Empty if
/// there were none.
#[component]
pub fn Rejected(rejected: RejectedView) -> impl IntoView {
    let locale = locale();
    let RejectedView { calls, last } = rejected;
    last.map(|last| {
        let at = last.last_at;
        let time = move || view! { <Time at=at style=TimeStyle::Near /> };
        let remote = match last.remote.as_str() {
            "" => say!(locale, callbacks.header.someone).to_owned(),
            remote => remote.to_owned(),
        };
        view! {
            <p class="hint away" role="note">
                <Icon glyph=Glyph::Alert />
                {td!(locale, callbacks.header.rejected, calls, remote, time)}
            </p>
        }
    })
}
