//! Derives a room's meetings and their participants from the events of status callbacks.
//!
//! Callbacks arrive late, twice, in another order, or not at all. So each event is stored once, with its
//! time (`VENDOR.md` §4), and the meetings are a function of the events, independent of the order in
//! which they arrive. Its limits:
//!
//! - The platform reports whole seconds. A meeting that began and ended within one is the same as
//!   another one within it; and where a meeting ends in the second in which somebody joins, they
//!   joined the one that ended, unless the next began in that second.
//! - An event without a time has the time of its call. Such a Begin may be a repetition, so it begins a
//!   meeting but does not end the one before it.
//! - The id of a meeting, and whether its recording was started automatically, depend on which event
//!   arrived first. A meeting that turns out to be two keeps its id for the first of them.

use std::collections::HashMap;

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{
    ids::{AppId, MeetingId},
    room::{ParticipantId, RoomId},
    time::Timestamp,
    words::words,
};

words!(What);

/// A Begin within this time after another one is of the same meeting: repeated, or by another clock of
/// the platform. Meetings are assumed to be longer.
const SAME_BEGIN_MS: i64 = 20_000;

/// The kind of an event.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum What {
    /// A Begin without a time.
    On,
    /// A meeting began.
    Begin,
    /// The meeting ended.
    End,
    /// A participant joined.
    Online,
    /// A participant left.
    Offline,
    /// A participant started to share their screen.
    ScreenOn,
    /// A participant stopped sharing their screen.
    ScreenOff,
}

/// An event in a room, ordered by time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoomEvent {
    /// Its time.
    pub at: Timestamp,
    /// Its kind.
    pub what: What,
    /// The participant, if it is about one.
    pub who: Option<ParticipantId>,
}

/// A meeting derived from events, without an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended; `None` while it is on.
    pub ended_at: Option<Timestamp>,
    /// The stays of its participants.
    pub stays: Vec<Stay>,
}

/// One stay of a participant in a meeting.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stay {
    /// The participant.
    pub who: ParticipantId,
    /// When they joined.
    pub joined_at: Timestamp,
    /// When they left; `None` while they are present.
    pub left_at: Option<Timestamp>,
    /// Whether they share their screen.
    pub shares_screen: bool,
}

/// A meeting as it is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meeting {
    /// Its id.
    pub id: MeetingId,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended; `None` while it is on.
    pub ended_at: Option<Timestamp>,
}

/// The key of a room.
pub type RoomKey = (AppId, RoomId);

/// The meetings of a room without a meeting before the first event; `events` are ordered. Only the last
/// one may be on.
pub fn derive(events: &[RoomEvent]) -> Vec<Derived> {
    Room::default().after(events)
}

/// The meeting that is on, after later events of participants only, whose open stays are `here`.
pub fn continue_meeting(
    began_at: Timestamp,
    here: Vec<Stay>,
    events: &[RoomEvent],
) -> Vec<Derived> {
    let on = On {
        since: began_at,
        begin: Some(began_at),
        last_event_at: began_at,
        stays: here,
    };
    let (past, on) = (Vec::new(), Some(on));
    Room { past, on }.after(events)
}

/// The participants of stays that are in the order in which they began, each once: when they first joined and, unless
/// they are present, when they last left.
pub fn participants(stays: &[Stay]) -> Vec<Stay> {
    let mut places = HashMap::new();
    let mut people: Vec<Stay> = Vec::new();
    for stay in stays {
        let place = *places.entry(&stay.who).or_insert(people.len());
        let Some(person) = people.get_mut(place) else {
            people.push(stay.clone());
            continue;
        };
        let left = person.left_at.zip(stay.left_at);
        person.left_at = left.map(|(one, other)| one.max(other));
        person.shares_screen |= stay.shares_screen;
    }
    people
}

/// Whether a participant with this stay was certainly present at some moment from `from` to `to`. The
/// platform reports whole seconds, so a participant who joined within the last second may have joined
/// after `to`.
pub fn was_there(stay: &Stay, (from, to): (Timestamp, Timestamp)) -> bool {
    stay.joined_at.plus_millis(999) <= to && stay.left_at.is_none_or(|left| left >= from)
}

/// The meeting that is on.
struct On {
    /// The time of its first event.
    since: Timestamp,
    /// The time of its Begin.
    begin: Option<Timestamp>,
    /// The time of its last event.
    last_event_at: Timestamp,
    stays: Vec<Stay>,
}

impl On {
    const fn new(at: Timestamp) -> Self {
        Self {
            since: at,
            begin: None,
            last_event_at: at,
            stays: Vec::new(),
        }
    }

    fn began_at(&self) -> Timestamp {
        self.begin.unwrap_or(self.since)
    }

    /// Whether a Begin at `at` may be of this meeting.
    fn may_have_begun(&self, at: Timestamp) -> bool {
        at.since(self.began_at()) <= SAME_BEGIN_MS
    }

    fn here(&mut self, who: &ParticipantId) -> Option<&mut Stay> {
        let mut stays = self.stays.iter_mut();
        stays.find(|stay| stay.left_at.is_none() && stay.who == *who)
    }

    fn over(mut self, ended_at: Option<Timestamp>) -> Derived {
        let here = |stay: &&mut Stay| stay.left_at.is_none();
        for stay in self.stays.iter_mut().filter(here) {
            stay.left_at = ended_at;
            stay.shares_screen &= ended_at.is_none();
        }
        Derived {
            began_at: self.began_at(),
            ended_at,
            stays: self.stays,
        }
    }
}

#[derive(Default)]
struct Room {
    past: Vec<Derived>,
    on: Option<On>,
}

impl Room {
    fn after(mut self, events: &[RoomEvent]) -> Vec<Derived> {
        for moment in events.chunk_by(|one, next| one.at == next.at) {
            self.pass(moment);
        }
        let on = self.on.map(|on| on.over(None));
        self.past.into_iter().chain(on).collect()
    }

    /// Applies the events of one moment. The platform reports whole seconds, so a meeting may end and the
    /// next begin in the same; the state before tells the order.
    fn pass(&mut self, moment: &[RoomEvent]) {
        let Some(at) = moment.first().map(|event| event.at) else {
            return;
        };
        let is = |what| moment.iter().any(|event| event.what == what);
        let each = |what| {
            let of_it = moment.iter().filter(move |event| event.what == what);
            of_it.filter_map(|event| event.who.as_ref())
        };
        // Participants who were present left; the others joined first.
        let mut unseen: Vec<_> = each(What::Offline).collect();
        unseen.retain(|who| !self.leaves(who, at));
        // A meeting without a Begin so far gets this one.
        let begun = |on: &On| on.begin.is_some() || !on.may_have_begun(at);
        let restarts = is(What::End) && is(What::Begin) && self.on.as_ref().is_some_and(begun);
        if restarts {
            self.ends(at);
        }
        if is(What::Begin) {
            self.begins(at);
        }
        if is(What::On) {
            self.goes_on(at);
        }
        for who in each(What::Online) {
            self.comes(who, at);
        }
        for who in unseen {
            self.leaves_unseen(who, at);
        }
        for (what, shares) in [(What::ScreenOn, true), (What::ScreenOff, false)] {
            for who in each(what) {
                self.shares(who, at, shares);
            }
        }
        if is(What::End) && !restarts {
            self.ends(at);
        }
    }

    fn begins(&mut self, at: Timestamp) {
        match &mut self.on {
            Some(on) if on.may_have_begun(at) => {
                on.begin.get_or_insert(at);
                on.last_event_at = at;
            }
            // Repeated calls have the same time, so this is another Begin, and the End before it was lost.
            Some(on) => {
                // It ended when the last participant left. If one did not leave, that call was lost,
                // too, and they may have stayed until this Begin.
                let empty = on.stays.iter().all(|stay| stay.left_at.is_some());
                let ended_at = if empty { on.last_event_at } else { at };
                self.ends(ended_at);
                self.begins(at);
            }
            None => {
                let on = self.on.insert(On::new(at));
                on.begin = Some(at);
            }
        }
    }

    fn ends(&mut self, at: Timestamp) {
        let over = self.on.take().map(|on| on.over(Some(at)));
        self.past.extend(over);
    }

    /// An event in a meeting begins one if the Begin was lost or is late.
    fn goes_on(&mut self, at: Timestamp) -> &mut On {
        let on = self.on.get_or_insert_with(|| On::new(at));
        on.last_event_at = at;
        on
    }

    fn comes(&mut self, who: &ParticipantId, at: Timestamp) {
        let on = self.goes_on(at);
        if on.here(who).is_none() {
            on.stays.push(Stay {
                who: who.clone(),
                joined_at: at,
                left_at: None,
                shares_screen: false,
            });
        }
    }

    /// Ends a stay; `false` if there is none.
    fn leaves(&mut self, who: &ParticipantId, at: Timestamp) -> bool {
        let Some(on) = &mut self.on else {
            return false;
        };
        let Some(stay) = on.here(who) else {
            return false;
        };
        stay.left_at = Some(at);
        stay.shares_screen = false;
        on.last_event_at = at;
        true
    }

    /// A participant who leaves without having joined gets a stay of this moment.
    fn leaves_unseen(&mut self, who: &ParticipantId, at: Timestamp) {
        if self.on.is_some() {
            self.comes(who, at);
            self.leaves(who, at);
        }
    }

    fn shares(&mut self, who: &ParticipantId, at: Timestamp, shares: bool) {
        if let Some(on) = &mut self.on
            && let Some(stay) = on.here(who)
        {
            stay.shares_screen = shares;
            on.last_event_at = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*, sample::select};

    use super::{What::*, *};
    use crate::table::{at, event, events, lines};

    fn second(time: Timestamp) -> i64 {
        time.since(at(0)) / 1000
    }

    fn span(from: Timestamp, to: Option<Timestamp>) -> String {
        let to = to.map_or(String::new(), |to| second(to).to_string());
        format!("{}..{to}", second(from))
    }

    /// The meetings of events, each with its stays: `0..9 [ada 1..3, ada 4..9]`.
    fn derived(text: &str) -> String {
        let mut events = events(text);
        events.sort();
        let stay = |stay: &Stay| {
            let shares = if stay.shares_screen { " shares" } else { "" };
            format!(
                "{} {}{shares}",
                stay.who,
                span(stay.joined_at, stay.left_at)
            )
        };
        let meeting = |one: Derived| {
            let stays: Vec<_> = one.stays.iter().map(stay).collect();
            format!(
                "{} [{}]",
                span(one.began_at, one.ended_at),
                stays.join(", ")
            )
        };
        let meetings: Vec<_> = derive(&events).into_iter().map(meeting).collect();
        meetings.join(", ")
    }

    /// Checks cases of three lines: what it is about, the events, and the meetings, `-` for none.
    fn check(cases: &str) {
        let lines: Vec<&str> = lines(cases).collect();
        for &[case, events, meetings] in lines.as_chunks::<3>().0 {
            assert_eq!(derived(events), meetings.trim_matches('-'), "{case}");
        }
    }

    #[test]
    fn participants_and_the_begin_of_a_meeting() {
        check(
            "
            somebody comes, shares, goes and comes back
                0 begin, 1 online ada, 2 screen_on ada, 3 offline ada, 4 online ada, 5 screen_on ada
                0.. [ada 1..3, ada 4.. shares]
            a participant who is present at the end has left, and shares nothing
                0 begin, 1 online ada, 2 screen_on ada, 9 end
                0..9 [ada 1..9]
            an End alone is no meeting
                9 end
                -
            without its Begin, a meeting begins with its first event
                5 online ada, 9 end
                5..9 [ada 5..9]
            a Begin that comes after is the meeting's
                5 online ada, 7 begin, 9 end
                7..9 [ada 5..9]
            a Begin without a time goes on with the meeting
                0 begin, 100 on
                0.. []
            a Begin without a time begins a meeting where there is none
                100 on, 150 end
                100..150 []
            a repeated Begin, or one by another clock
                0 begin, 20 begin
                0.. []
            a later Begin begins another meeting, and the first, without other events, was over
                0 begin, 21 begin
                0..0 [], 21.. []
            ",
        );
    }

    #[test]
    fn a_lost_end_is_inferred() {
        check(
            "
            an End was lost after the last one left
                0 begin, 1 online ada, 50 offline ada, 500 begin
                0..50 [ada 1..50], 500.. []
            the End was lost, and the call about a participant who left, too
                0 begin, 1 online ada, 500 begin
                0..500 [ada 1..500], 500.. []
            ",
        );
    }

    #[test]
    fn events_in_one_second_and_late_events() {
        check(
            "
            a participant who leaves without having joined was there for this moment
                0 begin, 7 offline ada
                0.. [ada 7..7]
            without a meeting, leaving and sharing begin none
                7 offline ada, 8 screen_on ada
                -
            a meeting ends and the next begins within a second
                0 begin, 1 online ada, 100 end, 100 begin, 100 online bob
                0..100 [ada 1..100], 100.. [bob 100..]
            a meeting that begins and ends within a second
                5 begin, 5 online ada, 5 end
                5..5 [ada 5..5]
            within a second, a present participant leaves and comes back, and another comes and leaves
                0 begin, 1 online ada, 9 offline ada, 9 online ada, 9 offline bob, 9 online bob
                0.. [ada 1..9, ada 9.., bob 9..9]
            a Begin in between makes two meetings one
                0 online ada, 15 begin, 30 begin
                15.. [ada 0..]
            ",
        );
    }

    #[test]
    fn each_participant_is_there_once() {
        let stay = |(who, joined, left, shares_screen): (&str, i64, Option<i64>, bool)| Stay {
            who: ParticipantId::new(who).unwrap(),
            joined_at: at(joined),
            left_at: left.map(at),
            shares_screen,
        };
        let stays = [
            ("cyd", 1, Some(9), false),
            ("ada", 2, Some(3), false),
            ("bob", 4, Some(5), false),
            ("ada", 6, None, true),
            ("bob", 7, Some(8), false),
        ];
        let people = [
            ("cyd", 1, Some(9), false),
            ("ada", 2, None, true),
            ("bob", 4, Some(8), false),
        ];
        assert_eq!(participants(&stays.map(stay)), people.map(stay));
    }

    #[test]
    fn only_certain_participants_are_expected() {
        let stay = |joined, left: Option<i64>| Stay {
            who: ParticipantId::new("ada").unwrap(),
            joined_at: at(joined),
            left_at: left.map(at),
            shares_screen: false,
        };
        for (stay, from, to, was) in [
            (stay(10, Some(20)), 0, 9, false),
            // They may have joined at the end of that second.
            (stay(10, Some(20)), 0, 10, false),
            (stay(10, Some(20)), 0, 11, true),
            (stay(10, Some(20)), 20, 30, true),
            (stay(10, Some(20)), 21, 30, false),
            (stay(10, None), 500, 600, true),
        ] {
            assert_eq!(was_there(&stay, (at(from), at(to))), was, "{from} {to}");
        }
    }

    /// Events of participants in order, each at most once a second, as [`continue_meeting`]
    /// requires.
    fn of_participants() -> impl Strategy<Value = Vec<RoomEvent>> {
        let whats = select(vec![Online, Offline, ScreenOn, ScreenOff]);
        let one = (whats, select(vec!["ada", "bob", "cyd"]), 1..40_i64);
        vec(one.prop_map(event), 0..30).prop_map(|mut events| {
            events.sort_by(|one, other| (one.at, &one.who).cmp(&(other.at, &other.who)));
            events.dedup_by(|one, other| (one.at, &one.who) == (other.at, &other.who));
            events
        })
    }

    proptest! {
        #[test]
        fn a_continued_meeting_equals_a_derived_one(
            events in of_participants(),
            known in 0..=30_usize,
        ) {
            let begin = event((Begin, "", 0));
            let whole: Vec<_> = std::iter::once(begin).chain(events.iter().cloned()).collect();
            let known = known.min(events.len());
            // Later events are in later seconds.
            let known = events.partition_point(|one| {
                known > 0 && one.at <= events[known - 1].at
            });
            let before = derive(&whole[..=known]).remove(0);
            let (here, past): (Vec<_>, Vec<_>) =
                before.stays.into_iter().partition(|stay| stay.left_at.is_none());
            let later = continue_meeting(before.began_at, here, &events[known..]).remove(0);
            let mut stays: Vec<_> = past.into_iter().chain(later.stays).collect();
            stays.sort();
            let mut expected = derive(&whole).remove(0);
            expected.stays.sort();
            prop_assert_eq!(stays, expected.stays);
            prop_assert_eq!(later.ended_at, None);
        }
    }
}
