use leptos::prelude::*;
use reelroom_domain::{
    file::FileKind,
    ledger::{Line, Standing},
    recording::RecordingState,
    time::Timestamp,
};

use super::{Glyph, Icon, Time};
use crate::{
    i18n::{t, use_i18n},
    whole::clock::ServerClock,
    words::TimeStyle,
};

/// The most lines that are shown; of more there is the number.
const MOST: usize = 60;

/// The ledger of expected files, a line each: what, whose, and where it stands.
#[component]
pub fn LedgerLines(
    /// What came and what is expected.
    lines: Vec<Line>,
    /// How many frames came. How many there will be nobody says.
    frames: u32,
    /// From when on missing files are late.
    late_at: Option<Timestamp>,
    /// When they are due.
    due_at: Option<Timestamp>,
    /// The recording's state: missing files need a person only once the platform was asked for them.
    state: RecordingState,
) -> impl IntoView {
    let i18n = use_i18n();
    let clock = ServerClock::expect();
    // They may come, though nobody waits for them.
    let unasked = lines.iter().all(|line| line.kind != FileKind::Frame);
    let (lines, rest) = shown(lines);
    let item = move |line: Line| {
        let (kind, who) = (line.kind, line.who.clone());
        let standing = Memo::new(move |_| line.standing(late_at, due_at, clock.minute()));
        view! {
            <li data-s=move || mark(standing.get())>
                {move || view! { <Icon glyph=glyph(standing.get()) /> }}
                <span class="what">
                    {match (kind, who) {
                        (FileKind::Composite, _) => told!(i18n, common.files.composite).into_any(),
                        (FileKind::Frame, _) => told!(i18n, common.files.frames).into_any(),
                        (_, Some(who)) => {
                            t!(i18n, watch.ledger.track_of, who = who.to_string()).into_any()
                        }
                        (_, None) => told!(i18n, watch.ledger.track_unnamed).into_any(),
                    }}
                </span>
                <span class="when num">
                    {move || match (kind, standing.get()) {
                        (FileKind::Frame, Standing::Arrived(_)) => {
                            t!(i18n, watch.ledger.frames, n = frames).into_any()
                        }
                        (_, standing) => stands(standing),
                    }}
                </span>
            </li>
        }
    };
    view! {
        <ul class="ledger-lines" aria-label=told!(i18n, watch.ledger.title)>
            {lines.into_iter().map(item).collect_view()}
            {(rest > 0)
                .then(|| {
                    view! {
                        <li>
                            <Icon glyph=Glyph::Track />
                            <span class="what">{t!(i18n, common.more, n = rest)}</span>
                        </li>
                    }
                })}
            {unasked
                .then(|| {
                    view! {
                        <li>
                            <Icon glyph=Glyph::Frame />
                            <span class="what">{told!(i18n, common.files.frames)}</span>
                            <span class="when num">{told!(i18n, watch.ledger.frames_none)}</span>
                        </li>
                    }
                })}
        </ul>
        {(state == RecordingState::Overdue)
            .then(|| view! { <p class="ledger-next">{told!(i18n, watch.ledger.next)}</p> })}
    }
}

/// The lines that are shown, and how many are not. Of too many, those that wait come first.
fn shown(mut lines: Vec<Line>) -> (Vec<Line>, usize) {
    let rest = lines.len().saturating_sub(MOST);
    if rest > 0 {
        lines.sort_by_key(|line| line.arrived_at.is_some());
        lines.truncate(MOST);
    }
    (lines, rest)
}

/// Where a line stands, in words.
fn stands(standing: Standing) -> AnyView {
    let i18n = use_i18n();
    let time = |at: Timestamp| move || view! { <Time at=at style=TimeStyle::Clock /> };
    match standing {
        Standing::Arrived(at) => t!(i18n, watch.ledger.arrived, time = time(at)).into_any(),
        Standing::Expected(Some(due)) => {
            t!(i18n, watch.ledger.expected, time = time(due)).into_any()
        }
        Standing::Expected(None) => told!(i18n, watch.ledger.expected_open).into_any(),
        Standing::Late(due) => t!(i18n, watch.ledger.late, time = time(due)).into_any(),
        Standing::Overdue(due) => {
            let time = move || view! { <Time at=due style=TimeStyle::Near /> };
            t!(i18n, watch.ledger.overdue, time).into_any()
        }
    }
}

const fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Arrived(_) => "arrived",
        Standing::Expected(_) => "expected",
        Standing::Late(_) => "late",
        Standing::Overdue(_) => "overdue",
    }
}

const fn glyph(standing: Standing) -> Glyph {
    match standing {
        Standing::Arrived(_) => Glyph::Check,
        Standing::Expected(_) => Glyph::Idle,
        Standing::Late(_) => Glyph::Hourglass,
        Standing::Overdue(_) => Glyph::Alert,
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
