//! What is true of a room's meetings, made from all that was told of them. A function of what was
//! told and when it happened: in which order and how often it came makes no difference.

use reelroom_domain::{room::ParticipantId, time::Timestamp};

/// A Begin that is this much later than the one before is told again, or of the same meeting by
/// another of the platform's clocks; a later one is of another meeting. No meeting is that short.
const SAME_BEGIN_MS: i64 = 20_000;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum What {
    /// A Begin of which nobody knows when it was.
    On,
    Begin,
    End,
    Online,
    Offline,
    ScreenOn,
    ScreenOff,
}

impl What {
    const ALL: [Self; 7] = [
        Self::On,
        Self::Begin,
        Self::End,
        Self::Online,
        Self::Offline,
        Self::ScreenOn,
        Self::ScreenOff,
    ];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Begin => "begin",
            Self::End => "end",
            Self::Online => "online",
            Self::Offline => "offline",
            Self::ScreenOn => "screen_on",
            Self::ScreenOff => "screen_off",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.as_str() == text)
    }
}

/// Something happened in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) at: Timestamp,
    pub(super) what: What,
    /// `None`: it is of the meeting.
    pub(super) who: Option<ParticipantId>,
}

impl Told {
    pub(super) const fn of_meeting(at: Timestamp, what: What) -> Self {
        let who = None;
        Self { at, what, who }
    }

    pub(super) fn of(participant: &ParticipantId, at: Timestamp, what: What) -> Self {
        let who = Some(participant.clone());
        Self { at, what, who }
    }
}

/// A meeting, whatever its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) began_at: Timestamp,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) stays: Vec<Stay>,
}

/// From coming to leaving.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Stay {
    pub(super) who: ParticipantId,
    pub(super) joined_at: Timestamp,
    pub(super) left_at: Option<Timestamp>,
    pub(super) shares_screen: bool,
}

/// The meetings of a room in which no meeting is on at first; `told` is in the order of its times.
/// All are over but the last, which may be on.
pub(super) fn meetings(told: &[Told]) -> Vec<Shape> {
    let mut room = Room::default();
    for moment in told.chunk_by(|one, next| one.at == next.at) {
        room.pass(moment);
    }
    let on = room.on.map(|on| on.over(None));
    room.past.into_iter().chain(on).collect()
}

/// The meeting that is on.
struct On {
    /// When the first thing of it happened.
    since: Timestamp,
    /// When it began, in the platform's own word.
    begin: Option<Timestamp>,
    /// When the last thing of it happened.
    heard: Timestamp,
    stays: Vec<Stay>,
}

impl On {
    const fn new(at: Timestamp) -> Self {
        Self {
            since: at,
            begin: None,
            heard: at,
            stays: Vec::new(),
        }
    }

    fn began_at(&self) -> Timestamp {
        self.begin.unwrap_or(self.since)
    }

    /// Whether a Begin at `at` may be this meeting's.
    fn may_have_begun(&self, at: Timestamp) -> bool {
        at.since(self.began_at()) <= SAME_BEGIN_MS
    }

    fn here(&mut self, who: &ParticipantId) -> Option<&mut Stay> {
        let mut stays = self.stays.iter_mut();
        stays.find(|stay| stay.left_at.is_none() && stay.who == *who)
    }

    fn over(mut self, ended_at: Option<Timestamp>) -> Shape {
        let here = |stay: &&mut Stay| stay.left_at.is_none();
        for stay in self.stays.iter_mut().filter(here) {
            stay.left_at = ended_at;
            stay.shares_screen &= ended_at.is_none();
        }
        Shape {
            began_at: self.began_at(),
            ended_at,
            stays: self.stays,
        }
    }
}

#[derive(Default)]
struct Room {
    past: Vec<Shape>,
    on: Option<On>,
}

impl Room {
    /// What happened at one moment. The platform tells whole seconds, so one meeting may end and the
    /// next begin in the same; what was before says in which order things happened.
    fn pass(&mut self, moment: &[Told]) {
        let Some(at) = moment.first().map(|told| told.at) else {
            return;
        };
        let is = |what| moment.iter().any(|told| told.what == what);
        let each = |what| {
            let of_it = moment.iter().filter(move |told| told.what == what);
            of_it.filter_map(|told| told.who.as_ref())
        };
        // Who was there left; who was not came first.
        let mut unseen: Vec<_> = each(What::Offline).collect();
        unseen.retain(|who| !self.leaves(who, at));
        // A meeting that only had no Begin so far is the one that this begins.
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
                on.heard = at;
            }
            // A call comes with the time of what it tells of, however late or often it comes: this is
            // another Begin, and the End of the meeting before was lost.
            Some(on) => {
                // It ended when the last one left. Where somebody did not leave as far as we know,
                // that call was lost too. They were there longer than we heard of them, but not in a
                // meeting that was no more: up to this Begin is the least that misses nothing.
                let empty = on.stays.iter().all(|stay| stay.left_at.is_some());
                let ended_at = if empty { on.heard } else { at };
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

    /// Whatever happens in a meeting begins one where the Begin was lost, or is yet to come.
    fn goes_on(&mut self, at: Timestamp) -> &mut On {
        let on = self.on.get_or_insert_with(|| On::new(at));
        on.heard = at;
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

    /// `false`: they were not there.
    fn leaves(&mut self, who: &ParticipantId, at: Timestamp) -> bool {
        let Some(on) = &mut self.on else {
            return false;
        };
        let Some(stay) = on.here(who) else {
            return false;
        };
        stay.left_at = Some(at);
        stay.shares_screen = false;
        on.heard = at;
        true
    }

    /// Who leaves a meeting was in it, if only for this moment as far as we know.
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
            on.heard = at;
        }
    }
}
