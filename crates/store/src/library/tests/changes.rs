//! The index after changes of recordings.

use std::collections::BTreeMap;

use proptest::{
    collection::vec,
    sample::select,
    strategy::{Strategy, ValueTree},
    test_runner::TestRunner,
};
use sqlx::Row;

use super::{app, filled, id, run};
use crate::{
    Conn,
    library::{Batch, Filter, count, facts},
    query::query,
    stale,
    testing::{self, Databases},
};

/// Statements that change a recording `$1`; not each changes its row of the index.
const CHANGES: &[&str] = &[
    "UPDATE recordings SET state = 'failed' WHERE id = $1",
    "UPDATE recordings SET state = 'ready' WHERE id = $1",
    "UPDATE recordings SET keep = 'trashed' WHERE id = $1",
    "UPDATE recordings SET keep = 'kept' WHERE id = $1",
    "UPDATE recordings SET keep = 'purged' WHERE id = $1",
    "UPDATE recordings SET room = 'class-7A' WHERE id = $1",
    "UPDATE recordings SET requested_by = 'bob' WHERE id = $1",
    "UPDATE recordings SET started_at = started_at + 60000 WHERE id = $1",
    "UPDATE rooms SET title = 'Hall' WHERE room = (SELECT r.room FROM recordings r WHERE r.id = $1)",
    "INSERT INTO tags (recording_id, tag_key, tag) SELECT r.id, 'math', 'Math' FROM recordings r WHERE r.id = $1
     ON CONFLICT DO NOTHING",
    "DELETE FROM tags WHERE recording_id = $1",
    "INSERT INTO seen (user_id, recording_id, at) SELECT u.id, r.id, 0 FROM recordings r, users u WHERE r.id = $1
     ON CONFLICT DO NOTHING",
    "DELETE FROM seen WHERE recording_id = $1",
    "UPDATE files SET state = 'archived', stored_size = 900000000 WHERE recording_id = $1",
    // Joins it with another one, which is on hold and so never deleted.
    "UPDATE files SET recording_id = '00000000000000000000000000000007' WHERE recording_id = $1",
    "DELETE FROM files WHERE recording_id = $1",
    "DELETE FROM recordings WHERE id = $1
     AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.recording_id = recordings.id)",
];

/// The stored numbers by term and mask.
async fn stored(conn: &mut Conn) -> BTreeMap<(i64, i64), i64> {
    let rows = sqlx::query("SELECT term, mask, n FROM library_numbers");
    let rows = rows.fetch_all(&mut *conn).await.unwrap();
    let read = |row: &sqlx::any::AnyRow| ((row.get("term"), row.get("mask")), row.get("n"));
    rows.iter().map(read).collect()
}

/// The expected stored numbers, counted from all entries.
async fn recounted(conn: &mut Conn) -> BTreeMap<(i64, i64), i64> {
    let ids: Vec<String> = (0..400).map(|n| id(n).to_string()).collect();
    let ids = serde_json::to_string(&ids).unwrap();
    let mut numbers: BTreeMap<(i64, i64), i64> = BTreeMap::new();
    for (_, entry) in facts::entries(conn, &ids).await.unwrap() {
        for term in entry.facet_terms() {
            let key = (term.number().into(), entry.mask().bits());
            *numbers.entry(key).or_default() += 1;
        }
    }
    numbers
}

async fn numbers_follow_each_change(databases: &Databases) {
    let store = filled(databases).await;
    let mut write = store.write().await.unwrap();
    assert_eq!(stored(&mut write).await, recounted(&mut write).await);
    let some = vec((select(CHANGES), 0..400_usize), 1..30);
    let mut runner = TestRunner::deterministic();
    for _ in 0..40 {
        let changes = some.new_tree(&mut runner).unwrap().current();
        for (sql, n) in &changes {
            run(&mut write, sql, id(*n)).await;
            stale::mark(&mut write, &[id(*n), id(7)]).await.unwrap();
        }
        while testing::index(&mut write, 16).await.unwrap() {}
        let recounted = recounted(&mut write).await;
        assert_eq!(stored(&mut write).await, recounted, "{changes:?}");
    }
    // The state that the migration leaves.
    for sql in [
        "UPDATE library SET mask = NULL",
        "DELETE FROM library_numbers",
        "INSERT INTO stale (recording_id) SELECT id FROM recordings",
    ] {
        query(sql).execute(&mut write).await.unwrap();
    }
    let before = count(&mut write, Filter::all(app().into())).await.unwrap();
    assert!(before.n > 0);
    while testing::index(&mut write, 128).await.unwrap() {}
    let after = count(&mut write, Filter::all(app().into())).await.unwrap();
    assert_eq!(before, after);
    assert_eq!(stored(&mut write).await, recounted(&mut write).await);
    assert!(!stored(&mut write).await.is_empty());
}

/// Two batches that were read before either was written, with a change in between.
async fn the_newest_change_is_found(databases: &Databases) {
    let store = filled(databases).await;
    let titled = async |title: &str| {
        let mut write = store.write().await.unwrap();
        let update = "UPDATE recordings SET title = $1 WHERE id = $2";
        run(&mut write, update, (title, id(1))).await;
        // Many marks, as in a flood of calls.
        stale::mark(&mut write, &[id(1); 600]).await.unwrap();
        write.commit().await.unwrap();
    };
    let index = async |batch: Batch| {
        let mut write = store.write().await.unwrap();
        batch.write(&mut write).await.unwrap();
        write.commit().await.unwrap();
    };
    let batch = async || {
        let mut read = store.read().await.unwrap();
        Batch::read(&mut read, 2).await.unwrap()
    };
    let found = async |title: &str| {
        let words = [title.to_owned()];
        let filter = Filter {
            words: &words,
            with_tries: true,
            ..Filter::all(app().into())
        };
        let mut read = store.read().await.unwrap();
        count(&mut read, filter).await.unwrap().n
    };
    titled("the first").await;
    let older = batch().await;
    titled("the second").await;
    while !batch().await.is_empty() {
        index(batch().await).await;
    }
    index(older).await;
    assert_eq!(found("the first").await, 0);
    assert_eq!(found("the second").await, 1);

    titled("the third").await;
    let older = batch().await;
    titled("the fourth").await;
    let newer = batch().await;
    index(older).await;
    assert_eq!(found("the third").await, 1);
    // It was read with the marks of both changes, of which those of the third are removed by now.
    index(newer).await;
    assert_eq!(found("the third").await, 0);
    assert_eq!(found("the fourth").await, 1);

    // Of two that follow each other, the second is read before the first is written.
    titled("the fifth").await;
    titled("the sixth").await;
    let mut read = store.read().await.unwrap();
    let first = Batch::after(&mut read, None, 900).await.unwrap();
    let second = Batch::after(&mut read, Some(&first), 900).await.unwrap();
    drop(read);
    assert!(first.has_more && !second.has_more && !second.is_empty());
    index(first).await;
    index(second).await;
    assert!(batch().await.is_empty());
    assert_eq!(found("the sixth").await, 1);

    // All marks of a recording are taken at once, also those behind a mark of another one.
    let mut write = store.write().await.unwrap();
    let marked = [1, 2, 1, 2, 1].map(id);
    stale::mark(&mut write, &marked).await.unwrap();
    let one = Batch::read(&mut write, 1).await.unwrap();
    assert!(one.has_more);
    one.write(&mut write).await.unwrap();
    assert_eq!(stale::count(&mut write, 10).await.unwrap(), 2);
}

crate::on_both!(numbers_follow_each_change, the_newest_change_is_found);
