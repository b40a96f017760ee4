use leptos::prelude::*;
use reelroom_domain::{recording::RecordingState, time::Timestamp};

use super::{Glyph, Icon, Timer};
use crate::i18n::use_i18n;

/// A recording's state as an icon (or the red dot) and a word.
#[component]
pub fn StateTag(
    /// The state.
    state: RecordingState,
    /// Since when it records: a timer runs beside the word.
    #[prop(optional_no_strip)]
    since: Option<Timestamp>,
    /// A person said that nothing was recorded: then nobody has to look.
    #[prop(optional)]
    given_up: bool,
    /// Large and, while it records, solid: for a page's head.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    let (tone, glyph) = if given_up {
        ("", Some(Glyph::Idle))
    } else {
        look(state)
    };
    let tone = match tone {
        "rec" if large => "rec-solid",
        tone => tone,
    };
    let class = if large { "pill lg" } else { "pill" };
    let spin = if matches!(glyph, Some(Glyph::Spinner)) {
        "spin"
    } else {
        ""
    };
    view! {
        <span class=class data-tone=tone>
            {match glyph {
                Some(glyph) => view! { <Icon glyph=glyph class=spin /> }.into_any(),
                None => view! { <span class="dot"></span> }.into_any(),
            }}
            <span>
                {if given_up {
                    told!(i18n, common.state.not_recorded).into_any()
                } else {
                    state_word(i18n, state)
                }}
            </span>
            {since
                .filter(|_| state == RecordingState::Recording)
                .map(|since| view! { <Timer since=since /> })}
        </span>
    }
}

/// The word for a state.
pub(super) fn state_word(
    i18n: leptos_i18n::I18nContext<crate::i18n::Locale>,
    state: RecordingState,
) -> AnyView {
    match state {
        RecordingState::Requested => told!(i18n, common.state.requested).into_any(),
        RecordingState::Recording => told!(i18n, common.state.recording).into_any(),
        RecordingState::Stopping => told!(i18n, common.state.stopping).into_any(),
        RecordingState::AwaitingFiles => told!(i18n, common.state.awaiting_files).into_any(),
        RecordingState::Ready => told!(i18n, common.state.ready).into_any(),
        RecordingState::Failed | RecordingState::Unknown | RecordingState::Overdue => {
            told!(i18n, common.state.attention).into_any()
        }
    }
}

/// Tone and icon; no icon is the red dot.
pub(super) const fn look(state: RecordingState) -> (&'static str, Option<Glyph>) {
    match state {
        RecordingState::Requested | RecordingState::Stopping => ("", Some(Glyph::Spinner)),
        RecordingState::Recording => ("rec", None),
        RecordingState::AwaitingFiles => ("wait", Some(Glyph::Hourglass)),
        RecordingState::Ready => ("ok", Some(Glyph::Check)),
        RecordingState::Failed | RecordingState::Unknown | RecordingState::Overdue => {
            ("fault", Some(Glyph::Alert))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn red_means_recorded_now_and_nothing_else() {
        for state in RecordingState::ALL {
            let (tone, glyph) = look(state);
            assert_eq!(tone == "rec", state == RecordingState::Recording);
            assert_eq!(glyph.is_none(), state == RecordingState::Recording);
            assert_eq!(tone == "fault", state.needs_attention());
        }
    }
}
