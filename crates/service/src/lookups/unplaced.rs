//! Found files that name no room, and the rooms that are asked for them.

use std::collections::{BTreeMap, BTreeSet};

use reelroom_anyrtc::videos::{Video, place};
use reelroom_domain::room::RoomId;

/// Rooms that are asked for in vain at the most.
const VAIN: usize = 12;

/// What a sweep found that names no room.
#[derive(Default)]
pub(crate) struct Homeless {
    /// By their place, with the rooms that each may be of.
    files: BTreeMap<String, (Video, BTreeSet<RoomId>)>,
    asked: BTreeSet<RoomId>,
    in_vain: usize,
}

impl Homeless {
    /// One more file, with the rooms that it may be of.
    pub(crate) fn take_in(&mut self, video: Video, rooms: BTreeSet<RoomId>) {
        let url = video.download_url.as_deref().unwrap_or_default();
        self.files.insert(place(url).to_owned(), (video, rooms));
    }

    /// The room to ask for next: the one that most files may be of. `None` when all were asked for,
    /// or enough of them in vain; one that brings a file home was not in vain.
    pub(crate) fn next_room(&self) -> Option<RoomId> {
        self.likeliest().filter(|_| self.in_vain < VAIN)
    }

    /// A room was asked for, and this is its list.
    pub(crate) fn asked(&mut self, room: RoomId, videos: &[Video]) {
        let before = self.files.len();
        for url in videos
            .iter()
            .filter_map(|video| video.download_url.as_deref())
        {
            self.files.remove(place(url));
        }
        self.in_vain += usize::from(self.files.len() == before);
        self.asked.insert(room);
    }

    /// Whether there is no room left that a file may be of.
    pub(crate) fn all_asked(&self) -> bool {
        self.likeliest().is_none()
    }

    /// What is still without a room.
    pub(crate) fn files(&self) -> impl Iterator<Item = &Video> {
        self.files.values().map(|(video, _)| video)
    }

    fn likeliest(&self) -> Option<RoomId> {
        let mut files = BTreeMap::<&RoomId, usize>::new();
        let rooms = self.files.values().flat_map(|(_, rooms)| rooms);
        for room in rooms.filter(|room| !self.asked.contains(room)) {
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

    /// Asks until there is no room to ask for; how many were asked for.
    fn ask_all(homeless: &mut Homeless, list_of: impl Fn(&RoomId) -> Vec<Video>) -> usize {
        let mut times = 0;
        while let Some(room) = homeless.next_room() {
            let list = list_of(&room);
            homeless.asked(room, &list);
            times += 1;
        }
        times
    }

    #[test]
    fn every_room_that_brings_a_file_home_is_asked_for() {
        let rooms: Vec<RoomId> = (0..30).map(|number| room(&number.to_string())).collect();
        let mut homeless = Homeless::default();
        for room in &rooms {
            homeless.take_in(video(room.as_str()), rooms.iter().cloned().collect());
        }
        let times = ask_all(&mut homeless, |room| vec![video(room.as_str())]);
        assert_eq!((times, homeless.files().count()), (30, 0));
        assert!(homeless.all_asked());
    }

    #[test]
    fn what_no_room_knows_is_left_and_not_forgotten() {
        let rooms: BTreeSet<RoomId> = (0..20).map(|number| room(&number.to_string())).collect();
        let mut homeless = Homeless::default();
        for name in ["a", "b", "c"] {
            homeless.take_in(video(name), rooms.clone());
        }
        homeless.take_in(video("nowhere"), BTreeSet::new());
        assert_eq!(ask_all(&mut homeless, |_| vec![video("other")]), VAIN);
        assert!(!homeless.all_asked());
        assert_eq!(homeless.files().count(), 4);
    }

    #[test]
    fn the_room_of_most_files_comes_first() {
        let mut homeless = Homeless::default();
        homeless.take_in(video("a"), BTreeSet::from([room("1"), room("2")]));
        homeless.take_in(video("b"), BTreeSet::from([room("2"), room("3")]));
        assert_eq!(homeless.next_room(), Some(room("2")));
        homeless.asked(room("2"), &[video("a?sign=1")]);
        assert_eq!(homeless.next_room(), Some(room("3")));
        homeless.asked(room("3"), &[]);
        assert!(homeless.next_room().is_none() && homeless.all_asked());
    }
}
