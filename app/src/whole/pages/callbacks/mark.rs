use leptos::prelude::*;
use reelroom_domain::inbox::CallMark;

use crate::{
    i18n::use_i18n,
    whole::components::{Glyph, Icon},
};

/// What became of a call, as an icon and a word.
#[component]
pub fn Mark(
    /// What.
    mark: CallMark,
    /// Whether a person has said that it is dealt with: then it is quiet.
    dealt: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let (tone, glyph) = look(mark, dealt);
    let word = match mark {
        CallMark::Waiting => told!(i18n, callbacks.mark.waiting),
        CallMark::Accepted => told!(i18n, callbacks.mark.accepted),
        CallMark::Auto => told!(i18n, callbacks.mark.auto),
        CallMark::Duplicate => told!(i18n, callbacks.mark.duplicate),
        CallMark::Unrecognised => told!(i18n, callbacks.mark.unrecognised),
        CallMark::Malformed => told!(i18n, callbacks.mark.malformed),
        CallMark::Test => told!(i18n, callbacks.mark.test),
    };
    view! {
        <span class="pill" data-tone=tone>
            <Icon glyph=glyph />
            <span>{word}</span>
            {dealt.then(|| view! { <span class="sr">" " {told!(i18n, callbacks.dealt)}</span> })}
        </span>
    }
}

/// Tone and icon.
const fn look(mark: CallMark, dealt: bool) -> (&'static str, Glyph) {
    match mark {
        CallMark::Waiting => ("", Glyph::Hourglass),
        CallMark::Accepted => ("ok", Glyph::Check),
        CallMark::Auto => ("info", Glyph::Bolt),
        CallMark::Duplicate => ("", Glyph::Copy),
        CallMark::Unrecognised | CallMark::Malformed if dealt => ("", Glyph::Check),
        CallMark::Unrecognised => ("fault", Glyph::Question),
        CallMark::Malformed => ("fault", Glyph::Error),
        CallMark::Test => ("", Glyph::Send),
    }
}
