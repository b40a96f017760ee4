//! What follows from calls of the platform: a decision over the part of the world that they touch.
//!
//! The store loads a [`World`], [`decide`] changes it, and the store writes what changed. No step of
//! the decision touches a database, so its rules are tested over thousands of cases without one. The
//! order in which calls arrive makes no difference to what is true in the end, except for what
//! [`matching`](crate::matching) and [`meeting`](crate::meeting) say.

mod announce;
mod assign;
mod call;
mod join;
mod status;
mod world;

pub use self::{
    announce::AT_ONCE,
    call::{FileCall, ReadCall, StatusCall, Told},
    status::gathered_around,
    world::{
        Events, HeldFile, HeldMeeting, HeldRecording, HistoryEntry, Join, Room, Version, World,
        window,
    },
};
use crate::{callback::Understood, ids::Ids, view::Change};

/// What was decided.
#[derive(Debug, Default)]
pub struct Decided {
    /// How each call was understood, in their order.
    pub understood: Vec<Understood>,
    /// What changed, for open pages.
    pub changes: Vec<Change>,
}

/// Decides what follows from calls, in their order; the world is changed accordingly.
pub fn decide(world: &mut World, calls: &[ReadCall], ids: &mut dyn Ids) -> Decided {
    let mut understood = Vec::with_capacity(calls.len());
    for call in calls {
        understood.push(match &call.told {
            Told::File(file) => world.file(call, file, ids),
            Told::Status(status) => world.status(call, status),
            Told::Nothing(understood) => understood.clone(),
        });
    }
    world.settle_rooms(ids);
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
