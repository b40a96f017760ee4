//! How the files will be called: the composite, the tracks of who is in the room, a frame. What each
//! token became is marked.

use leptos::prelude::*;
use reelroom_domain::{
    file::FileKind,
    naming::{NamingRule, Piece, Token, Values, extension},
    room::ParticipantId,
};

use super::Sample;
use crate::{
    components::{Glyph, Icon},
    i18n::{t, use_i18n},
};

/// What the platform would draw. Always the same, so that server and browser show the same.
const RANDOM: &str = "x7Qa";

/// How many tracks are shown by name.
const TRACKS: usize = 3;

/// The preview. While the rule cannot be sent, it says so.
#[component]
pub fn Preview(rule: RwSignal<String>, sample: Signal<Sample>) -> impl IntoView {
    let i18n = use_i18n();
    let parsed = Memo::new(move |_| rule.with(|rule| NamingRule::parse(rule.trim()).ok()));
    view! {
        <div class="preview inset" role="group" aria-label=say!(i18n, rooms.rule.preview)>
            {move || match parsed.get() {
                None => {
                    view! {
                        <p class="pr-none hint">{say!(i18n, rooms.rule.no_preview)}</p>
                    }
                        .into_any()
                }
                Some(rule) => {
                    view! {
                        {composite(&rule, &sample.get())}
                        {tracks(&rule, &sample.get())}
                        {frame(&rule, &sample.get())}
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

fn values(sample: &Sample, user: Option<&ParticipantId>) -> Values {
    let at = sample.at;
    let seconds = u32::from(at.hour) * 3600 + u32::from(at.minute) * 60 + u32::from(at.second);
    Values {
        random: RANDOM.to_owned(),
        date: format!("{:04}{:02}{:02}", at.year, at.month, at.day),
        time: seconds.to_string(),
        room: sample.room.clone(),
        user: user.cloned(),
    }
}

fn composite(rule: &NamingRule, sample: &Sample) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let pieces = rule.expand(&values(sample, None), FileKind::Composite);
    let pieces = pieces.into_iter().map(|piece| match piece.token {
        None => view! { <s>{piece.text}</s> }.into_any(),
        Some(token) => view! {
            <b>
                {piece.text} <small aria-hidden="true">{token.name()}</small>
            </b>
        }
        .into_any(),
    });
    view! {
        <div class="pr">
            <span>
                <Icon glyph=Glyph::Film />
                {say!(i18n, rooms.rule.composite)}
            </span>
            <div class="names">
                <span class="fname labelled">
                    {pieces.collect_view()} <s>{extension(FileKind::Composite)}</s>
                </span>
            </div>
            <span>{say!(i18n, rooms.rule.composite_count)}</span>
        </div>
    }
}

fn tracks(rule: &NamingRule, sample: &Sample) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let count = sample.people.len();
    // Without the participant in the name, all tracks are called the same: once is enough.
    let shown: Vec<Option<&ParticipantId>> = if count == 0 || !rule.has(Token::UserId) {
        vec![None]
    } else {
        sample.people.iter().take(TRACKS).map(Some).collect()
    };
    let more = if shown.len() > 1 {
        count.saturating_sub(TRACKS)
    } else {
        0
    };
    let names = shown
        .into_iter()
        .map(|user| {
            let pieces = rule.expand(&values(sample, user), FileKind::Track);
            name(pieces, FileKind::Track)
        })
        .collect_view();
    view! {
        <div class="pr">
            <span>
                <Icon glyph=Glyph::Track />
                {say!(i18n, rooms.rule.track)}
            </span>
            <div class="names">
                {names}
                {(more > 0)
                    .then(|| view! { <span class="hint">{t!(i18n, rooms.rule.more, n = more)}</span> })}
            </div>
            <span>
                {if count == 0 {
                    say!(i18n, rooms.rule.track_none).into_any()
                } else {
                    t!(i18n, rooms.rule.track_count, n = count).into_any()
                }}
            </span>
        </div>
    }
}

fn frame(rule: &NamingRule, sample: &Sample) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let pieces = rule.expand(&values(sample, None), FileKind::Frame);
    view! {
        <div class="pr">
            <span>
                <Icon glyph=Glyph::Frame />
                {say!(i18n, rooms.rule.frame)}
            </span>
            <div class="names">{name(pieces, FileKind::Frame)}</div>
            <span>{say!(i18n, rooms.rule.frame_count)}</span>
        </div>
    }
}

/// A name in which only the participant is marked: the rest is the composite's.
fn name(pieces: Vec<Piece>, kind: FileKind) -> impl IntoView {
    let pieces = pieces
        .into_iter()
        .map(|piece| match piece.token {
            Some(Token::UserId) => view! { <b class="fresh">{piece.text}</b> }.into_any(),
            _ => view! { <s>{piece.text}</s> }.into_any(),
        })
        .collect_view();
    view! { <span class="fname">{pieces} <s>{extension(kind)}</s></span> }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::{
        room::RoomId,
        time::{Civil, Timestamp},
    };

    use super::*;

    #[test]
    fn the_sample_is_today_in_the_platforms_zone() {
        let sample = Sample {
            room: RoomId::new("board-weekly").unwrap(),
            people: Vec::new(),
            // 2026-11-22T16:30:05Z, half past midnight in Shanghai.
            at: Civil::at(Timestamp::from_millis(1_795_365_005_000), 8 * 3600),
        };
        let name = NamingRule::default().file_name(&values(&sample, None), FileKind::Composite);
        assert_eq!(name, "ar_board-weekly_20261123_x7Qa.mp4");
        assert_eq!(values(&sample, None).time, "1805");
    }
}
