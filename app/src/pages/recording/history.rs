use leptos::prelude::*;
use reelroom_domain::{
    about::AboutChange,
    cause::Cause,
    recording::RecordingEvent as E,
    room::RoomId,
    time::Civil,
    view::{HistoryEvent as H, HistoryLine},
    visible::visible_line,
    watch::AlertKind,
};

use crate::{
    components::{Step, StepMark, Steps, Time},
    i18n::Locale,
    reader::Reader,
    this_page::locale,
    words::{self, TimeStyle},
};

/// The history of a recording, oldest first.
pub fn history(lines: &[HistoryLine]) -> impl IntoView + use<> {
    let locale = locale();
    // These do not change the state.
    let last = lines
        .iter()
        .rposition(|line| {
            let of_copies = [H::CopyLost, H::Returned, H::PurgeBegun, H::Purged];
            !line.event.is_said() && !of_copies.contains(&line.event)
        })
        .unwrap_or_default();
    let days = days(locale, lines);
    let step = |((index, line), day): ((usize, &HistoryLine), Option<String>)| Step {
        mark: mark(line.event, index == last),
        title: title(locale, line).into_any(),
        note: view! {
            {day}
            " "
            <Time at=line.at style=TimeStyle::Seconds />
        }
        .into_any(),
        more: more(locale, line).map(IntoAny::into_any),
    };
    let steps = lines.iter().enumerate().zip(days).map(step).collect();
    view! {
        <section aria-labelledby="session-h">
            <h2 id="session-h">{say!(locale, recording.session.title)}</h2>
            <Steps steps=steps vertical=true />
        </section>
    }
}

/// The day of each line that is the first of its day: `18 Nov`.
fn days(locale: Locale, lines: &[HistoryLine]) -> Vec<Option<String>> {
    let reader = Reader::expect();
    let times = lines.iter().map(|line| reader.zone.civil(line.at));
    let times: Vec<Civil> = times.collect();
    let before = std::iter::once(None).chain(times.iter().copied().map(Some));
    let days = before.zip(&times).map(|(before, at)| {
        let is_same = before.is_some_and(|before| words::is_same_day(before, *at));
        (!is_same).then(|| words::day_short(locale, *at, reader.today()))
    });
    days.collect()
}

/// The cause, the result of a check, or what people say since then.
fn more(locale: Locale, line: &HistoryLine) -> Option<String> {
    if let Some(change) = &line.change {
        return words::change(locale, change);
    }
    match (line.event, &line.cause) {
        (H::Checked(check), _) => Some(words::check(locale, &check)),
        (_, cause) => cause.as_ref().map(|cause| words::cause(locale, cause)),
    }
}

fn mark(event: H, last: bool) -> StepMark {
    match event {
        H::Took(E::StartRefused | E::FallenDue | E::GivenUp) | H::CopyLost => StepMark::Fault,
        H::Took(E::StartUnanswered | E::StopUncertain) => StepMark::Maybe,
        H::Took(E::StartAccepted) if last => StepMark::Recording,
        H::Requested
        | H::Always
        | H::Took(
            E::StopRequested
            | E::StopAccepted
            | E::SaidStopped
            | E::PartArrived
            | E::CompositeArrived,
        ) if last => StepMark::Now,
        _ => StepMark::Done,
    }
}

fn title(locale: Locale, line: &HistoryLine) -> String {
    let name = line.actor.as_deref().unwrap_or_default();
    let is_named = line.actor.is_some();
    macro_rules! by {
        ($($key:tt)+) => {
            return say!(locale, $($key)+, name)
        };
    }
    let fixed = match line.event {
        H::Described => match line.change {
            Some(AboutChange::Title { .. }) => by!(recording.session.title_by),
            Some(AboutChange::Tags { .. }) => by!(recording.session.tags_by),
            Some(AboutChange::Notes) | None => by!(recording.session.notes_by),
        },
        H::Moved => {
            let room = line.moved_from.as_ref().map_or("", RoomId::as_str);
            let room = visible_line(room, RoomId::MAX_BYTES);
            return say!(locale, recording.session.moved_by, room, name);
        }
        H::Always => by!(watch.always.requested),
        H::Assigned => by!(recording.session.assigned_by),
        H::Dismissed(AlertKind::NotRecorded) => by!(watch.alert.said_not_recorded),
        H::Dismissed(AlertKind::EmptyRoom) => by!(watch.alert.said_empty_room),
        H::Dismissed(AlertKind::NoSign) => by!(watch.alert.said_no_sign),
        H::Dismissed(AlertKind::TooLong) => by!(watch.alert.said_too_long),
        H::Dismissed(AlertKind::FilesGone) => by!(watch.alert.said_files_gone),
        H::Trashed => by!(recording.session.trashed_by),
        H::Restored => by!(recording.session.restored_by),
        H::Held => by!(recording.session.held_by),
        H::Released => by!(recording.session.released_by),
        H::PurgeAsked => by!(recording.session.purge_asked_by),
        H::FilesPurged => by!(recording.session.files_purged_by),
        H::Seen => by!(recording.session.seen_by),
        H::Unassigned => by!(recording.session.unassigned_by),
        H::Took(E::FileTakenBack) => say!(locale, recording.session.taken_back),
        H::Checked(_) if is_named => by!(look.checked_by),
        H::Requested if is_named => by!(recording.session.requested_by),
        H::Took(E::StopRequested) if is_named => by!(recording.session.stop_requested_by),
        H::Took(E::GivenUp) if is_named => by!(recording.session.given_up_by),
        H::Took(E::AcceptedIncomplete) if is_named => by!(recording.session.accepted_incomplete_by),
        H::Took(E::SaidStopped) if is_named => by!(recording.session.said_stopped_by),
        H::Checked(_) => say!(locale, look.checked),
        H::LookedUp => say!(locale, look.looked_up),
        H::Found => say!(locale, recording.session.found),
        H::CopyLost => say!(locale, recording.session.copy_lost),
        H::Returned => say!(locale, recording.session.returned),
        H::PurgeBegun => say!(locale, recording.session.purge_begun),
        H::Purged => say!(locale, recording.session.purged),
        H::Requested => say!(locale, common.state.requested),
        H::Took(E::StartAccepted) => say!(locale, common.state.recording),
        H::Took(E::StartRefused) => say!(locale, recording.session.start_refused),
        H::Took(E::StartUnanswered) => say!(locale, recording.session.start_unanswered),
        H::Took(E::StopRequested) => say!(locale, recording.session.stop_requested),
        H::Took(E::StopAccepted) => say!(locale, recording.session.stop_accepted),
        H::Took(E::StopUncertain) if matches!(line.cause, Some(Cause::Words(_))) => {
            say!(locale, recording.session.stop_refused)
        }
        H::Took(E::AcceptedIncomplete) => say!(locale, recording.session.accepted_incomplete),
        H::Took(E::StopUncertain) => say!(locale, recording.session.stop_uncertain),
        H::Took(E::PartArrived) => say!(locale, recording.session.part_arrived),
        H::Took(E::CompositeArrived) => say!(locale, recording.session.composite_arrived),
        H::Took(E::LastFileArrived) => say!(locale, recording.session.last_file_arrived),
        H::Took(E::FallenDue) => say!(locale, recording.session.fallen_due),
        H::Took(E::GivenUp) => say!(locale, recording.session.given_up),
        H::Took(E::SaidStopped) => say!(locale, recording.session.said_stopped),
    };
    fixed.to_owned()
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;

    use super::*;

    #[test]
    fn people_are_named_where_they_acted() {
        let line = |event, actor: Option<&str>| HistoryLine {
            at: Timestamp::from_millis(0),
            event,
            actor: actor.map(ToOwned::to_owned),
            cause: None,
            change: None,
            moved_from: Some(RoomId::new("hal").unwrap()),
        };
        for (event, actor, words) in [
            (H::Requested, Some("u1001"), "Requested by u1001"),
            (H::Requested, None, "Requested"),
            (
                H::Always,
                Some("u1001"),
                "Requested with the meeting (turned on by u1001)",
            ),
            (
                H::Dismissed(AlertKind::TooLong),
                Some("u1001"),
                "Over 6 hours; u1001 kept it recording",
            ),
            (
                H::Moved,
                Some("u1001"),
                "Moved here from the room hal by u1001",
            ),
            (H::Took(E::StartAccepted), None, "Recording"),
        ] {
            assert_eq!(title(Locale::en, &line(event, actor)), words);
        }
        assert_eq!(
            title(Locale::zh_CN, &line(H::Always, Some("u1001"))),
            "随会议请求（由 u1001 开启）"
        );
    }

    #[test]
    fn the_last_step_shows_where_it_stands() {
        let took = |event, last| mark(H::Took(event), last);
        assert_eq!(took(E::StartAccepted, true), StepMark::Recording);
        assert_eq!(took(E::StartAccepted, false), StepMark::Done);
        assert_eq!(took(E::LastFileArrived, true), StepMark::Done);
        assert_eq!(took(E::StartUnanswered, false), StepMark::Maybe);
    }
}
