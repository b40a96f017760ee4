//! Checks that the lists which every page needs are found by index on SQLite.

use reelroom_domain::{room::RoomId, view::RoomFilter};
use sqlx::{AssertSqlSafe, Row, query};

use crate::{
    Store,
    recordings::{Filter, page_sql},
    rooms::list_sql,
};

#[tokio::test]
async fn no_list_reads_a_whole_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plans.db");
    let url = format!("sqlite:{}", path.display()).parse().unwrap();
    let store = Store::connect(&url).await.unwrap();
    store.migrate().await.unwrap();

    let room = RoomId::new("r").unwrap();
    let of_room = Filter {
        room: Some(&room),
        search: None,
    };
    for (sql, index) in [
        (list_sql(RoomFilter::All), "recordings_of_room"),
        (list_sql(RoomFilter::All), "recordings_one_active"),
        (list_sql(RoomFilter::Live), "meetings_one_open"),
        (list_sql(RoomFilter::Attention), "participants_here"),
        (page_sql(Filter::default()), "recordings_of_app"),
        (page_sql(Filter::default()), "files_announced_once"),
        (page_sql(of_room), "recordings_of_room"),
    ] {
        let plan = plan(&store, &sql).await;
        let whole = plan.lines().any(|line| {
            // A scan of what the statement itself found is none of a table.
            line.starts_with("SCAN ") && !line.contains("page") && !line.contains("sums")
        });
        assert!(!whole && plan.contains(index), "{index}\n{plan}");
    }
    // The page is read in the order of the index; only what was found is sorted again.
    let plan = plan(&store, &page_sql(Filter::default())).await;
    let inner = plan.split("recordings_of_app").nth(1).unwrap();
    assert!(
        plan.matches("TEMP B-TREE FOR ORDER BY").count() <= 1,
        "{inner}\n{plan}"
    );
}

async fn plan(store: &Store, sql: &str) -> String {
    let mut read = store.read().await.unwrap();
    let rows = query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
        .fetch_all(&mut *read)
        .await
        .unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    lines.join("\n")
}
