use leptos::prelude::*;
use reelroom_domain::inbox::CallMark;

use crate::{
    components::{Glyph, Icon},
    this_page::locale,
};

/// The outcome of a call, as an icon and a word. A call that a person dealt with is not emphasised.
#[component]
pub fn Mark(mark: CallMark, dealt: bool) -> impl IntoView {
    let locale = locale();
    let (tone, glyph) = match mark {
        CallMark::Waiting => ("", Glyph::Hourglass),
        CallMark::Accepted => ("ok", Glyph::Check),
        CallMark::Auto => ("info", Glyph::Bolt),
        CallMark::Duplicate => ("", Glyph::Copy),
        CallMark::Unrecognised | CallMark::Malformed if dealt => ("", Glyph::Check),
        CallMark::Unrecognised => ("fault", Glyph::Question),
        CallMark::Malformed => ("fault", Glyph::Error),
        CallMark::Test => ("", Glyph::Send),
        CallMark::AddressCheck => ("", Glyph::Pulse),
    };
    let word = match mark {
        CallMark::Waiting => say!(locale, callbacks.mark.waiting),
        CallMark::Accepted => say!(locale, callbacks.mark.accepted),
        CallMark::Auto => say!(locale, common.state.auto_recorded),
        CallMark::Duplicate => say!(locale, callbacks.mark.duplicate),
        CallMark::Unrecognised => say!(locale, callbacks.mark.unrecognised),
        CallMark::Malformed => say!(locale, callbacks.mark.malformed),
        CallMark::Test => say!(locale, callbacks.mark.test),
        CallMark::AddressCheck => say!(locale, callbacks.mark.tried),
    };
    view! {
        <span class="pill" data-tone=tone>
            <Icon glyph=glyph />
            <span>{word}</span>
            {dealt.then(|| view! { <span class="sr">" " {say!(locale, callbacks.dealt)}</span> })}
        </span>
    }
}
