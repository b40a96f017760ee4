//! Rows that are older than the limits of sizes and lengths.

use reelroom_domain::{
    about::Tags,
    access::Grant,
    ids::CaseId,
    retention::{Kinds, Rule, RuleName, RuleState, RuleText, Sizes, When},
};

use super::*;
use crate::{
    cases, files,
    library::{Wanted, oldest, stock},
    recordings,
};

/// A rule that deletes only some kinds of files.
fn of_tracks() -> Rule {
    Rule {
        id: "00000000000000000000000000000070".parse().unwrap(),
        text: RuleText {
            name: RuleName::parse("Tracks").unwrap(),
            rooms: Grant::Everything,
            tags: Tags::default(),
            states: vec![RecordingState::Ready],
            kinds: Kinds::of([FileKind::Track]).unwrap(),
            when: When::OlderThan { days: 1 },
        },
        state: RuleState::On,
        version: 1,
        changed_at: Timestamp::from_millis(0),
        changed_by: "ada".to_owned(),
    }
}

/// Gives each file and each entry the largest number, and a case some recordings.
async fn make_absurd(store: &Store) {
    for sql in [
        "UPDATE files SET size = 9223372036854775807, length_ms = 9223372036854775807, stored_size = NULL,
             state = 'remote'",
        "UPDATE library SET size = 9223372036854775807, length_ms = 9223372036854775807",
        "INSERT INTO cases (id, number, number_key, name, reason, reference, opened_at, opened_by, opened_name)
         VALUES ('00000000000000000000000000000060', '1', '1', 'a', '', '', 0, '', 'ada')",
        "UPDATE holds SET case_id = '00000000000000000000000000000060'",
    ] {
        execute(store, sql).await;
    }
}

async fn an_absurd_number_overflows_no_sum(databases: &Databases) {
    let store = filled(databases).await;
    make_absurd(&store).await;
    let mut read = store.read().await.unwrap();

    let all = Filter {
        with_tries: true,
        ..Filter::all(app().into())
    };
    assert_eq!(sums(&mut read, all).await.unwrap(), (0, 0));

    let rule = of_tracks();
    for wanted in [Wanted::default(), Wanted::of([&rule])] {
        let stock = stock(&mut read, &wanted).await.unwrap();
        assert!(!stock.is_empty());
        let is_empty = |sizes: Sizes| sizes == Sizes::default();
        assert!(stock.iter().all(|alike| is_empty(alike.facts.sizes)));
        let late = Timestamp::from_millis(i64::MAX);
        let oldest = oldest(&mut read, &wanted, None, late, 1000).await.unwrap();
        assert_eq!(oldest.len(), 400);
        for (_, id, facts) in oldest {
            assert_eq!(facts.ended_at, facts.began_at, "{id}");
        }
    }

    let ids: Vec<RecordingId> = (0..400).map(id).collect();
    let summaries = recordings::summaries(&mut read, &ids).await.unwrap();
    assert_eq!(summaries.len(), 400);
    for one in summaries {
        assert_eq!((one.bytes, one.composites_length), (0, 0));
    }

    // How long they ran is known.
    let room = RoomId::new(ROOMS[0]).unwrap();
    let ran = (0..400).step_by(5).map(|n| n % 9 * 600_000).sum::<i64>();
    let totals = recordings::totals_of_room(&mut read, app(), &room).await;
    assert_eq!(totals.unwrap(), (80, ran));

    let case: CaseId = "00000000000000000000000000000060".parse().unwrap();
    let (n, bytes) = cases::files(&mut read, case).await.unwrap();
    assert!(n > 0);
    assert_eq!(bytes, 0);

    let file = files::of_recording(&mut read, id(1))
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        (file.announced.size, file.announced.length_ms),
        (None, None)
    );

    let ids = serde_json::to_string(&ids).unwrap();
    for (id, entry) in facts::entries(&mut read, &ids).await.unwrap() {
        assert_eq!(
            (entry.size(), entry.length()),
            (0, entry.ran.unwrap()),
            "{id}"
        );
    }
}

crate::on_both!(an_absurd_number_overflows_no_sum);
