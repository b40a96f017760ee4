//! The forms of a rule and of the schedule.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{
    kinds::Kinds,
    rule::{RuleName, RuleText, STATES, When},
    view::Schedule,
};
use crate::{
    about::Tags,
    access::Grant,
    file::FileKind,
    recording::RecordingState,
    room::RoomId,
    typed::{all_of, form, number, tick},
    words::words,
};

words!(RuleField);

/// A field of the form of a rule, or of the schedule, that can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum RuleField {
    /// The name: 1 to 80 characters, and no other rule has it.
    Name,
    /// The app: one that exists; needed for rooms.
    InApp,
    /// The room or prefix: at most 128 bytes.
    Rooms,
    /// The tags: at most three.
    Tags,
    /// The states: at least one.
    States,
    /// The kinds: at least one.
    Kinds,
    /// The days: 1 to 36,500.
    Days,
    /// The gigabytes: 1 to 1,000,000.
    Gigabytes,
    /// The hour: 0 to 23.
    Hour,
    /// The time zone: one that exists.
    Zone,
    /// The reason for switching off: 1 to 500 characters.
    Reason,
}

form!(
    /// The form of a rule, as typed. A box that is not ticked is empty.
    RuleForm {
        /// The name.
        name,
    } optional {
        /// The id of the app; empty: every app.
        in_app,
        /// A room, or with a `*` at its end a prefix; empty: every room.
        rooms,
        /// Tags between commas, of which a recording has one; empty: any.
        tags,
        /// Whether it is about ready recordings.
        state_ready,
        /// Whether it is about failed ones.
        state_failed,
        /// Whether it is about overdue ones.
        state_overdue,
        /// Whether it deletes composites.
        composite,
        /// Whether it deletes tracks.
        track,
        /// Whether it deletes frames.
        frame,
        /// `size` for the total size, else by age.
        when,
        /// The age in days.
        days,
        /// The total size in gigabytes.
        gigabytes,
    }
);

/// A gigabyte, in bytes.
const GIGABYTE: u64 = 1_000_000_000;

impl RuleForm {
    /// The form that shows a rule.
    pub fn of(text: &RuleText) -> Self {
        let state = |state| tick(text.states.contains(&state));
        let kind = |kind| tick(text.kinds.has(kind));
        let (when, days, gigabytes) = match text.when {
            When::OlderThan { days } => ("age", days.to_string(), String::new()),
            When::Above { bytes } => ("size", String::new(), (bytes / GIGABYTE).to_string()),
        };
        Self {
            name: text.name.as_str().to_owned(),
            in_app: text
                .rooms
                .app()
                .map(|app| app.to_string())
                .unwrap_or_default(),
            rooms: match &text.rooms {
                Grant::Everything | Grant::App { .. } => String::new(),
                Grant::Room { room, .. } => room.to_string(),
                Grant::Prefix { prefix, .. } => format!("{prefix}*"),
            },
            tags: text.tags.to_string(),
            state_ready: state(RecordingState::Ready),
            state_failed: state(RecordingState::Failed),
            state_overdue: state(RecordingState::Overdue),
            composite: kind(FileKind::Composite),
            track: kind(FileKind::Track),
            frame: kind(FileKind::Frame),
            when: when.to_owned(),
            days,
            gigabytes,
        }
    }

    /// The form of a new rule: ready recordings, all kinds.
    pub fn fresh() -> Self {
        let yes = || tick(true);
        Self {
            state_ready: yes(),
            composite: yes(),
            track: yes(),
            frame: yes(),
            when: "age".to_owned(),
            ..Self::default()
        }
    }

    /// Parses the rule; the error names every field that is wrong.
    pub fn parse(&self) -> Result<RuleText, Vec<RuleField>> {
        let name = RuleName::parse(&self.name).ok();
        let name = name.filter(|name| !name.as_str().is_empty());
        let tags = Tags::parse(&self.tags);
        let tags = tags.filter(|tags| tags.as_slice().len() <= RuleText::MOST_TAGS);
        let states =
            STATES
                .into_iter()
                .zip([&self.state_ready, &self.state_failed, &self.state_overdue]);
        let states: Vec<RecordingState> = ticked(states).collect();
        let states = Some(states).filter(|states| !states.is_empty());
        let kinds = FileKind::ALL
            .into_iter()
            .zip([&self.composite, &self.track, &self.frame]);
        let name = name.ok_or(RuleField::Name);
        let rooms = self.read_rooms();
        let tags = tags.ok_or(RuleField::Tags);
        let states = states.ok_or(RuleField::States);
        let kinds = Kinds::of(ticked(kinds)).ok_or(RuleField::Kinds);
        let when = self.read_when();
        all_of!(RuleText: name, rooms, tags, states, kinds, when)
    }

    fn read_rooms(&self) -> Result<Grant, RuleField> {
        let app = match self.in_app.as_str() {
            "" => None,
            id => Some(id.parse().map_err(|_| RuleField::InApp)?),
        };
        let room = |text: &str| RoomId::new(text).map_err(|_| RuleField::Rooms);
        match (app, self.rooms.trim()) {
            (None, "" | "*") => Ok(Grant::Everything),
            (Some(app), "" | "*") => Ok(Grant::App { app }),
            (None, _) => Err(RuleField::InApp),
            (Some(app), typed) => match typed.strip_suffix('*') {
                Some(prefix) => room(prefix).map(|prefix| Grant::Prefix { app, prefix }),
                None => room(typed).map(|room| Grant::Room { app, room }),
            },
        }
    }

    fn read_when(&self) -> Result<When, RuleField> {
        if self.when == "size" {
            let gigabytes = number::<u64>(&self.gigabytes, 1..=1_000_000);
            let bytes = gigabytes.ok_or(RuleField::Gigabytes)? * GIGABYTE;
            return Ok(When::Above { bytes });
        }
        let days = number(&self.days, 1..=36_500).ok_or(RuleField::Days)?;
        Ok(When::OlderThan { days })
    }
}

/// The values whose boxes are ticked.
fn ticked<'a, T>(boxes: impl Iterator<Item = (T, &'a String)>) -> impl Iterator<Item = T> {
    boxes
        .filter(|(_, ticked)| !ticked.is_empty())
        .map(|(value, _)| value)
}

form!(
    /// The hour and the zone of the schedule, as typed.
    ScheduleForm {
        /// The hour.
        hour,
        /// The time zone.
        zone,
    }
);

impl ScheduleForm {
    /// Changes a schedule; the error names every field that is wrong. `is_zone` says whether a time zone exists.
    pub fn change(
        &self,
        schedule: &mut Schedule,
        is_zone: impl FnOnce(&str) -> bool,
    ) -> Result<(), Vec<RuleField>> {
        let hour = number(&self.hour, 0..=23).ok_or(RuleField::Hour);
        let zone = Some(self.zone.trim()).filter(|zone| is_zone(zone));
        match (hour, zone.ok_or(RuleField::Zone)) {
            (Ok(hour), Ok(zone)) => {
                schedule.hour = hour;
                zone.clone_into(&mut schedule.zone);
                Ok(())
            }
            (hour, zone) => Err([hour.err(), zone.err()].into_iter().flatten().collect()),
        }
    }
}
