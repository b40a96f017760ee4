use leptos::prelude::*;
use reelroom_domain::{
    file::FileKind,
    ledger::{Line, Standing},
    recording::RecordingState,
    time::Timestamp,
};

use super::time::Time;
use crate::icon::{Glyph, Icon};
use crate::{
    i18n::{Locale, td},
    reader::Reader,
    words::TimeStyle,
};

/// The maximum number of lines shown; the rest is counted.
const MOST: usize = 60;

/// The expected files, one per line: kind, participant, and status.
#[component]
pub fn LedgerLines(
    /// The expected and received files.
    lines: Vec<Line>,
    /// The number of frames received. The total is unknown.
    frames: u32,
    /// When missing files become late.
    late_at: Option<Timestamp>,
    /// When they are due.
    due_at: Option<Timestamp>,
    /// The recording's state: missing files need a person only once the platform was asked for them.
    state: RecordingState,
) -> impl IntoView {
    let Reader { locale, now, .. } = Reader::expect();
    // Frames are optional: they may arrive, but are not waited for.
    let unasked = lines.iter().all(|line| line.kind != FileKind::Frame);
    let (lines, rest) = shown(lines);
    let line = |line: Line| {
        let standing = line.standing(late_at, due_at, now);
        let (mark, glyph) = look(standing);
        let what = match (line.kind, line.who) {
            (FileKind::Composite, _) => say!(locale, common.files.composite).to_owned(),
            (FileKind::Frame, _) => say!(locale, common.files.frames).to_owned(),
            (_, Some(who)) => say!(locale, watch.ledger.track_of, who = who.to_string()),
            (_, None) => say!(locale, watch.ledger.track_unnamed).to_owned(),
        };
        let when = match (line.kind, standing) {
            (FileKind::Frame, Standing::Arrived(_)) => {
                say!(locale, watch.ledger.frames, n = frames).into_any()
            }
            _ => stands(locale, standing),
        };
        view! {
            <li data-s=mark>
                <Icon glyph=glyph />
                <span class="what">{what}</span>
                <span class="when num">{when}</span>
            </li>
        }
    };
    let rest = (rest > 0).then(|| {
        view! {
            <li>
                <Icon glyph=Glyph::Track />
                <span class="what">{say!(locale, common.more, n = rest)}</span>
            </li>
        }
    });
    let unasked = unasked.then(|| {
        view! {
            <li>
                <Icon glyph=Glyph::Frame />
                <span class="what">{say!(locale, common.files.frames)}</span>
                <span class="when num">{say!(locale, watch.ledger.frames_none)}</span>
            </li>
        }
    });
    let next = (state == RecordingState::Overdue)
        .then(|| view! { <p class="ledger-next">{say!(locale, watch.ledger.next)}</p> });
    view! {
        <ul class="ledger-lines" aria-label=say!(locale, watch.ledger.title)>
            {lines.into_iter().map(line).collect_view()}
            {rest}
            {unasked}
        </ul>
        {next}
    }
}

/// The lines to show, and the number of the others. If there are too many, missing files come first.
fn shown(mut lines: Vec<Line>) -> (Vec<Line>, usize) {
    let rest = lines.len().saturating_sub(MOST);
    if rest > 0 {
        lines.sort_by_key(|line| line.arrived_at.is_some());
        lines.truncate(MOST);
    }
    (lines, rest)
}

/// The status of a line, in words.
fn stands(locale: Locale, standing: Standing) -> AnyView {
    let time = |at, style| move || view! { <Time at=at style=style /> };
    let clock = |at| time(at, TimeStyle::Clock);
    match standing {
        Standing::Arrived(at) => td!(locale, watch.ledger.arrived, time = clock(at)).into_any(),
        Standing::Expected(Some(due)) => {
            td!(locale, watch.ledger.expected, time = clock(due)).into_any()
        }
        Standing::Expected(None) => say!(locale, watch.ledger.expected_open).into_any(),
        Standing::Late(due) => td!(locale, watch.ledger.late, time = clock(due)).into_any(),
        Standing::Overdue(due) => td!(
            locale,
            watch.ledger.overdue,
            time = time(due, TimeStyle::Near)
        )
        .into_any(),
    }
}

/// The CSS class and the icon.
const fn look(standing: Standing) -> (&'static str, Glyph) {
    match standing {
        Standing::Arrived(_) => ("arrived", Glyph::Check),
        Standing::Expected(_) => ("expected", Glyph::Idle),
        Standing::Late(_) => ("late", Glyph::Hourglass),
        Standing::Overdue(_) => ("overdue", Glyph::Alert),
    }
}

#[cfg(test)]
mod tests {
    use reelroom_domain::room::ParticipantId;

    use super::*;

    fn line(n: usize, arrived_at: Option<Timestamp>) -> Line {
        Line {
            kind: FileKind::Track,
            who: ParticipantId::new(n.to_string()).ok(),
            arrived_at,
        }
    }

    #[test]
    fn of_too_many_lines_those_that_wait_are_shown() {
        let some: Vec<_> = (0..MOST).map(|n| line(n, None)).collect();
        assert_eq!(shown(some.clone()), (some, 0));
        let came = |n| line(n, Some(Timestamp::from_millis(0)));
        let many = (0..MOST).map(came).chain([line(MOST, None)]).collect();
        let (lines, rest) = shown(many);
        assert_eq!((lines.len(), rest), (MOST, 1));
        assert_eq!(lines[0], line(MOST, None));
        assert_eq!(lines[1], came(0));
    }
}
