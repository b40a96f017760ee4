//! Decides what follows from calls of the platform, over the part of the world that they touch.
//!
//! The store loads a [`World`], [`decide`] changes it, and the store writes the changes. The decision
//! does not use a database, so its rules are tested over thousands of cases without one. The result
//! does not depend on the order in which calls arrive, with the exceptions in
//! [`matching`](crate::matching) and [`meeting`](crate::meeting).

mod announce;
mod assign;
mod call;
mod held;
mod join;
mod status;
mod takes;
mod world;

pub use self::{
    announce::AT_ONCE,
    call::{FileCall, Meaning, ReadCall, StatusCall},
    held::{HeldFile, HeldMeeting, HeldRecording},
    status::gathered_around,
    world::{Events, HistoryEntry, Join, Room, World, window},
};
use crate::{callback::Understood, change::Change, ids::Ids};

/// The result of a decision.
#[derive(Debug, Default)]
pub struct Decided {
    /// The understanding of each call, in their order.
    pub understood: Vec<Understood>,
    /// The changes, for open pages.
    pub changes: Vec<Change>,
}

/// Decides what follows from calls, in their order, and changes the world accordingly.
pub fn decide(world: &mut World, calls: &[ReadCall], ids: &mut dyn Ids) -> Decided {
    let mut understood = Vec::with_capacity(calls.len());
    for call in calls {
        understood.push(match &call.meaning {
            Meaning::File(file) => world.file(call, file, ids),
            Meaning::Status(status) => world.status(call, status),
            Meaning::Nothing(understood) => understood.clone(),
        });
    }
    world.update_rooms(ids);
    // A later call may have shown that two recordings, or two files, are one.
    for understood in &mut understood {
        understood.recording = understood.recording.map(|id| world.current(id));
        understood.file = understood.file.map(|id| world.current_file(id));
    }
    Decided {
        understood,
        changes: world.take_changes(),
    }
}

#[cfg(test)]
mod tests;
