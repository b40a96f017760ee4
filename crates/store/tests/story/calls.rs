//! Raw calls: stored unchanged, understood later.

use std::collections::BTreeSet;

use reelroom_domain::{
    callback::{CallbackKind, Subject, Understood, Verdict},
    file::FileKind,
    ids::{AppId, CallId},
    inbox::{InboxOnly, InboxTab},
    recording::{Origin, RecordingState},
    search::SearchText,
    understanding::Meaning,
};
use reelroom_store::{
    Conn, Store,
    calls::{self, Call, NewCall},
    files,
    inbox::{self, Filter},
    recordings, testing, understanding,
};

use crate::{at, call_id, id, newest_recording, recording, rig, room};

fn new(second: i64, body: &[u8]) -> NewCall {
    NewCall {
        kind: CallbackKind::Av,
        app: Some(id(0xa2)),
        received_at: at(second),
        remote: "192.0.2.7".into(),
        content_type: Some("application/json\0".into()),
        content_encoding: Some("gzip".into()),
        looked_up: false,
        body: body.to_vec(),
    }
}

/// Appends one call in a transaction of its own.
pub async fn append_one(store: &Store) {
    let mut write = store.write_calls().await.unwrap();
    calls::append(&mut write, &[new(399, b"one")])
        .await
        .unwrap();
    write.commit().await.unwrap();
}

const ENOUGH: u64 = u64::MAX >> 1;

async fn waiting(conn: &mut Conn) -> Vec<Call> {
    calls::next_waiting(conn, CallId::default(), 5000, ENOUGH)
        .await
        .unwrap()
}

async fn waiting_ids(conn: &mut Conn) -> Vec<CallId> {
    waiting(conn).await.iter().map(|call| call.id).collect()
}

/// Stores calls and understands some of them: four, of which one is accepted and one malformed,
/// then many. Returns their numbers.
pub async fn story(store: &Store, app: AppId) -> Vec<CallId> {
    let large = vec![0; 70_000];
    let bodies: [&[u8]; 4] = [b"", b"{\"a\":\"\\u0000\"}\0\0", b"\xff\xfe\x00\x80", &large];
    let mut write = store.write_calls().await.unwrap();
    assert_eq!(calls::newest(&mut write).await.unwrap(), CallId::default());
    let mut stored = Vec::new();
    for body in bodies {
        let ids = calls::append(&mut write, &[new(400, body)]).await.unwrap();
        stored.extend(ids);
    }
    // More than one statement takes. Their received time is older, but numbers decide the order.
    let more: Vec<NewCall> = (0..300).map(|_| new(399, b"x")).collect();
    stored.extend(calls::append(&mut write, &more).await.unwrap());
    assert_eq!(calls::append(&mut write, &[]).await.unwrap(), []);
    write.commit().await.unwrap();
    assert!(stored.is_sorted(), "{stored:?}");

    let mut read = store.read_calls().await.unwrap();
    let calls = waiting(&mut read).await;
    let order: Vec<CallId> = calls.iter().map(|call| call.id).collect();
    assert_eq!(order, stored);
    for (call, body) in calls.iter().zip(bodies) {
        let expected = NewCall {
            content_type: Some("application/json\u{fffd}".into()),
            ..new(400, body)
        };
        assert_eq!(call.content, expected);
    }
    assert_eq!(calls::newest(&mut read).await.unwrap(), stored[303]);
    waiting_calls_are_read_in_pages(&mut read, &stored).await;
    drop(read);

    let mut write = store.write().await.unwrap();
    assert_eq!(inbox::last_accepted_at(&mut write).await.unwrap(), None);
    assert_eq!(inbox::newest(&mut write).await.unwrap(), CallId::default());
    let board = newest_recording(&mut write, app, "Board-Weekly").await.id;
    let file = files::of_recording(&mut write, board).await.unwrap()[0].id;
    let accepted = Understood {
        recording: Some(board),
        file: Some(file),
        subject: Subject {
            room: Some(room("Board-Weekly")),
            file_name: Some("Ä_100%\0.mp4".into()),
            file_kind: Some(FileKind::Composite),
            ..Subject::default()
        },
        ..Understood::of(Verdict::Accepted)
    };
    let malformed = Understood {
        reason: Some("not JSON: \0".into()),
        ..Understood::of(Verdict::Malformed)
    };
    // A call that is understood again keeps one entry.
    for verdict in [Verdict::Unrecognised, Verdict::Duplicate] {
        let all: Vec<_> = calls[4..]
            .iter()
            .map(|call| (call, Understood::of(verdict)))
            .collect();
        inbox::record(&mut write, at(401), &all).await.unwrap();
    }
    let two = [(&calls[1], accepted.clone()), (&calls[2], malformed)];
    inbox::record(&mut write, at(402), &two).await.unwrap();
    let entry = inbox::get(&mut write, stored[1]).await.unwrap().unwrap();
    assert_eq!((entry.received_at, entry.understood_at), (at(400), at(402)));
    assert_eq!(
        (entry.understood.recording, entry.understood.file),
        (accepted.recording, accepted.file)
    );
    let entry = inbox::get(&mut write, stored[2]).await.unwrap().unwrap();
    let reason = entry.understood.reason.as_deref();
    assert_eq!(reason, Some("not JSON: \u{fffd}"));
    assert_eq!(inbox::get(&mut write, stored[3]).await.unwrap(), None);
    let last = inbox::last_accepted_at(&mut write).await.unwrap();
    assert_eq!(last, Some(at(400)));
    assert_eq!(inbox::newest(&mut write).await.unwrap(), stored[303]);
    let known = inbox::understood_of(&mut write, &stored[1..5]).await;
    let known: BTreeSet<CallId> = known.unwrap().into_iter().collect();
    assert_eq!(known, BTreeSet::from([stored[1], stored[2], stored[4]]));
    write.commit().await.unwrap();
    unusable_calls_have_a_quota(store).await;
    a_full_batch_is_recorded(store).await;
    understood_calls_no_longer_wait(store, &stored).await;
    stored
}

async fn waiting_calls_are_read_in_pages(read: &mut Conn, stored: &[CallId]) {
    // A page ends after this number of bytes, and has at least one call.
    for (after, bytes, count) in [
        (4, 1, 1),
        (4, 2, 2),
        (4, 300, 300),
        (3, 1, 1),
        (0_usize, 1, 2),
    ] {
        let after = after
            .checked_sub(1)
            .map_or(CallId::default(), |at| stored[at]);
        let page = calls::next_waiting(read, after, 1000, bytes).await;
        assert_eq!(page.unwrap().len(), count, "{after} {bytes}");
    }
    let page = calls::next_waiting(read, stored[9], 3, ENOUGH)
        .await
        .unwrap();
    assert!(page.iter().map(|call| call.id).eq(stored[10..13].to_vec()));

    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = calls::newest_waiting(read, before, 100).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.id);
        seen.extend(page.iter().map(|call| call.id));
    }
    seen.reverse();
    assert_eq!(seen, stored);
    for (after, limit, count) in [(0, 10, 10), (0, 1000, 303), (299, 1000, 4)] {
        let counted = calls::count_waiting(read, stored[after], limit).await;
        assert_eq!(counted.unwrap(), count);
    }
    for (after, oldest) in [(CallId::default(), 0), (stored[9], 10)] {
        let call = calls::get(read, stored[oldest]).await.unwrap();
        let since = calls::waiting_since(read, after).await.unwrap();
        assert_eq!(since, call.map(|call| call.content.received_at));
    }
    let last = *stored.last().unwrap();
    assert_eq!(calls::waiting_since(read, last).await.unwrap(), None);
    let found = calls::of_body(read, stored[1], b"\xff\xfe\x00\x80").await;
    assert_eq!(found.unwrap(), Some(stored[2]));
    let found = calls::of_body(read, stored[2], b"\xff\xfe\x00\x80").await;
    assert_eq!(found.unwrap(), None);
}

/// Understood calls stay stored, also when a later one is deleted.
async fn understood_calls_no_longer_wait(store: &Store, stored: &[CallId]) {
    append_one(store).await;
    let mut write = store.write_calls().await.unwrap();
    let newest = calls::newest(&mut write).await.unwrap();
    assert!(newest > stored[303]);
    calls::clear_waiting(&mut write, stored).await.unwrap();
    assert_eq!(waiting_ids(&mut write).await, [newest]);
    calls::clear_waiting(&mut write, &[newest]).await.unwrap();
    calls::clear_waiting(&mut write, &[]).await.unwrap();
    calls::delete(&mut write, &[newest]).await.unwrap();
    assert_eq!(calls::wait_after(&mut write, stored[303]).await.unwrap(), 0);
    for listed in [4, 0] {
        let again = calls::wait_after(&mut write, stored[299]).await;
        assert_eq!(again.unwrap(), listed);
    }
    let again = waiting_ids(&mut write).await;
    assert_eq!(again, stored[300..]);
    calls::clear_waiting(&mut write, &again).await.unwrap();
    write.commit().await.unwrap();
    // The number of a deleted call is not reused.
    append_one(store).await;
    let mut write = store.write_calls().await.unwrap();
    let next = calls::newest(&mut write).await.unwrap();
    assert!(next > newest, "{next} {newest}");
    calls::clear_waiting(&mut write, &[next]).await.unwrap();
    calls::delete(&mut write, &[next]).await.unwrap();
    write.commit().await.unwrap();
    let all = testing::all_calls(store).await;
    assert!(all.iter().map(|known| known.call.id).eq(stored.to_vec()));
    assert_eq!(testing::count_waiting(store).await, 0);
}

/// Calls that are in no database, for [`inbox::record`].
fn unstored_calls(count: i64, body: &[u8]) -> Vec<Call> {
    (0..count)
        .map(|n| Call {
            id: CallId::new(0x10000 + n),
            content: new(395, body),
        })
        .collect()
}

/// Records a full batch, with statements of every size.
async fn a_full_batch_is_recorded(store: &Store) {
    let mut write = store.write().await.unwrap();
    inbox::lock_understanding(&mut write).await.unwrap();
    let all = unstored_calls(1023, b"{}");
    let verdicts: Vec<_> = all
        .iter()
        .map(|call| (call, Understood::of(Verdict::Duplicate)))
        .collect();
    inbox::record(&mut write, at(403), &verdicts).await.unwrap();
    for call in [&all[0], &all[512], &all[1022]] {
        let entry = inbox::get(&mut write, call.id).await.unwrap().unwrap();
        assert_eq!(
            (entry.size, entry.understood.verdict),
            (2, Verdict::Duplicate)
        );
    }
    // Rolled back, as later parts count calls.
}

/// The oldest unusable calls are deleted, accepted ones never.
async fn unusable_calls_have_a_quota(store: &Store) {
    let mut write = store.write().await.unwrap();
    let all = unstored_calls(200, b"12345");
    let verdict =
        |at: usize| [Verdict::Accepted, Verdict::Unrecognised, Verdict::Malformed][at % 3];
    let verdicts: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(at, call)| (call, Understood::of(verdict(at))))
        .collect();
    inbox::record(&mut write, at(402), &verdicts).await.unwrap();
    // The malformed call of the story is older, and has 4 bytes.
    let mut left: Vec<CallId> = all.iter().map(|call| call.id).collect();
    for (rows, bytes, count) in [(1000, 1000, 0), (101, 1000, 33), (101, 54, 91)] {
        let deleted = inbox::keep_to_quota(&mut write, rows, bytes).await.unwrap();
        assert_eq!(deleted.len(), count, "{rows} {bytes}");
        left.retain(|id| !deleted.contains(id));
    }
    let mut entries = Vec::new();
    for call in &all {
        entries.extend(inbox::get(&mut write, call.id).await.unwrap());
    }
    assert!(entries.iter().map(|entry| entry.id).eq(left.clone()));
    let is_accepted = |entry: &&inbox::Entry| entry.understood.verdict == Verdict::Accepted;
    assert_eq!(entries.iter().filter(is_accepted).count(), 67);
    assert_eq!(left.last(), all.last().map(|call| &call.id));
    // Rolled back, as later parts count calls.
}

/// Lists the calls of the story, and marks and assigns some.
pub async fn story_of_the_inbox(store: &Store, app: AppId, stored: &[CallId]) {
    let all = Filter::default();
    let of = |tab| Filter { tab, ..all };
    let mut read = store.read().await.unwrap();
    let mut counts = Vec::new();
    for tab in InboxTab::ALL {
        counts.push(inbox::count(&mut read, of(*tab)).await.unwrap());
    }
    // All, unrecognised, malformed, auto, duplicate, accepted.
    assert_eq!(counts, [302, 0, 1, 0, 300, 1]);
    assert_eq!(inbox::count_open(&mut read).await.unwrap(), 1);
    let board = room("Board-Weekly");
    let [folded, plain, pattern] = ["ä_100%", "board", "a%.mp4"].map(SearchText::parse);
    let searched = |search| Filter { search, ..all };
    let of_room = |room| Filter { room, ..all };
    let only = |only, tab| Filter { only, ..of(tab) };
    for (filter, found) in [
        (searched(folded.as_ref()), 1),
        (searched(plain.as_ref()), 1),
        (searched(pattern.as_ref()), 0),
        (of_room(Some(&board)), 1),
        (only(InboxOnly::Status, InboxTab::All), 0),
        (only(InboxOnly::Tests, InboxTab::All), 0),
        (only(InboxOnly::Files, InboxTab::Accepted), 1),
    ] {
        let page = inbox::page(&mut read, filter, None, 300).await.unwrap();
        assert_eq!(page.len(), found, "{filter:?}");
        assert_eq!(
            inbox::count(&mut read, filter).await.unwrap() as usize,
            found
        );
    }
    let mut seen = 0;
    let mut before = None;
    while let Some(last) = {
        let page = inbox::page(&mut read, all, before, 100).await.unwrap();
        seen += page.len();
        page.last().map(|line| line.entry.id)
    } {
        before = Some(last);
    }
    assert_eq!(seen, 302);
    let line = inbox::line(&mut read, stored[1]).await.unwrap();
    let entry = line.unwrap().entry;
    let subject = entry.understood.subject;
    assert_eq!(
        (entry.size, subject.file_kind),
        (16, Some(FileKind::Composite))
    );
    assert_eq!(subject.file_name.as_deref(), Some("Ä_100%\u{fffd}.mp4"));
    assert_eq!(inbox::line(&mut read, stored[0]).await.unwrap(), None);
    drop(read);
    a_call_is_dealt_with(store, stored[2]).await;
    a_file_moves_to_another_recording(store, app, stored[1]).await;
}

async fn a_call_is_dealt_with(store: &Store, malformed: CallId) {
    let mut write = store.write().await.unwrap();
    let all = Filter::default();
    let open = inbox::next_open(&mut write, CallId::default(), 9).await;
    let open: Vec<CallId> = open.unwrap().iter().map(|entry| entry.id).collect();
    assert_eq!(open, [malformed]);
    assert_eq!(
        inbox::next_open(&mut write, malformed, 9).await.unwrap(),
        []
    );
    let by_ada = Some(("Ada", at(500)));
    assert!(
        inbox::set_dealt(&mut write, malformed, by_ada)
            .await
            .unwrap()
    );
    let unknown = call_id(0x7fff_0000);
    assert!(!inbox::set_dealt(&mut write, unknown, None).await.unwrap());
    assert_eq!(inbox::count_open(&mut write).await.unwrap(), 0);
    let dealt = Filter {
        only: InboxOnly::Dealt,
        ..all
    };
    assert_eq!(inbox::count(&mut write, dealt).await.unwrap(), 1);
    inbox::set_dealt(&mut write, malformed, None).await.unwrap();
    assert_eq!(inbox::count_open(&mut write).await.unwrap(), 1);
    write.commit().await.unwrap();
}

/// The calls about a file follow it, and a found recording without files is deleted.
async fn a_file_moves_to_another_recording(store: &Store, app: AppId, call: CallId) {
    let mut write = store.write().await.unwrap();
    let mut found = recording(0x7a0, app, "Board-Weekly", 600);
    found.origin = Origin::AutoRecorded;
    found.state = RecordingState::AwaitingFiles;
    rig::insert(&mut write, &found).await;
    let entry = inbox::get(&mut write, call).await.unwrap().unwrap();
    let file = entry.understood.file.unwrap();
    let former = entry.understood.recording.unwrap();
    for (before, is_expected) in [(call, false), (CallId::default(), true)] {
        let has_later = inbox::has_later(&mut write, before, file).await;
        assert_eq!(has_later.unwrap(), is_expected);
    }
    // Later announcements of the file follow it, too.
    let later = rig::announcement(FileKind::Composite, None, "Ä_100%\u{fffd}.mp4");
    let later = [rig::call(
        600,
        Meaning::File(Box::new(rig::file(app, "Board-Weekly", &later))),
    )];
    let assigned = async |conn: &mut Conn| {
        let world = rig::load(conn, &later).await;
        world.assigned.into_values().next()
    };
    assert_eq!(assigned(&mut write).await, None);
    inbox::follow_file(&mut write, file, found.id, "Ada")
        .await
        .unwrap();
    understanding::move_file(&mut write, file, found.id)
        .await
        .unwrap();
    let entry = inbox::get(&mut write, call).await.unwrap().unwrap();
    assert_eq!(
        (entry.understood.recording, entry.assigned_to),
        (Some(found.id), Some(found.id))
    );
    assert_eq!(assigned(&mut write).await, Some(found.id));
    let removed = recordings::remove_found_without_files(&mut write, found.id);
    assert!(!removed.await.unwrap());
    understanding::move_file(&mut write, file, former)
        .await
        .unwrap();
    assert!(
        inbox::assign(&mut write, call, Some((former, None)), "Ada")
            .await
            .unwrap()
    );
    assert_eq!(assigned(&mut write).await, Some(former));
    let removed = recordings::remove_found_without_files(&mut write, found.id);
    assert!(removed.await.unwrap());
    let removed = recordings::remove_found_without_files(&mut write, former);
    assert!(!removed.await.unwrap());
    let decided = rig::understand(&mut write, &later).await;
    assert_eq!(decided.understood[0].recording, Some(former));
    drop(write);
}
