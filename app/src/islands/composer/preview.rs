//! A preview of the file names: the composite, a track for each person in the room, a frame. The value
//! of each token is marked, and highlighted in all names together with its chip.

use leptos::prelude::*;
use reelroom_domain::{
    file::FileKind,
    naming::{NamingRule, Piece, RoomDay, TimeForm, Token, Values, extension},
    room::ParticipantId,
};

use super::{highlight::Highlight, odds::odds_line, state::Sample};
use crate::{
    icon::{Glyph, Icon},
    this_page::locale,
};

/// A sample of the platform's random characters, constant so that server and browser render the same.
const RANDOM: &str = "x7Qa";

/// The number of tracks shown at once; the others are folded.
const TRACKS: usize = 3;

/// The preview. While the rule cannot be sent, a note lies over the names of the last one that could, which keep their
/// place.
pub fn preview(
    rule: RwSignal<String>,
    sample: Signal<Sample>,
    day: Signal<RoomDay>,
    highlight: Highlight,
) -> impl IntoView {
    let locale = locale();
    let parsed = Memo::new(move |_| rule.with(|rule| NamingRule::parse(rule.trim()).ok()));
    let shown = Memo::new(move |before: Option<&Option<NamingRule>>| {
        parsed.get().or_else(|| before.cloned().flatten())
    });
    let is_wrong = move || parsed.with(Option::is_none);
    view! {
        <div
            class="preview inset"
            role="group"
            aria-label=say!(locale, rooms.rule.preview)
            data-wrong=move || is_wrong().then_some("")
        >
            {move || {
                is_wrong().then(|| {
                    view! { <p class="pr-none hint">{say!(locale, rooms.rule.no_preview)}</p> }
                })
            }}
            {move || {
                shown.get().map(|rule| {
                    view! {
                        {composite(&rule, &sample.get(), highlight)}
                        {tracks(&rule, &sample.get(), highlight)}
                        {frame(&rule, &sample.get(), highlight)}
                        {time_note(&rule, &sample.get())}
                    }
                })
            }}
            {odds_line(shown, day)}
        </div>
    }
}

fn values(sample: &Sample, user: Option<&ParticipantId>) -> Values {
    let at = sample.at;
    let of_day = u32::from(at.hour) * 3600 + u32::from(at.minute) * 60 + u32::from(at.second);
    Values {
        random: RANDOM.to_owned(),
        date: format!("{:04}{:02}{:02}", at.year, at.month, at.day),
        time: match sample.time_form {
            TimeForm::Unknown => say!(locale(), rooms.rule.seconds).to_owned(),
            TimeForm::Unix => sample.seconds.to_string(),
            TimeForm::OfDay => of_day.to_string(),
        },
        room: sample.room.clone(),
        user: user.cloned(),
    }
}

fn composite(rule: &NamingRule, sample: &Sample, highlight: Highlight) -> impl IntoView + use<> {
    let locale = locale();
    let pieces = rule.expand(&values(sample, None), FileKind::Composite);
    let pieces = counted(pieces).map(|(text, token)| match token {
        None => view! { <s>{text}</s> }.into_any(),
        Some((token, nth)) => view! {
            <b data-lit=move || highlight.is(token, nth).then_some("")>
                {text} <small aria-hidden="true">{token.name()}</small>
            </b>
        }
        .into_any(),
    });
    let name = view! {
        <span class="fname labelled">
            {pieces.collect_view()} <s>{extension(FileKind::Composite)}</s>
        </span>
    };
    let count = say!(locale, trash.files_single);
    line(
        Glyph::Film,
        say!(locale, common.files.composite),
        name,
        count,
    )
}

/// A line of the preview: what it names, the names, and how many files there will be.
fn line(
    glyph: Glyph,
    label: &'static str,
    names: impl IntoView,
    count: impl IntoView,
) -> impl IntoView {
    view! {
        <div class="pr">
            <span><Icon glyph=glyph /> {label}</span>
            <div class="names">{names}</div>
            <span>{count}</span>
        </div>
    }
}

fn tracks(rule: &NamingRule, sample: &Sample, highlight: Highlight) -> impl IntoView + use<> {
    let locale = locale();
    let count = sample.people.len();
    // Without the participant in the name, all tracks have the same name, which is shown once.
    let shown: Vec<Option<&ParticipantId>> = if count == 0 || !rule.has(Token::UserId) {
        vec![None]
    } else {
        sample.people.iter().map(Some).collect()
    };
    let mut names: Vec<AnyView> = shown
        .into_iter()
        .map(|user| {
            let pieces = rule.expand(&values(sample, user), FileKind::Track);
            name(pieces, FileKind::Track, highlight).into_any()
        })
        .collect();
    let rest = names.split_off(names.len().min(TRACKS));
    let more = rest.len();
    let rest = (more > 0).then(|| {
        view! {
            <details class="more-names">
                <summary class="hint">{say!(locale, common.others, n = more)}</summary>
                {rest}
            </details>
        }
    });
    let count = match count {
        0 => say!(locale, rooms.rule.track_none).to_owned(),
        n => say!(locale, rooms.rule.track_count, n = n),
    };
    let names = view! { {names} {rest} };
    line(Glyph::Track, say!(locale, common.files.track), names, count)
}

fn frame(rule: &NamingRule, sample: &Sample, highlight: Highlight) -> impl IntoView + use<> {
    let locale = locale();
    let pieces = rule.expand(&values(sample, None), FileKind::Frame);
    let name = name(pieces, FileKind::Frame, highlight);
    let count = say!(locale, rooms.rule.frame_count);
    line(Glyph::Frame, say!(locale, common.files.frame), name, count)
}

/// A note that the form of `{time}` is not known yet.
fn time_note(rule: &NamingRule, sample: &Sample) -> Option<impl IntoView + use<>> {
    let is_unknown = rule.has(Token::Time) && sample.time_form == TimeForm::Unknown;
    let text = say!(locale(), rooms.rule.time_unknown);
    is_unknown.then(|| view! { <p class="hint pr-note">{text}</p> })
}

/// A name in which only the participant is marked; the rest equals the composite's name.
fn name(pieces: Vec<Piece>, kind: FileKind, highlight: Highlight) -> impl IntoView {
    let pieces = counted(pieces)
        .map(|(text, token)| match token {
            None => view! { <s>{text}</s> }.into_any(),
            Some((token, nth)) => {
                let is_fresh = token == Token::UserId;
                let class = if is_fresh { "fresh" } else { "plain" };
                let is_lit = move || highlight.is(token, nth).then_some("");
                view! { <b class=class data-lit=is_lit>{text}</b> }.into_any()
            }
        })
        .collect_view();
    view! { <span class="fname">{pieces} <s>{extension(kind)}</s></span> }
}

/// The texts of the pieces, each with its token and the number of earlier pieces of that token.
fn counted(pieces: Vec<Piece>) -> impl Iterator<Item = (String, Option<(Token, usize)>)> {
    let mut seen: Vec<Token> = Vec::new();
    pieces.into_iter().map(move |piece| {
        let token = piece.token.map(|token| {
            let nth = seen.iter().filter(|earlier| **earlier == token).count();
            seen.push(token);
            (token, nth)
        });
        (piece.text, token)
    })
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
        let mut sample = Sample {
            room: RoomId::new("board-weekly").unwrap(),
            people: Vec::new(),
            // 2026-11-22T16:30:05Z, half past midnight in Shanghai.
            at: Civil::at(Timestamp::from_millis(1_795_365_005_000), 8 * 3600),
            seconds: 1_795_365_005,
            time_form: TimeForm::OfDay,
        };
        let name = NamingRule::default().file_name(&values(&sample, None), FileKind::Composite);
        assert_eq!(name, "ar_board-weekly_20261123_x7Qa.mp4");
        assert_eq!(values(&sample, None).time, "1805");
        sample.time_form = TimeForm::Unix;
        assert_eq!(values(&sample, None).time, "1795365005");
    }

    #[test]
    fn a_token_that_stands_twice_is_told_apart() {
        let piece = |text: &str, token| Piece {
            text: text.to_owned(),
            token,
        };
        let pieces = vec![
            piece("1", Some(Token::Date)),
            piece("_", None),
            piece("2", Some(Token::Time)),
            piece("1", Some(Token::Date)),
        ];
        let told: Vec<_> = counted(pieces).map(|(_, token)| token).collect();
        let (first, second) = (Some((Token::Date, 0)), Some((Token::Date, 1)));
        assert_eq!(told, [first, None, Some((Token::Time, 0)), second]);
    }
}
