//! The jump dialog: its results, and the actions that its search text can ask for.

use crate::{
    recording::{RecordingEvent, RecordingState},
    view::{RecordingRow, RoomRow},
};

/// The results of a search, the most urgent rooms and the newest recordings first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Rooms by their id or title.
    pub rooms: Vec<RoomRow>,
    /// Recordings by their room or the name of a file.
    pub recordings: Vec<RecordingRow>,
}

/// An action on a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomAction {
    /// Stop its recording.
    Stop,
    /// Record it.
    Record,
}

impl RoomAction {
    /// The action at the beginning of a search text, in either language, and the rest of the text: the name of
    /// a room, or nothing.
    pub fn parse(search: &str) -> Option<(Self, &str)> {
        let search = search.trim();
        let words = [
            ("stop", Self::Stop),
            ("record", Self::Record),
            ("停止", Self::Stop),
            ("录制", Self::Record),
        ];
        words.into_iter().find_map(|(word, action)| {
            let (begin, rest) = search.split_at_checked(word.len())?;
            // Chinese has no spaces between words.
            let ends = !word.is_ascii() || rest.is_empty() || rest.starts_with(char::is_whitespace);
            (ends && begin.eq_ignore_ascii_case(word)).then_some((action, rest.trim_start()))
        })
    }

    /// Whether a room allows it whose shown recording has this state; `None` without one.
    pub fn is_possible(self, state: Option<RecordingState>) -> bool {
        match self {
            Self::Stop => {
                state.is_some_and(|state| state.after(RecordingEvent::StopRequested).is_ok())
            }
            Self::Record => !state.is_some_and(RecordingState::is_active),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_may_begin_with_an_action_in_either_language() {
        use RoomAction::{Record, Stop};
        let parse = RoomAction::parse;
        assert_eq!(parse("stop class"), Some((Stop, "class")));
        assert_eq!(parse(" Record 产品评审"), Some((Record, "产品评审")));
        assert_eq!(parse("录制产品"), Some((Record, "产品")));
        for search in ["stop", "Stop ", "停止"] {
            assert_eq!(parse(search), Some((Stop, "")), "{search}");
        }
        for search in ["stopped", "recording", "停", "sto", ""] {
            assert_eq!(parse(search), None, "{search}");
        }
    }

    #[test]
    fn a_room_is_stopped_or_recorded_but_never_both() {
        for &state in RecordingState::ALL {
            let state = Some(state);
            let possible = [RoomAction::Stop, RoomAction::Record];
            let possible = possible.map(|action| action.is_possible(state));
            assert_ne!(possible, [true, true], "{state:?}");
        }
        assert!(RoomAction::Record.is_possible(None) && !RoomAction::Stop.is_possible(None));
        assert!(RoomAction::Stop.is_possible(Some(RecordingState::Unknown)));
    }
}
