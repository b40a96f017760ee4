//! The index against a plain reading of all entries, on both databases.

mod changes;
mod limits;

use std::{collections::BTreeSet, slice::from_ref};

use proptest::{
    prelude::{Just, Strategy, any},
    sample::{select, subsequence},
    strategy::ValueTree,
    test_runner::TestRunner,
};
use reelroom_domain::{
    about::Tag,
    file::{FileKind, Media},
    find::{Archive, Entry, Facet, FacetKey, Length, Size, Sort},
    ids::{AppId, RecordingId, UserId},
    recording::RecordingState,
    room::RoomId,
    search::fold,
    time::Timestamp,
    view::PageAt,
};

use super::{
    Filter, Hit, count, count_all, counts_beside, days, facts, filter::MOST_ROOMS, has_numbers,
    narrow::Narrow, order, places, sums, tally,
};
use crate::{
    Conn, Scope, Store,
    engine::Engine,
    holds, library,
    query::{Values, query},
    stale,
    testing::{self, Databases, execute},
};

const ROOMS: [&str; 5] = ["class-7B", "class-7A", "产品评审", "100%x1", "cafe\u{301}"];
const WORDS: [&str; 10] = [
    "s-7",
    "评审",
    "审",
    "%x",
    "第216课",
    "caf\u{e9}",
    "ann",
    "lesson 1",
    "zz",
    "x",
];

fn app() -> AppId {
    "00000000000000000000000000000010".parse().unwrap()
}

fn id(n: usize) -> RecordingId {
    format!("{n:032x}").parse().unwrap()
}

fn user() -> UserId {
    "00000000000000000000000000000001".parse().unwrap()
}

/// The title of a room.
fn title(room: &str) -> &'static str {
    match room {
        "class-7A" => "Lesson room",
        "class-7B" => "Desk a_b",
        "100%x1" => "分数第216课",
        "cafe\u{301}" => "Desk axb",
        _ => "",
    }
}

/// A store with recordings of every kind.
async fn filled(databases: &Databases) -> Store {
    let store = databases.store().await;
    execute(
        &store,
        "INSERT INTO users (id, name, name_key, password_hash, role, created_at)
         VALUES ('00000000000000000000000000000001', 'ada', 'ada', '', 'admin', 0)",
    )
    .await;
    execute(
        &store,
        "INSERT INTO apps (id, name, app_id, api_base, method, encoding, reply_form, zone, allowed_hosts, kinds,
             public_cloud, frames, vod_base, sandbox, created_at)
         VALUES ('00000000000000000000000000000010', 'a', 'a', '', 'post', 'json', 'a', 'UTC', '[]', '[]', 0, 0, '', 0, 0)",
    )
    .await;
    let mut write = store.write().await.unwrap();
    for room in ROOMS {
        let insert = "INSERT INTO rooms (app_id, room, room_key, first_seen_at, title) VALUES ($1, $2, $2, 0, $3)";
        run(&mut write, insert, (app(), room, title(room))).await;
    }
    for n in 0..400_usize {
        // Some start in the same second.
        let start = i64::try_from(n / 3 * 7_000).unwrap() * 1000;
        let stop = start + i64::try_from(n % 9).unwrap() * 600_000;
        insert_recording(&mut write, n, start, stop).await;
        insert_files(&mut write, n, start, stop).await;
    }
    insert_people(&mut write).await;
    let ids: Vec<RecordingId> = (0..400).map(id).collect();
    stale::mark(&mut write, &ids).await.unwrap();
    assert_eq!(stale::count(&mut write, 1000).await.unwrap(), 400);
    while testing::index(&mut write, 128).await.unwrap() {}
    hold_some(&mut write).await;
    while testing::index(&mut write, 128).await.unwrap() {}
    write.commit().await.unwrap();
    store
}

/// Runs a statement with these values.
async fn run(conn: &mut Conn, sql: &'static str, values: impl Values) {
    query(sql).bind(values).execute(conn).await.unwrap();
}

async fn insert_recording(conn: &mut Conn, n: usize, start: i64, stop: i64) {
    let state = ["ready", "ready", "ready", "failed", "overdue"][n % 5];
    let every = |step, text| if n.is_multiple_of(step) { text } else { "" };
    let by = if n.is_multiple_of(2) { "ada" } else { "bob" };
    let insert = "INSERT INTO recordings (id, app_id, room, origin, state, state_since, requested_at, requested_by,
             started_at, stopped_at, tracks_expected, title, notes, user_data)
         VALUES ($1, $2, $3, 'started', $4, 0, $5, $6, $5, $7, 0, $8, $9, $10)";
    let values = (
        (id(n), app(), ROOMS[n % 5], state),
        (start, by, stop),
        (
            format!("Lesson {n}"),
            every(8, "Bring the atlas"),
            every(7, "Anna"),
        ),
    );
    run(conn, insert, values).await;
    if n.is_multiple_of(4) {
        let insert = "INSERT INTO tags (recording_id, tag_key, tag) VALUES ($1, 'math', 'Math')";
        run(conn, insert, id(n)).await;
    }
    if n.is_multiple_of(3) {
        let insert = "INSERT INTO seen (user_id, recording_id, at) VALUES ($1, $2, 0)";
        run(conn, insert, (user(), id(n))).await;
    }
}

/// Inserts no file, a composite, or a composite and a track, in turn. To those of every fifth recording it adds a
/// second composite, which begins 10 seconds after the first one, or 4. A quarter of the recordings has sound only.
async fn insert_files(conn: &mut Conn, n: usize, start: i64, stop: i64) {
    let mut files = vec![("composite", start, stop), ("track", start, stop)];
    files.truncate(n % 3);
    if n.is_multiple_of(5) && !files.is_empty() {
        let pause = if n.is_multiple_of(10) { 10_000 } else { 4_000 };
        files.push(("composite", stop + pause, stop + pause + 60_000));
    }
    let media = if n % 4 == 1 { "audio" } else { "video" };
    let state = ["remote", "archived", "failed"][n % 7 % 3];
    for (file, (kind, from, to)) in files.into_iter().enumerate() {
        let insert = "INSERT INTO files (id, take, recording_id, kind, media, participant, name, name_key, size,
                 stored_size, started_at, ended_at, url, announced_at, state, tries)
             VALUES ($1, $1, $2, $3, $4, $5, $6, $6, $7, $7, $8, $9, '', 0, $10, 0)";
        let who = if kind == "track" { "u1008" } else { "" };
        let values = (
            (id(n * 10 + file), id(n), kind, media, who),
            (format!("ar_{n}.mp4"), n * 4_000_000),
            (from, to, state),
        );
        run(conn, insert, values).await;
    }
}

/// Inserts a participant whose track recording 250 expects, and one of the meeting that recording 251 belongs to.
async fn insert_people(conn: &mut Conn) {
    let insert = "INSERT INTO expected_tracks (recording_id, participant) VALUES ($1, 'zoe')";
    run(conn, insert, id(250)).await;
    let meeting = id(1000);
    let insert =
        "INSERT INTO meetings (id, app_id, room, began_at, ended_at) VALUES ($1, $2, $3, 0, 1)";
    run(conn, insert, (meeting, app(), ROOMS[251 % 5])).await;
    let insert =
        "INSERT INTO participants (meeting_id, participant, joined_at, left_at, shares_screen)
         VALUES ($1, 'mei', 0, 1, 0)";
    run(conn, insert, meeting).await;
    let update = "UPDATE recordings SET meeting_id = $1 WHERE id = $2";
    run(conn, update, (meeting, id(251))).await;
}

/// The recordings that [`hold_some`] leaves on hold.
fn held() -> Vec<RecordingId> {
    (7..400).step_by(12).map(id).collect()
}

/// Puts recordings that are in the index on hold, and releases every second one again, which was indexed in between.
async fn hold_some(conn: &mut Conn) {
    let at = Timestamp::from_millis(0);
    let recordings: Vec<RecordingId> = (1..400).step_by(6).map(id).collect();
    for recording in &recordings {
        let added = holds::add(conn, *recording, None, "Audit", at, "ada").await;
        assert!(added.unwrap());
    }
    while testing::index(conn, 128).await.unwrap() {}
    let held = held();
    for recording in recordings.iter().filter(|id| !held.contains(id)) {
        let released = holds::release(conn, *recording, None, at, "ada").await;
        assert!(released.unwrap());
    }
}

/// An owned [`Filter`].
#[derive(Debug, Clone)]
struct Asked {
    words: Vec<String>,
    rooms: Option<Vec<RoomId>>,
    only: Option<Vec<RoomId>>,
    facets: Vec<Facet>,
    unseen: bool,
    between: (Option<Timestamp>, Option<Timestamp>),
    with_tries: bool,
}

impl Asked {
    fn any() -> impl Strategy<Value = Self> {
        let facets = vec![
            Facet::Tag(Tag::parse("math").unwrap()),
            Facet::Archive(Archive::Archived),
            Facet::Archive(Archive::Trouble),
            Facet::Length(Length::UnderHour),
            Facet::Kind(FileKind::Track),
            Facet::State(RecordingState::Failed),
            Facet::State(RecordingState::Ready),
            Facet::Size(Size::Large),
            Facet::Size(Size::Medium),
            Facet::By("ada".to_owned()),
            Facet::Held,
            Facet::Media(Media::Audio),
            Facet::Gaps,
        ];
        let rooms = || {
            let all: Vec<RoomId> = ROOMS
                .iter()
                .map(|room| RoomId::new(*room).unwrap())
                .collect();
            let some = subsequence(all, 0..=3);
            proptest::prop_oneof![3 => Just(None), 1 => some.prop_map(Some)]
        };
        let at = || {
            let second = (0..1000_i64).prop_map(|n| Some(Timestamp::from_millis(n * 1_000_000)));
            proptest::prop_oneof![3 => Just(None), 1 => second]
        };
        let words = proptest::prop_oneof![
            1 => Just(Vec::new()),
            1 => select(&WORDS[..]).prop_map(|word| vec![fold(word)]),
        ];
        (
            words,
            rooms(),
            rooms(),
            subsequence(facets, 0..=2),
            any::<bool>(),
            at(),
            at(),
            any::<bool>(),
        )
            .prop_map(
                |(words, rooms, only, facets, unseen, from, until, with_tries)| Self {
                    words,
                    rooms,
                    only,
                    facets,
                    unseen,
                    between: (from, until),
                    with_tries,
                },
            )
    }

    fn filter(&self) -> Filter<'_> {
        Filter {
            scope: Scope {
                app: app(),
                only: self.only.as_deref(),
            },
            rooms: self.rooms.as_deref(),
            words: &self.words,
            between: self.between,
            facets: &self.facets,
            unseen_by: self.unseen.then(user),
            with_tries: self.with_tries,
            found: None,
        }
    }

    /// Whether an entry matches, by its facts alone.
    fn has(&self, entry: &Entry) -> bool {
        let texts = entry.words();
        let facets = entry.facets();
        let keys: BTreeSet<FacetKey> = self.facets.iter().map(Facet::key).collect();
        let has_one = |key: &FacetKey| {
            let mut of_key = self.facets.iter().filter(|facet| facet.key() == *key);
            of_key.any(|facet| facets.contains(facet))
        };
        let may_fail = self.with_tries || keys.contains(&FacetKey::State);
        let (from, until) = self.between;
        let second = |at: Timestamp| at.as_millis() / 1000;
        self.words.iter().all(|word| texts.contains(word))
            && keys.iter().all(has_one)
            && (may_fail || entry.state != RecordingState::Failed)
            && [&self.rooms, &self.only]
                .into_iter()
                .flatten()
                .all(|rooms| rooms.contains(&entry.room))
            && !(self.unseen && entry.seen_by.contains(&user()))
            && from.is_none_or(|from| entry.began_at >= from)
            && until.is_none_or(|until| second(entry.began_at) < second(until))
    }
}

/// The entries in the order of a list, by their facts and places.
fn sorted(entries: &[(Hit, Entry)], sort: Sort) -> Vec<Hit> {
    let mut found: Vec<&(Hit, Entry)> = entries.iter().collect();
    found.sort_by_key(|(hit, _)| -hit.place);
    match sort {
        Sort::Newest => {}
        Sort::Oldest => found.reverse(),
        Sort::Longest => found.sort_by_key(|(_, entry)| -entry.length()),
        Sort::Largest => found.sort_by_key(|(_, entry)| u64::MAX - entry.size()),
        Sort::Room => found.sort_by_key(|(_, entry)| entry.room.clone()),
    }
    found.into_iter().map(|(hit, _)| *hit).collect()
}

/// Reads a whole list by pages forward, and then back from its end.
async fn both_ways(
    conn: &mut Conn,
    filter: Filter<'_>,
    sort: Sort,
    most_sorted: u32,
) -> (Vec<Hit>, Vec<Hit>) {
    let narrow = Narrow::load(conn, filter).await.unwrap();
    let (mut forward, mut at) = (Vec::new(), None);
    loop {
        let page = order::page(conn, &narrow, sort, at, 37, most_sorted)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        at = Some(PageAt::After(last.place));
        forward.extend(page);
    }
    let mut back: Vec<Hit> = forward.last().copied().into_iter().collect();
    while let Some(last) = back.last() {
        let at = Some(PageAt::Before(last.place));
        let page = order::page(conn, &narrow, sort, at, 41, most_sorted)
            .await
            .unwrap();
        if page.is_empty() {
            break;
        }
        back.extend(page);
    }
    back.reverse();
    (forward, back)
}

/// How many recordings have a word of each kind of text.
const TEXTS: [(&str, u32); 18] = [
    // Rooms and their titles: every fifth of 400.
    ("class-7B", 80),
    ("产品评审", 80),
    ("Lesson room", 80),
    // Digits between Chinese characters, as one word.
    ("第216课", 80),
    ("16课", 80),
    ("第16课", 0),
    // `_` and `.` stand for themselves. File names have a `_`, and so has the title of a room, 27 of whose recordings
    // have no file.
    ("a_b", 80),
    ("axb", 80),
    ("_", 266 + 27),
    // Own titles: 17, and 170 to 179.
    ("Lesson 17", 11),
    // File names: one, and those of all but every third recording.
    ("ar_17.mp4", 1),
    (".mp4", 266),
    // Notes, tags and user data: every eighth, every fourth, every seventh.
    ("ATLAS", 50),
    ("Math", 100),
    ("anna", 58),
    // People: of tracks that are there, of one that is expected, and of a meeting.
    ("u1008", 133),
    ("zoe", 1),
    ("mei", 1),
];

async fn each_text_is_found(conn: &mut Conn) {
    for (text, expected) in TEXTS {
        let words = [fold(text)];
        let filter = Filter {
            words: &words,
            with_tries: true,
            ..Filter::all(app().into())
        };
        assert_eq!(count(conn, filter).await.unwrap().n, expected, "{text}");
    }
}

async fn facets_are_counted(conn: &mut Conn) {
    for (facet, expected) in [
        // Of the 266 recordings with files, every fourth but for multiples of 3.
        (Facet::Media(Media::Audio), 67),
        (Facet::Media(Media::Video), 199),
        // Every tenth but for multiples of 3: the others' pauses are too short.
        (Facet::Gaps, 26),
    ] {
        let filter = Filter {
            facets: from_ref(&facet),
            with_tries: true,
            ..Filter::all(app().into())
        };
        assert_eq!(count(conn, filter).await.unwrap().n, expected, "{facet:?}");
    }
    // Beside a list, of few hits and of many.
    let facets = [
        Facet::Tag(Tag::parse("math").unwrap()),
        Facet::Archive(Archive::Archived),
        Facet::Kind(FileKind::Track),
        Facet::Media(Media::Video),
        Facet::By("ada".to_owned()),
        Facet::Gaps,
    ];
    for text in ["-7", "评审", "ar", "class-7b", "lesson 1", "lesson", ".mp4"] {
        let words = [fold(text)];
        for facet in &facets {
            let filter = Filter {
                words: &words,
                facets: from_ref(facet),
                ..Filter::all(app().into())
            };
            let expected = count(conn, filter).await.unwrap();
            let beside = counts_beside(conn, &[filter]).await.unwrap();
            assert_eq!(beside, [expected], "{text} {facet:?}");
        }
    }
}

/// SQLite reads the lists of rare letters only.
async fn rare_letters_are_enough(conn: &mut Conn) {
    for (text, is_rare) in [("lesson 17", true), ("lesson", false), ("zz", false)] {
        let words = [fold(text)];
        let filter = Filter {
            words: &words,
            ..Filter::all(app().into())
        };
        let all = Narrow::of(conn, filter).unwrap().matched();
        let read = Narrow::load(conn, filter).await.unwrap().matched();
        let is_shared = Engine::of_connection(conn).is_shared();
        assert_eq!(read.len() < all.len(), is_rare && !is_shared, "{text}");
    }
}

/// Compares counts with the rows that are found by terms, with and without stored numbers.
async fn stored_numbers_equal_counts_by_terms(conn: &mut Conn) {
    let rooms = ["class-7B", "class-7A", "产品评审"].map(|room| RoomId::new(room).unwrap());
    let (first, two, third) = (&rooms[..1], &rooms[..2], &rooms[2..]);
    let among = [
        (None, None),
        (Some(first), None),
        (None, Some(two)),
        (Some(first), Some(two)),
        (Some(third), Some(two)),
        (None, Some(&rooms[..0])),
    ];
    let math = Facet::Tag(Tag::parse("math").unwrap());
    let [failed, ready] = [RecordingState::Failed, RecordingState::Ready].map(Facet::State);
    let archives = [Archive::Archived, Archive::Trouble].map(Facet::Archive);
    let facets = [
        Vec::new(),
        vec![Facet::Held],
        [&archives[..], &[Facet::Kind(FileKind::Track)]].concat(),
        vec![failed.clone()],
        vec![failed, ready, Facet::Gaps],
        vec![math.clone()],
        vec![math, Facet::Size(Size::Large)],
        vec![Facet::By("ada".to_owned()), Facet::Media(Media::Video)],
    ];
    let (mut answered, mut rows) = (0, 0);
    for (rooms, only) in among {
        for facets in &facets {
            for (unseen, with_tries) in [(false, false), (false, true), (true, true)] {
                let filter = Filter {
                    scope: Scope { app: app(), only },
                    rooms,
                    facets,
                    unseen_by: unseen.then(user),
                    with_tries,
                    ..Filter::all(app().into())
                };
                let has = |key| facets.iter().any(|facet| facet.key() == key);
                let open = [
                    rooms.or(only).is_some(),
                    has(FacetKey::Tag) || has(FacetKey::By),
                    unseen,
                ];
                let open = open.into_iter().filter(|is| *is).count();
                assert_eq!(has_numbers(filter), open <= 1, "{filter:?}");
                let found = places(conn, filter).await.unwrap().unwrap().len();
                let found = u32::try_from(found).unwrap();
                assert_eq!(count_all(conn, filter).await.unwrap(), found, "{filter:?}");
                let narrow = Narrow::load(conn, filter).await.unwrap();
                assert_eq!(narrow.rows(conn, 7).await.unwrap(), found.min(7));
                if has_numbers(filter) {
                    answered += 1;
                    rows += found;
                }
            }
        }
    }
    assert!(answered > 50 && rows > 1000, "{answered} {rows}");
    let words = [fold("lesson")];
    let all = Filter::all(app().into());
    let days = (None, Some(Timestamp::from_millis(0)));
    let many: Vec<RoomId> = (0..=MOST_ROOMS)
        .map(|n| RoomId::new(format!("room {n}")).unwrap())
        .collect();
    for filter in [
        Filter {
            words: &words,
            ..all
        },
        Filter {
            between: days,
            ..all
        },
        Filter {
            rooms: Some(&many),
            ..all
        },
        Filter {
            found: Some(&[]),
            ..all
        },
    ] {
        assert!(!has_numbers(filter), "{filter:?}");
    }
}

/// Compares the numbers of a list with those of its entries.
async fn is_summed_up(conn: &mut Conn, filter: Filter<'_>, expected: &[(Hit, Entry)]) {
    let entries = || expected.iter().map(|(_, entry)| entry);
    let found = count(conn, filter).await.unwrap();
    assert_eq!(found.n as usize, expected.len(), "{filter:?}");
    let size = entries().map(Entry::size).sum();
    let length = entries().map(Entry::length).sum();
    let sums = sums(conn, filter).await.unwrap();
    assert_eq!(sums, (size, length), "{filter:?}");
    let facets = [
        Facet::Unseen,
        Facet::Gaps,
        Facet::Kind(FileKind::Track),
        Facet::Tag(Tag::parse("math").unwrap()),
    ];
    let with = |facet: &Facet| {
        let has = |entry: &&Entry| match facet {
            Facet::Unseen => !entry.seen_by.contains(&user()),
            facet => entry.facets().contains(facet),
        };
        u32::try_from(entries().filter(has).count()).unwrap()
    };
    let tallied = tally(conn, filter, &facets, user()).await.unwrap();
    assert_eq!(tallied, facets.each_ref().map(with), "{filter:?}");
}

async fn lists_are_what_the_entries_say(databases: &Databases) {
    let store = filled(databases).await;
    let mut read = store.read().await.unwrap();
    let ids: Vec<String> = (0..400).map(|n| id(n).to_string()).collect();
    let ids = serde_json::to_string(&ids).unwrap();
    let mut entries = Vec::new();
    let held = held();
    for (recording, entry) in facts::entries(&mut read, &ids).await.unwrap() {
        let place = library::place_of(&mut read, recording)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(entry.is_held, held.contains(&recording));
        entries.push((
            Hit {
                place,
                id: recording,
                began_at: entry.began_at,
            },
            entry,
        ));
    }
    assert_eq!(entries.len(), 400);
    let on_hold = Filter {
        facets: &[Facet::Held],
        with_tries: true,
        ..Filter::all(app().into())
    };
    assert_eq!(count(&mut read, on_hold).await.unwrap().n, 33);
    each_text_is_found(&mut read).await;
    facets_are_counted(&mut read).await;
    rare_letters_are_enough(&mut read).await;
    stored_numbers_equal_counts_by_terms(&mut read).await;
    let mut runner = TestRunner::deterministic();
    let mut not_empty = 0;
    for turn in 0..120 {
        let asked = Asked::any().new_tree(&mut runner).unwrap().current();
        let expected: Vec<(Hit, Entry)> = entries
            .iter()
            .filter(|(_, entry)| asked.has(entry))
            .cloned()
            .collect();
        not_empty += usize::from(!expected.is_empty());
        let sort = [
            Sort::Newest,
            Sort::Oldest,
            Sort::Longest,
            Sort::Largest,
            Sort::Room,
        ][turn % 5];
        let order = sorted(&expected, sort);
        let places = places(&mut read, asked.filter()).await.unwrap();
        let known = Filter {
            found: places.as_deref(),
            ..asked.filter()
        };
        for filter in [asked.filter(), known] {
            for most_sorted in [10, 1000] {
                let (forward, back) = both_ways(&mut read, filter, sort, most_sorted).await;
                assert_eq!(forward, order, "{asked:?} {sort:?} {most_sorted}");
                assert_eq!(back, order, "back: {asked:?} {sort:?} {most_sorted}");
            }
            is_summed_up(&mut read, filter, &expected).await;
        }
        let day = |n: i64| Timestamp::from_millis(n * 86_400_000);
        let midnights: Vec<Timestamp> = (0..12).map(day).collect();
        let by_day = days(&mut read, asked.filter(), &midnights, 1000)
            .await
            .unwrap();
        let on = |n: i64| {
            let on = expected
                .iter()
                .filter(|(_, entry)| entry.began_at.day(0) == n);
            u32::try_from(on.count()).unwrap()
        };
        assert_eq!(by_day, (0..11).map(on).collect::<Vec<_>>(), "{asked:?}");
    }
    assert!(not_empty > 40, "{not_empty}");
}

crate::on_both!(lists_are_what_the_entries_say);
