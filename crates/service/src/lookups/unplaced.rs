//! Found files without a room, and the rooms that are requested for them.

use std::collections::{BTreeMap, BTreeSet};

use reelroom_anyrtc::videos::{Video, place};
use reelroom_domain::room::RoomId;

/// The most requests without a match.
const MISSES: usize = 12;

/// The files of a sweep whose room is not known.
#[derive(Default)]
pub(crate) struct Unplaced {
    /// By address, with the possible rooms of each.
    files: BTreeMap<String, (Video, BTreeSet<RoomId>)>,
    requested: BTreeSet<RoomId>,
    misses: usize,
}

impl Unplaced {
    /// Adds a file with its possible rooms.
    pub(crate) fn add(&mut self, video: Video, rooms: BTreeSet<RoomId>) {
        let url = video.download_url.as_deref().unwrap_or_default();
        self.files.insert(place(url).to_owned(), (video, rooms));
    }

    /// The room to request next: the possible room of most files. `None` after the last one, or after
    /// too many requests without a match.
    pub(crate) fn next_room(&self) -> Option<RoomId> {
        self.likeliest().filter(|_| self.misses < MISSES)
    }

    /// Removes the files of a room that was requested.
    pub(crate) fn remove(&mut self, room: RoomId, videos: &[Video]) {
        let before = self.files.len();
        for url in videos
            .iter()
            .filter_map(|video| video.download_url.as_deref())
        {
            self.files.remove(place(url));
        }
        self.misses += usize::from(self.files.len() == before);
        self.requested.insert(room);
    }

    /// Whether every possible room was requested.
    pub(crate) fn all_requested(&self) -> bool {
        self.likeliest().is_none()
    }

    /// The files that are still without a room.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Video> {
        self.files.values().map(|(video, _)| video)
    }

    fn likeliest(&self) -> Option<RoomId> {
        let mut files = BTreeMap::<&RoomId, usize>::new();
        let rooms = self.files.values().flat_map(|(_, rooms)| rooms);
        for room in rooms.filter(|room| !self.requested.contains(room)) {
            *files.entry(room).or_default() += 1;
        }
        let most = files.into_iter().max_by_key(|(_, files)| *files);
        most.map(|(room, _)| room.clone())
    }
}

#[cfg(test)]
mod tests {
    use reelroom_anyrtc::videos;
    use serde_json::json;

    use super::*;

    fn room(name: &str) -> RoomId {
        RoomId::new(name).unwrap()
    }

    fn video(name: &str) -> Video {
        let file = json!({"download_url": format!("https://v.example/{name}")});
        let answer = json!({"code": 200, "content": {"data": [file]}});
        let list = videos::read(answer.to_string().as_bytes()).unwrap();
        list.videos.into_iter().next().unwrap()
    }

    /// Requests rooms until there is none left. Returns how many.
    fn request_all(unplaced: &mut Unplaced, list_of: impl Fn(&RoomId) -> Vec<Video>) -> usize {
        let mut times = 0;
        while let Some(room) = unplaced.next_room() {
            let list = list_of(&room);
            unplaced.remove(room, &list);
            times += 1;
        }
        times
    }

    #[test]
    fn every_room_that_has_a_file_is_requested() {
        let rooms: Vec<RoomId> = (0..30).map(|number| room(&number.to_string())).collect();
        let mut unplaced = Unplaced::default();
        for room in &rooms {
            unplaced.add(video(room.as_str()), rooms.iter().cloned().collect());
        }
        let times = request_all(&mut unplaced, |room| vec![video(room.as_str())]);
        assert_eq!((times, unplaced.files().count()), (30, 0));
        assert!(unplaced.all_requested());
    }

    #[test]
    fn files_of_no_room_are_kept() {
        let rooms: BTreeSet<RoomId> = (0..20).map(|number| room(&number.to_string())).collect();
        let mut unplaced = Unplaced::default();
        for name in ["a", "b", "c"] {
            unplaced.add(video(name), rooms.clone());
        }
        unplaced.add(video("nowhere"), BTreeSet::new());
        assert_eq!(request_all(&mut unplaced, |_| vec![video("other")]), MISSES);
        assert!(!unplaced.all_requested());
        assert_eq!(unplaced.files().count(), 4);
    }

    #[test]
    fn the_room_of_most_files_comes_first() {
        let mut unplaced = Unplaced::default();
        unplaced.add(video("a"), BTreeSet::from([room("1"), room("2")]));
        unplaced.add(video("b"), BTreeSet::from([room("2"), room("3")]));
        assert_eq!(unplaced.next_room(), Some(room("2")));
        unplaced.remove(room("2"), &[video("a?sign=1")]);
        assert_eq!(unplaced.next_room(), Some(room("3")));
        unplaced.remove(room("3"), &[]);
        assert!(unplaced.next_room().is_none() && unplaced.all_requested());
    }
}
