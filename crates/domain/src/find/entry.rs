//! The facts about a recording in the index.

use std::collections::BTreeSet;

use super::{
    facet::{Archive, Facet, Length, Size},
    mask::Mask,
    terms::{Shelf, Term},
};
use crate::{
    about::Tag,
    file::{FileKind, FileState, Media},
    ids::{AppId, UserId},
    recording::{self, RecordingState},
    room::RoomId,
    search::fold,
    time::Timestamp,
};

/// The facts of a recording that lists are narrowed to and sorted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its app.
    pub app: AppId,
    /// Its room.
    pub room: RoomId,
    /// Its state.
    pub state: RecordingState,
    /// The account that started it.
    pub by: Option<String>,
    /// Its start, or else the time of its request.
    pub began_at: Timestamp,
    /// How long it ran in milliseconds, if known.
    pub ran: Option<i64>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// Whether it is on hold, itself or by a case.
    pub is_held: bool,
    /// The accounts that have opened it.
    pub seen_by: Vec<UserId>,
    /// Its texts, the most important first: room, title, notes, user data, people, names of files.
    pub texts: Vec<String>,
    /// Its files, of each take the version that is shown.
    pub files: Vec<EntryFile>,
}

/// A file of an [`Entry`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFile {
    /// Its kind.
    pub kind: FileKind,
    /// Its media.
    pub media: Media,
    /// The state of its copy.
    pub state: FileState,
    /// Its size in bytes, of our copy where there is one.
    pub size: u64,
    /// Its length in milliseconds.
    pub length: Option<i64>,
    /// Its beginning and its end.
    pub times: Option<(Timestamp, Timestamp)>,
}

/// The shortest pause between two takes that counts as a gap, in milliseconds. The platform reports whole seconds.
const GAP: i64 = 5_000;
/// The limit of the texts that are searched, in bytes of UTF-8.
const LONGEST_TEXTS: usize = 64 * 1024;

impl Entry {
    /// Its length in milliseconds: that of its composites or else how long it ran; 0 if it is unknown.
    pub fn length(&self) -> i64 {
        let lengths = self.composites().filter_map(|file| file.length);
        let length = lengths.fold(0, i64::saturating_add);
        recording::length(length, self.ran).unwrap_or(0)
    }

    fn composites(&self) -> impl Iterator<Item = &EntryFile> {
        let is_composite = |file: &&EntryFile| file.kind == FileKind::Composite;
        self.files.iter().filter(is_composite)
    }

    /// The size of its files in bytes.
    pub fn size(&self) -> u64 {
        let sizes = self.files.iter().map(|file| file.size);
        sizes.fold(0, u64::saturating_add)
    }

    /// Whether nothing was recorded for some seconds between two composites.
    fn has_gaps(&self) -> bool {
        let times = self.composites().filter_map(|file| file.times);
        let mut times: Vec<_> = times.collect();
        times.sort_unstable();
        let mut end = None;
        times.into_iter().any(|(from, to)| {
            let gap = end.is_some_and(|end| from.since(end) > GAP);
            end = end.max(Some(to));
            gap
        })
    }

    /// Its facets.
    pub fn facets(&self) -> Vec<Facet> {
        let mut facets = vec![Facet::Room(self.room.clone()), Facet::State(self.state)];
        facets.extend(self.tags.iter().cloned().map(Facet::Tag));
        facets.extend(self.by.clone().map(Facet::By));
        let states = self.files.iter().map(|file| file.state);
        facets.extend(Archive::of(states).map(Facet::Archive));
        if self.length() > 0 {
            facets.push(Facet::Length(Length::of(self.length())));
        }
        if !self.files.is_empty() {
            facets.push(Facet::Size(Size::of(self.size())));
        }
        for file in &self.files {
            for facet in [Facet::Kind(file.kind), Facet::Media(file.media)] {
                if !facets.contains(&facet) {
                    facets.push(facet);
                }
            }
        }
        if self.has_gaps() {
            facets.push(Facet::Gaps);
        }
        if self.is_held {
            facets.push(Facet::Held);
        }
        facets
    }

    /// The shelf that it is on.
    pub fn shelf(&self) -> Shelf {
        Shelf {
            app: self.app,
            tries: self.state == RecordingState::Failed,
        }
    }

    /// The terms of its facets, of its shelf, and of those who have seen it.
    pub fn facet_terms(&self) -> BTreeSet<Term> {
        let on = self.shelf();
        let facets = self.facets();
        let facets = facets.iter().filter_map(|facet| on.facet(facet));
        let mut terms: BTreeSet<Term> = facets.collect();
        terms.insert(on.all());
        terms.extend(self.seen_by.iter().map(|user| on.seen_by(*user)));
        terms
    }

    /// The mask of its facets.
    pub fn mask(&self) -> Mask {
        Mask::of(&self.facets())
    }

    /// Its tags and texts, folded, each on a line. The last ones are left out where there are many.
    pub fn words(&self) -> String {
        let mut known = BTreeSet::new();
        let tags = self.tags.iter().map(Tag::as_str);
        let texts = tags.chain(self.texts.iter().map(String::as_str)).map(fold);
        let mut words = String::new();
        for text in texts {
            if !text.is_empty()
                && words.len() + text.len() < LONGEST_TEXTS
                && known.insert(text.clone())
            {
                words.push_str(&text);
                words.push('\n');
            }
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(kind: FileKind, from: i64, to: i64) -> EntryFile {
        EntryFile {
            kind,
            media: Media::Video,
            state: FileState::Archived,
            size: 60_000_000,
            length: Some((to - from) * 1000),
            times: Some(
                [from, to]
                    .map(|second| Timestamp::from_millis(second * 1000))
                    .into(),
            ),
        }
    }

    fn entry(files: Vec<EntryFile>) -> Entry {
        Entry {
            app: "00000000000000000000000000000010".parse().unwrap(),
            room: RoomId::new("class-7B").unwrap(),
            state: RecordingState::Ready,
            by: Some("ada".to_owned()),
            began_at: Timestamp::from_millis(0),
            ran: Some(90_000),
            tags: vec![Tag::parse("Lesson").unwrap()],
            is_held: false,
            seen_by: Vec::new(),
            texts: vec!["Class-7B".to_owned(), String::new(), "class-7b".to_owned()],
            files,
        }
    }

    #[test]
    fn facets_are_those_of_its_files() {
        use FileKind::{Composite, Track};
        let two = entry(vec![
            file(Composite, 700, 1200),
            file(Track, 0, 9000),
            file(Composite, 0, 600),
        ]);
        let facets = two.facets();
        assert!(facets.contains(&Facet::Gaps));
        assert!(facets.contains(&Facet::Length(Length::UnderHour)));
        assert!(facets.contains(&Facet::Size(Size::Medium)));
        assert!(facets.contains(&Facet::Archive(Archive::Archived)));
        let kinds = facets
            .iter()
            .filter(|facet| matches!(facet, Facet::Kind(_)));
        assert_eq!(kinds.count(), 2);
        let one = entry(vec![file(Composite, 0, 600), file(Composite, 604, 1200)]).facets();
        assert!(!one.contains(&Facet::Gaps));
        assert!(!one.contains(&Facet::Held));
        let held = Entry {
            is_held: true,
            ..entry(Vec::new())
        };
        assert!(held.facets().contains(&Facet::Held));
        let none = entry(Vec::new());
        assert_eq!(none.length(), 90_000);
        assert!(
            !none
                .facets()
                .iter()
                .any(|facet| matches!(facet, Facet::Archive(_) | Facet::Size(_)))
        );
    }

    #[test]
    fn a_text_is_searched_once() {
        assert_eq!(entry(Vec::new()).words(), "lesson\nclass-7b\n");
    }

    #[test]
    fn many_files_leave_the_other_texts() {
        let mut many = entry(Vec::new());
        let names = (0..3000).map(|n| format!("ar_class-7B_{n:030}.jpg"));
        many.texts.extend(names);
        let words = many.words();
        assert!(words.starts_with("lesson\nclass-7b\nar_"));
        assert!(words.len() < LONGEST_TEXTS);
    }

    #[test]
    fn copies_are_one_state() {
        use FileState as F;
        for (states, archive) in [
            (&[][..], None),
            (&[F::Archived, F::Purged], Some(Archive::Archived)),
            (&[F::Archived, F::Remote], Some(Archive::Fetching)),
            (&[F::Remote, F::Fetching], Some(Archive::Fetching)),
            (&[F::Remote], Some(Archive::Remote)),
            (&[F::Archived, F::Gone], Some(Archive::Trouble)),
        ] {
            assert_eq!(Archive::of(states.iter().copied()), archive, "{states:?}");
        }
    }
}
