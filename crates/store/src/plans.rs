//! Checks that the lists of every page use an index on SQLite.

use reelroom_domain::{
    act::ActFilter,
    find::{Facet, Sort},
    ids::AppId,
    room::RoomId,
    view::RoomFilter,
};
use sqlx::{AssertSqlSafe, Row, query};
use uuid::Uuid;

use crate::{
    Store, acts,
    alerts::GONE,
    cases,
    claims::{Except, next_sql},
    engine::Engine,
    files::{FILES, NEXT_TO_CHECK, NEXT_TO_PROBE, begin_pictures_sql},
    holds,
    library::{self, Wanted},
    purges,
    recordings::{
        RECORDINGS, TO_LOOK_UP,
        keep::{self, ALL_ROOMS},
        of_room_sql,
    },
    rooms::{UPDATE, counts_sql, list_sql, running_sql},
    testing::Databases,
    trouble::{newest_sql, total_sql},
    understanding::looked_up_at,
    undescribed,
    usage::{OF_ROOMS, TOTAL},
};

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one list of statements")]
async fn no_list_reads_a_whole_table() {
    let (_databases, store) = opened().await;
    let all_acts = ActFilter::default();
    let of_name = ActFilter {
        name: Some("ada".into()),
        ..ActFilter::default()
    };
    let from_address = ActFilter {
        address: Some("192.0.2.1".into()),
        ..ActFilter::default()
    };
    let of_recording = ActFilter {
        recording: Some(Uuid::nil().into()),
        up_to: Some(1),
        ..ActFilter::default()
    };
    for (sql, index) in [
        (acts::page_sql(&all_acts), "acts_by_time"),
        (acts::page_sql(&of_name), "acts_of_name"),
        (acts::page_sql(&from_address), "acts_of_address"),
        (acts::page_sql(&of_recording), "acts_of_recording"),
        (list_sql(RoomFilter::All, None, ""), "rooms_in_order"),
        (
            list_sql(RoomFilter::All, Some(Engine::Sqlite), ""),
            "rooms_in_order",
        ),
        (list_sql(RoomFilter::Hidden, None, ""), "rooms_in_order"),
        (list_sql(RoomFilter::Live, None, ""), "rooms_live"),
        (list_sql(RoomFilter::Recording, None, ""), "rooms_recorded"),
        (
            list_sql(RoomFilter::Attention, None, ""),
            "participants_here",
        ),
        (counts_sql(""), "rooms_recorded"),
        (of_room_sql(), "recordings_of_room"),
        (of_room_sql(), "files_named"),
        (
            running_sql(" AND active.room IN (SELECT value FROM json_each($3))"),
            "recordings_one_active",
        ),
        (total_sql(""), "files_failed"),
        (
            total_sql(" AND r.room IN (SELECT value FROM json_each($3))"),
            "files_failed",
        ),
        (newest_sql(""), "files_failed"),
        (
            newest_sql(" AND r.room IN (SELECT value FROM json_each($5))"),
            "files_failed",
        ),
        (UPDATE.text_of_sqlite(2, 2), "recordings_one_active"),
        (RECORDINGS.sql(TO_LOOK_UP), "recordings_to_look_up"),
        (FILES.sql(NEXT_TO_CHECK), "files_to_check"),
        (FILES.sql(NEXT_TO_PROBE), "files_to_probe"),
        (begin_pictures_sql(), "files_without_pictures"),
        (keep::page_sql(ALL_ROOMS), "recordings_in_trash"),
        (keep::totals_sql(ALL_ROOMS), "recordings_in_trash"),
        (keep::search_sql(ALL_ROOMS), "recordings_in_trash"),
        (keep::due_sql(Engine::Sqlite), "recordings_trashed"),
        (purges::resume_sql(Engine::Sqlite), "purges_claimed"),
        (
            holds::OF_RECORDING.to_owned(),
            "SEARCH h USING PRIMARY KEY (recording_id=?)",
        ),
        (
            Wanted::default().oldest_sql(),
            "SEARCH l USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)",
        ),
    ] {
        let plan = plan_of(&store, &sql).await;
        let whole = plan.lines().any(|line| {
            // A scan of a subquery's result, or of a value, reads no table.
            let found = [
                "page",
                "sums",
                "SCAN active",
                "(subquery",
                "SCAN o",
                "SCAN t",
                "CONSTANT ROW",
                "json_each",
            ];
            line.starts_with("SCAN ") && !found.iter().any(|found| line.contains(found))
        });
        assert!(!whole && plan.contains(index), "{index}\n{plan}");
    }
    // A page of rooms is read in the order of the index, and only that page is sorted again.
    let plan = plan_of(&store, &list_sql(RoomFilter::All, None, "")).await;
    assert!(
        plan.contains("(rank,recency,room_key,room)>(?,?,?,?)")
            && plan.matches("TEMP B-TREE FOR ORDER BY").count() <= 1,
        "{plan}"
    );
    // The page is read in the order of the index; only the found rows are sorted again.
    let plan = plan_of(&store, &of_room_sql()).await;
    let inner = plan.split("recordings_of_room").nth(1).unwrap();
    assert!(
        plan.matches("TEMP B-TREE FOR ORDER BY").count() <= 1,
        "{inner}\n{plan}"
    );
    // Each part of the queue is read in the order of its own index.
    for behind in [None, Some(1000)] {
        let except = Except {
            behind,
            ..Except::default()
        };
        let plan = plan_of(&store, &next_sql(Engine::Sqlite, except)).await;
        let indexes = ["files_claimed", "files_to_fetch", "files_next_try"];
        assert!(
            indexes.iter().all(|index| plan.contains(index)) && !plan.contains("TEMP B-TREE"),
            "{plan}"
        );
    }
    // The trash and its queues, that of descriptions, and the walk of the rules are read in the order of an index.
    for sql in [
        keep::page_sql(ALL_ROOMS),
        keep::search_sql(ALL_ROOMS),
        keep::due_sql(Engine::Sqlite),
        purges::resume_sql(Engine::Sqlite),
        Wanted::default().oldest_sql(),
        undescribed::NEXT.to_owned(),
    ] {
        let plan = plan_of(&store, &sql).await;
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }
    // All cases are in their list; what each holds, and its last change, are found by an index.
    let plan = plan_of(&store, &cases::list_sql()).await;
    let scans: Vec<&str> = plan
        .lines()
        .filter(|line| line.starts_with("SCAN "))
        .collect();
    let indexes = ["holds_of_case", "case_lines_of_case"];
    assert!(
        scans == ["SCAN c"] && indexes.iter().all(|index| plan.contains(index)),
        "{plan}"
    );
    // The usage is one scan of an index, without the rows of files.
    let plan = plan_of(&store, OF_ROOMS).await;
    assert!(
        plan.contains("SCAN f USING COVERING INDEX files_archived") && plan.contains("SEARCH r "),
        "{plan}"
    );
    let plan = plan_of(&store, GONE).await;
    assert!(
        plan.contains("INDEX files_gone") && plan.contains("SEARCH r "),
        "{plan}"
    );
    let plan = plan_of(&store, TOTAL).await;
    assert!(
        plan.contains("SCAN files USING COVERING INDEX files_archived"),
        "{plan}"
    );
}

#[tokio::test]
async fn files_at_many_places_are_read_by_their_index() {
    let (_databases, store) = opened().await;
    let places = vec!["('', '', '')"; 1024].join(", ");
    let sql = looked_up_at(Engine::Sqlite).replace("{}", &places);
    let plan = plan_of(&store, &sql).await;
    assert!(
        plan.contains("SEARCH f USING INDEX files_looked_up_by_url") && !plan.contains("AUTOMATIC"),
        "{plan}"
    );
}

#[tokio::test]
async fn numbers_of_the_library_are_read_by_their_terms() {
    let (_databases, store) = opened().await;
    let app: AppId = Uuid::nil().into();
    let rooms = ["a", "b"].map(|room| RoomId::new(room).unwrap());
    let filter = library::Filter {
        rooms: Some(&rooms),
        facets: &[Facet::Held],
        ..library::Filter::all(app.into())
    };
    let sql = library::numbers_sql(filter).unwrap();
    let plan = plan_of(&store, &sql).await;
    let expected = [
        "SCAN CONSTANT ROW",
        "SCALAR SUBQUERY 2",
        "SCAN library USING INDEX library_without_mask",
        "SCALAR SUBQUERY 1",
        "SEARCH library_numbers USING PRIMARY KEY (term=?)",
    ];
    assert_eq!(plan, expected.join("\n"));
}

/// A page of the library is read in the order of the terms or, of many rows, in that of an index.
#[tokio::test]
async fn no_page_of_the_library_is_sorted() {
    let (_databases, store) = opened().await;
    let app: AppId = Uuid::nil().into();
    for (sort, are_many, index) in [
        (Sort::Newest, false, "SCAN library_terms VIRTUAL TABLE"),
        (Sort::Oldest, false, "SCAN library_terms VIRTUAL TABLE"),
        (Sort::Longest, true, "library_by_length"),
        (Sort::Largest, true, "library_by_size"),
        (Sort::Room, true, "library_of_room"),
    ] {
        let read = store.read().await.unwrap();
        let sql = library::first_page_sql(&read, app.into(), sort, are_many).unwrap();
        drop(read);
        let plan = plan_of(&store, &sql).await;
        assert!(
            plan.contains(index) && !plan.contains("TEMP B-TREE"),
            "{sort:?}\n{plan}"
        );
    }
}

/// A migrated store, and its databases, which are deleted when they are dropped.
async fn opened() -> (Databases, Store) {
    let databases = Databases::on_sqlite();
    let store = databases.store().await;
    (databases, store)
}

async fn plan_of(store: &Store, sql: &str) -> String {
    let mut read = store.read().await.unwrap();
    let rows = query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
        .fetch_all(&mut *read)
        .await
        .unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    lines.join("\n")
}
