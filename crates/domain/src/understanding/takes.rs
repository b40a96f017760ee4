//! Decides which files are versions of one take.

use std::collections::BTreeMap;

use super::{held::HeldFile, world::World};
use crate::{
    file::Announcement,
    identity::Identity,
    ids::{FileId, RecordingId},
};

impl World {
    /// The file of a recording that an announcement is, or is a version of. Of several that are as close
    /// it is the first, so that a call that is understood again leads to the same one.
    pub(super) fn closest(
        &self,
        recording: RecordingId,
        file: &Announcement,
    ) -> Option<(Identity, usize)> {
        self.closest_of(self.files_named(recording, file), file)
    }

    fn closest_of(
        &self,
        known: impl Iterator<Item = usize>,
        file: &Announcement,
    ) -> Option<(Identity, usize)> {
        let compared =
            known.map(|index| (Identity::of(&self.files()[index].announced, file), index));
        compared
            .filter(|(identity, _)| *identity != Identity::Take)
            .min_by_key(|(identity, index)| {
                let known = &self.files()[*index];
                (*identity, known.announced_at, known.version, known.id)
            })
    }

    /// The number of the next version of a file.
    pub(super) fn next_version(&self, index: usize) -> u32 {
        let newest = self.versions_of(index).pop();
        newest.map_or(1, |newest| self.files()[newest].version + 1)
    }

    /// Moves the files of a recording to another.
    pub fn move_files(&mut self, from: RecordingId, to: RecordingId) {
        let files = self.files().iter().enumerate();
        let takes: BTreeMap<FileId, usize> = files
            .filter(|(_, file)| file.recording == from && file.joined_into.is_none())
            .map(|(index, file)| (file.take, index))
            .collect();
        for index in takes.into_values() {
            self.move_take(index, |file| file.recording = to);
        }
    }

    /// Moves the versions of a file to another recording, kind, participant or name. Returns whether they
    /// are still a take of their own, and not versions of one that is there.
    pub(super) fn move_take(&mut self, index: usize, change: impl Fn(&mut HeldFile)) -> bool {
        let take = self.files()[index].take;
        let moved = self.versions_of(index);
        for index in &moved {
            self.rekey(*index, &change);
        }
        let found = moved.iter().find_map(|index| {
            let file = &self.files()[*index];
            let named = self.files_named(file.recording, &file.announced);
            let others = named.filter(|other| self.files()[*other].take != take);
            self.closest_of(others, &file.announced)
        });
        let Some((_, mut other)) = found else {
            return true;
        };
        for index in moved {
            other = self.join_file(index, other);
        }
        false
    }

    /// Makes a file a version of another. Of two that are the same, one without a copy is joined into the
    /// other. Returns a file of the take.
    fn join_file(&mut self, index: usize, other: usize) -> usize {
        let file = &self.files()[index];
        let is_same = |known: &usize| {
            let known = &self.files()[*known].announced;
            Identity::of(known, &file.announced) == Identity::Same
        };
        let same = self.versions_of(other).into_iter().find(is_same);
        if let Some(same) = same
            && file.is_uncopied()
        {
            self.forget_file(index, same);
            return other;
        }
        let replaced = same.filter(|same| self.files()[*same].is_uncopied());
        let take = self.files()[other].take;
        let version = match replaced {
            Some(replaced) => self.files()[replaced].version,
            None => self.next_version(other),
        };
        let file = self.file_at(index);
        (file.take, file.version) = (take, version);
        if let Some(replaced) = replaced {
            self.forget_file(replaced, index);
            if self.files()[replaced].id == take {
                self.lead_take(index);
            }
        }
        index
    }

    /// Makes a file the first one of its take.
    fn lead_take(&mut self, index: usize) {
        let take = self.files()[index].id;
        for version in self.versions_of(index) {
            let file = self.file_at(version);
            (file.take, file.is_changed) = (take, true);
        }
    }
}
