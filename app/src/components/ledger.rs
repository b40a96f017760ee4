use leptos::prelude::*;
use reelroom_domain::{
    file::FileKind,
    ledger::{Lateness, Ledger, Line, Standing},
    recording::RecordingState,
    time::Timestamp,
    view::RecordingView,
};

use super::time::{time, time_as};
use crate::{
    i18n::{Locale, td},
    icon::{Glyph, Icon},
    reader::Reader,
    this_page::locale,
    words::TimeStyle,
};

/// The maximum number of ticks drawn.
const MOST_TICKS: u32 = 8;

/// A summary of the expected files: composite, tracks, frames, and when missing files are due.
#[component]
pub fn LedgerBar(
    ledger: Ledger,
    /// When missing files are due; shown only while something is missing.
    #[prop(optional_no_strip)]
    due_at: Option<Timestamp>,
    /// How late missing files are.
    #[prop(default = Lateness::InTime)]
    lateness: Lateness,
) -> impl IntoView {
    let locale = locale();
    let got = ledger.composites > 0;
    let composite = if got {
        view! {
            <Icon glyph=Glyph::Check class="mark" />
            <span class="sr">{say!(locale, common.files.arrived)}</span>
        }
        .into_any()
    } else {
        view! { <span class="num">"0/1"</span> }.into_any()
    };
    let all = ledger.tracks.max(ledger.tracks_expected);
    let tracks = (all > 0).then(|| {
        view! {
            <span>
                {say!(locale, common.files.tracks)} {ticks(ledger.tracks, all)}
                <span class="num">{format!("{}/{all}", ledger.tracks)}</span>
            </span>
        }
    });
    let (word, count) = (say!(locale, common.files.frames), ledger.frames);
    let frames = (count > 0 || ledger.frames_expected)
        .then(|| view! { <span>{word} <span class="num">{count}</span></span> });
    let due = due_at.filter(|_| !ledger.is_complete()).map(|at| {
        let time = time_as(at, TimeStyle::Clock);
        let is_late = lateness != Lateness::InTime;
        let class = if is_late { "due" } else { "off" };
        view! { <span class=class>{td!(locale, common.files.due, time)}</span> }
    });
    view! {
        <span class="ledger">
            <span class:got=got>{say!(locale, common.files.composite)} {composite}</span>
            {tracks}
            {frames}
            {due}
        </span>
    }
}

/// A tick for each track, filled if the track was received.
fn ticks(got: u32, of: u32) -> impl IntoView {
    let tick = |missing: bool| view! { <i class:o=missing></i> };
    let ticks = (0..of).map(|index| tick(index >= got));
    (of <= MOST_TICKS)
        .then(|| view! { <span class="ticks" aria-hidden="true">{ticks.collect_view()}</span> })
}

/// The maximum number of lines shown; the rest is counted.
const MOST_LINES: usize = 60;

/// The expected files of a recording, one per line: kind, participant, and status.
pub fn ledger_lines(recording: &RecordingView) -> impl IntoView + use<> {
    let (late_at, due_at) = (recording.late_at, recording.due_at);
    let frames = recording.row.ledger.frames;
    let lines = recording.lines.clone();
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
        let more = say!(locale, common.more, n = rest);
        view! { <li><Icon glyph=Glyph::Track /> <span class="what">{more}</span></li> }
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
    let next = (recording.row.state == RecordingState::Overdue)
        .then(|| view! { <p class="ledger-next">{say!(locale, watch.ledger.next)}</p> });
    view! {
        <ul class="ledger-lines" aria-label=say!(locale, common.files.expected)>
            {lines.into_iter().map(line).collect_view()}
            {rest}
            {unasked}
        </ul>
        {next}
    }
}

/// The lines to show, and the number of the others. If there are too many, missing files come first.
fn shown(mut lines: Vec<Line>) -> (Vec<Line>, usize) {
    let rest = lines.len().saturating_sub(MOST_LINES);
    if rest > 0 {
        lines.sort_by_key(|line| line.arrived_at.is_some());
        lines.truncate(MOST_LINES);
    }
    (lines, rest)
}

/// The status of a line, in words.
fn stands(locale: Locale, standing: Standing) -> AnyView {
    let clock = |at| time_as(at, TimeStyle::Clock);
    match standing {
        Standing::Arrived(at) => td!(locale, watch.ledger.arrived, time = clock(at)).into_any(),
        Standing::Expected(Some(due)) => {
            td!(locale, watch.ledger.expected, time = clock(due)).into_any()
        }
        Standing::Expected(None) => say!(locale, watch.ledger.expected_open).into_any(),
        Standing::Late(due) => td!(locale, watch.ledger.late, time = clock(due)).into_any(),
        Standing::Overdue(due) => td!(locale, watch.ledger.overdue, time = time(due)).into_any(),
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
        let some: Vec<_> = (0..MOST_LINES).map(|n| line(n, None)).collect();
        assert_eq!(shown(some.clone()), (some, 0));
        let came = |n| line(n, Some(Timestamp::from_millis(0)));
        let many = (0..MOST_LINES)
            .map(came)
            .chain([line(MOST_LINES, None)])
            .collect();
        let (lines, rest) = shown(many);
        assert_eq!((lines.len(), rest), (MOST_LINES, 1));
        assert_eq!(lines[0], line(MOST_LINES, None));
        assert_eq!(lines[1], came(0));
    }
}
