use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    about::Tags,
    access::Grant,
    file::FileKind,
    ids::{AppId, RuleId},
    recording::RecordingState,
    room::RoomId,
    time::Timestamp,
    usage::DAY,
};

const NOW: Timestamp = Timestamp::from_millis(1_000 * DAY);

fn app(n: u128) -> AppId {
    Uuid::from_u128(n).into()
}

fn room(name: &str) -> RoomId {
    RoomId::new(name).unwrap()
}

/// A rule about all ready recordings and all kinds.
fn rule(n: u128, when: When) -> Rule {
    Rule {
        id: Uuid::from_u128(n).into(),
        text: RuleText {
            name: RuleName::parse(&format!("Rule {n}")).unwrap(),
            rooms: Grant::Everything,
            tags: Tags::default(),
            states: vec![RecordingState::Ready],
            kinds: Kinds::all(),
            when,
        },
        state: RuleState::On,
        version: 1,
        changed_at: NOW,
        changed_by: "ada".to_owned(),
    }
}

fn days(days: u32) -> When {
    When::OlderThan { days }
}

/// A ready recording of the room `class-7B` that ended this many days ago.
fn facts(days: i64) -> Facts {
    let ended_at = NOW.plus_millis(-days * DAY);
    Facts {
        app: app(1),
        room: room("class-7B"),
        state: RecordingState::Ready,
        tags: BTreeSet::new(),
        began_at: ended_at.plus_millis(-1000),
        ended_at,
        sizes: Sizes::new(100, 20, 3),
        is_held: false,
    }
}

fn due(rules: impl IntoIterator<Item = Rule>) -> Vec<DueRule> {
    let rules = rules.into_iter();
    rules.map(|rule| DueRule::at(rule, NOW)).collect()
}

/// The deletions, as pairs of a rule's name and bytes; of all kinds with an `all`.
fn goes(rules: &[DueRule], facts: &Facts) -> Vec<String> {
    let Fate::Goes(deletions) = fate(rules, facts) else {
        return Vec::new();
    };
    let words = deletions.iter().map(|deletion| {
        let all = if deletion.kinds.is_all() { " all" } else { "" };
        format!(
            "{} {}{all}",
            deletion.rule.text.name.as_str(),
            deletion.bytes
        )
    });
    words.collect()
}

#[test]
fn the_first_rule_that_fits_decides_also_where_it_keeps() {
    let mut long = rule(1, days(700));
    long.text.tags = Tags::parse("Minutes").unwrap();
    let rules = due([long, rule(2, days(365))]);
    assert_eq!(goes(&rules, &facts(364)), [""; 0]);
    assert_eq!(goes(&rules, &facts(365)), ["Rule 2 123 all"]);
    let tagged = |days| Facts {
        tags: BTreeSet::from(["minutes".to_owned()]),
        ..facts(days)
    };
    assert_eq!(goes(&rules, &tagged(699)), [""; 0]);
    assert_eq!(goes(&rules, &tagged(700)), ["Rule 1 123 all"]);
}

#[test]
fn a_rule_may_delete_only_tracks_and_another_one_the_rest() {
    let mut tracks = rule(1, days(180));
    tracks.text.kinds = Kinds::of([FileKind::Track]).unwrap();
    let rules = due([tracks.clone(), rule(2, days(365))]);
    assert_eq!(goes(&rules, &facts(179)), [""; 0]);
    assert_eq!(goes(&rules, &facts(180)), ["Rule 1 20"]);
    assert_eq!(goes(&rules, &facts(365)), ["Rule 2 123 all"]);
    // A kind of file that is gone already is not named again.
    let without = Facts {
        sizes: Sizes::new(100, 0, 3),
        ..facts(180)
    };
    assert_eq!(goes(&rules, &without), [""; 0]);
    assert_eq!(goes(&due([tracks.clone()]), &facts(999)), ["Rule 1 20"]);

    // Tracks that are kept for longer keep the recording.
    tracks.text.when = days(900);
    let rules = due([tracks, rule(2, days(365))]);
    assert_eq!(goes(&rules, &facts(365)), ["Rule 2 103"]);
    assert_eq!(goes(&rules, &without), [""; 0]);
    let without = Facts {
        ended_at: facts(365).ended_at,
        ..without
    };
    assert_eq!(goes(&rules, &without), ["Rule 2 103 all"]);
}

#[test]
fn failed_and_overdue_recordings_go_only_where_a_rule_says_so() {
    for &state in RecordingState::ALL {
        let facts = Facts {
            state,
            ..facts(999)
        };
        let mut named = rule(1, days(1));
        let is_ready = state == RecordingState::Ready;
        assert_eq!(!goes(&due([named.clone()]), &facts).is_empty(), is_ready);
        named.text.states = STATES.to_vec();
        let is_named = STATES.contains(&state);
        assert_eq!(!goes(&due([named]), &facts).is_empty(), is_named);
    }
}

#[test]
fn a_hold_beats_every_rule() {
    let rules = due([rule(1, days(1))]);
    let held = Facts {
        is_held: true,
        ..facts(999)
    };
    assert!(matches!(fate(&rules, &held), Fate::Saved(_)));
    let mut sums = Sums::default();
    sums.count(&fate(&rules, &held));
    sums.count(&fate(&rules, &facts(2)));
    sums.count(&fate(&rules, &facts(0)));
    let tally = |bytes| Tally {
        recordings: 1,
        bytes,
    };
    assert_eq!((sums.goes, sums.saved), (tally(123), tally(123)));
    assert_eq!(sums.rules, BTreeMap::from([(rules[0].rule.id, tally(123))]));
}

/// The days of recordings of 123 bytes that go above a limit, the oldest first.
fn above(bytes: u64, recordings: &[Facts]) -> Vec<i64> {
    let mut rules = due([rule(1, When::Above { bytes })]);
    let stock: Vec<Stock> = recordings
        .iter()
        .map(|facts| Stock {
            facts: facts.clone(),
            recordings: 1,
        })
        .collect();
    let mut excesses = excesses(&rules, &stock);
    for facts in recordings {
        count_down(&mut rules, &mut excesses, facts);
    }
    assert!(excesses.is_empty(), "{excesses:?}");
    let gone = recordings.iter();
    let gone = gone.filter(|facts| !goes(&rules, facts).is_empty());
    gone.map(|facts| NOW.since(facts.ended_at) / DAY).collect()
}

#[test]
fn above_a_total_size_the_oldest_go_first() {
    let mut all: Vec<Facts> = (1..=5).rev().map(facts).collect();
    assert_eq!(above(5 * 123, &all), [0; 0]);
    assert_eq!(above(5 * 123 - 1, &all), [5]);
    assert_eq!(above(2 * 123, &all), [5, 4, 3]);
    assert_eq!(above(0, &all), [5, 4, 3, 2, 1]);
    // Nothing goes in place of one that is held.
    all[1].is_held = true;
    assert_eq!(above(2 * 123, &all), [5, 3]);
}

#[test]
fn months_are_summed_up() {
    let mut tracks = rule(1, days(30));
    tracks.text.kinds = Kinds::of([FileKind::Track]).unwrap();
    let rules = due([tracks, rule(2, days(60))]);
    let stock = |days, recordings, is_held| Stock {
        facts: Facts {
            is_held,
            ..facts(days)
        },
        recordings,
    };
    let stock = [
        stock(10, 2, false),
        stock(100, 3, false),
        stock(10, 1, true),
    ];
    let begins = [-20, 0, 30, 60].map(|days| NOW.plus_millis(days * DAY));
    let what_if = what_if(&rules, &stock, NOW, &begins);
    let tally = |recordings, bytes| Tally { recordings, bytes };
    // Those of 100 days ago: tracks 70 days ago, the rest 40 days ago.
    assert_eq!(what_if.before, tally(3, 123));
    let sums: Vec<_> = what_if
        .months
        .iter()
        .map(|month| (month.goes, month.saved))
        .collect();
    let none = tally(0, 0);
    let [tracks, rest] = [20, 103].map(|bytes| tally(0, bytes));
    let held = tally(1, 103);
    assert_eq!(
        sums,
        [
            (none, none),
            (tracks, tracks),
            (
                Tally {
                    recordings: 2,
                    ..rest
                },
                held
            )
        ]
    );
}

#[test]
fn the_form_shows_a_rule_and_reads_it_again() {
    let mut texts = vec![
        rule(1, days(180)).text,
        rule(
            2,
            When::Above {
                bytes: 2_000_000_000,
            },
        )
        .text,
    ];
    let prefix = room("class-");
    texts[0].rooms = Grant::Prefix {
        app: app(7),
        prefix,
    };
    texts[0].tags = Tags::parse("a, B").unwrap();
    texts[0].states = STATES.to_vec();
    texts[1].rooms = Grant::App { app: app(7) };
    texts[1].kinds = Kinds::of([FileKind::Track, FileKind::Frame]).unwrap();
    for text in texts {
        let form = RuleForm::of(&text);
        assert_eq!(form.parse(), Ok(text));
        for (name, _) in form.fields() {
            let form = serde_json::to_value(&form).unwrap();
            assert!(form.get(name).is_some(), "{name}");
        }
    }
}

#[test]
fn every_wrong_field_is_named_at_once() {
    use RuleField as F;

    let nothing = RuleForm {
        rooms: "class-*".to_owned(),
        tags: "a, b, c, d".to_owned(),
        ..RuleForm::default()
    };
    let wrong = vec![F::Name, F::InApp, F::Tags, F::States, F::Kinds, F::Days];
    assert_eq!(nothing.parse(), Err(wrong));
    let size = RuleForm {
        name: "x".to_owned(),
        when: "size".to_owned(),
        gigabytes: "0".to_owned(),
        ..RuleForm::fresh()
    };
    assert_eq!(size.parse(), Err(vec![F::Gigabytes]));
    let mut schedule = Schedule::default();
    let form = ScheduleForm {
        hour: "24".to_owned(),
        zone: "Mars".to_owned(),
    };
    let wrong = form.change(&mut schedule, |zone| zone != "Mars");
    assert_eq!(wrong, Err(vec![F::Hour, F::Zone]));
    assert_eq!(schedule, Schedule::default());
}

#[test]
fn a_changed_rule_makes_a_dry_run_old() {
    let mut rules = vec![rule(1, days(1)), rule(2, days(2))];
    rules[1].state = RuleState::New;
    let dry_run = |with: Option<RuleId>| DryRun {
        at: NOW,
        of: NOW,
        rules: due([rule(1, days(1))]
            .into_iter()
            .chain(with.map(|_| rule(2, days(2))))),
        with,
        sums: Sums::default(),
        what_if: WhatIf::default(),
    };
    let (alone, both) = (dry_run(None), dry_run(Some(rules[1].id)));
    assert!(alone.is_of(&rules) && both.is_of(&rules));
    rules[1].version = 2;
    assert!(alone.is_of(&rules) && !both.is_of(&rules));
    rules.reverse();
    assert!(!both.is_of(&rules));
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let kinds = prop::sample::subsequence(FileKind::ALL.to_vec(), 1..=3);
    let states = prop::sample::subsequence(STATES.to_vec(), 1..=3);
    let when = prop_oneof![
        (1..50_u32).prop_map(days),
        (0..500_u64).prop_map(|bytes| When::Above { bytes })
    ];
    let places = prop::sample::select(vec![
        Grant::Everything,
        Grant::App { app: app(1) },
        Grant::App { app: app(2) },
        Grant::Prefix {
            app: app(1),
            prefix: room("class-"),
        },
        Grant::Room {
            app: app(1),
            room: room("hall"),
        },
    ]);
    let tags = prop::sample::select(vec!["", "a", "a, b"]);
    (1..u128::MAX, kinds, states, when, places, tags).prop_map(
        |(n, kinds, states, when, rooms, tags)| {
            let mut rule = rule(n, when);
            rule.text.kinds = Kinds::of(kinds).unwrap();
            rule.text.states = states;
            rule.text.rooms = rooms;
            rule.text.tags = Tags::parse(tags).unwrap();
            rule
        },
    )
}

fn any_facts() -> impl Strategy<Value = Facts> {
    (
        0..60_i64,
        1..3_u128,
        prop::sample::select(vec!["class-7B", "hall"]),
        prop::sample::select(RecordingState::ALL.to_vec()),
        prop::sample::select(vec!["", "a", "b", "c"]),
        (0..200_u64, 0..200_u64, 0..9_u64),
        any::<bool>(),
    )
        .prop_map(|(days, of, name, state, tag, sizes, is_held)| Facts {
            app: app(of),
            room: room(name),
            state,
            tags: (!tag.is_empty())
                .then(|| tag.to_owned())
                .into_iter()
                .collect(),
            sizes: Sizes::new(sizes.0, sizes.1, sizes.2),
            is_held,
            ..facts(days)
        })
}

#[test]
fn a_rule_is_looked_at_again_when_one_before_it_decides_no_more() {
    let again = |before: &[Rule], after: &[&Rule]| -> Vec<RuleId> {
        let after: Vec<Rule> = after.iter().copied().cloned().collect();
        let again = to_look_at_again(before, &after);
        again.iter().map(|rule| rule.id).collect()
    };
    let [one, two, three] = [1, 2, 3].map(|n| rule(n, days(30)));
    let all_on = [one.clone(), two.clone(), three.clone()];
    let with = |state: RuleState, rule: &Rule| Rule {
        state,
        ..rule.clone()
    };
    let off = with(RuleState::Off, &one);
    let changed = Rule {
        version: 2,
        ..with(RuleState::New, &one)
    };
    let later = vec![two.id, three.id];
    assert_eq!(again(&all_on, &[&off, &two, &three]), later);
    assert_eq!(again(&all_on, &[&changed, &two, &three]), later);
    assert_eq!(again(&all_on, &[&two, &three]), later);
    // The last one was after the second, which is off now.
    assert_eq!(again(&all_on, &[&two, &one, &three]), later);
    assert_eq!(again(&all_on, &[&one, &three, &two]), [three.id]);

    // One that was off decided nothing, and one that comes on leaves less to the others.
    let first_off = [off.clone(), two.clone(), three.clone()];
    assert!(again(&first_off, &[&two, &off, &three]).is_empty());
    assert!(again(&first_off, &[&two, &three]).is_empty());
    assert!(again(&first_off, &[&one, &two, &three]).is_empty());

    // One that was looked at is looked at again before it can be on.
    let two_off = with(RuleState::Off, &two);
    let three_new = with(RuleState::New, &three);
    let before = [one, two_off.clone(), three_new.clone()];
    assert_eq!(again(&before, &[&off, &two_off, &three_new]), [two.id]);
}

proptest! {
    /// Under any rules, a recording that is on hold, that runs, or that no rule fits stays; by age nothing goes too
    /// early, and no byte goes by two rules.
    #[test]
    fn only_what_a_rule_fits_is_named(
        rules in prop::collection::vec(any_rule(), 0..6),
        facts in prop::collection::vec(any_facts(), 1..12),
    ) {
        let mut rules = due(rules);
        let stock: Vec<Stock> = facts.iter().map(|facts| Stock { facts: facts.clone(), recordings: 1 }).collect();
        let mut oldest_first = facts.clone();
        oldest_first.sort_by_key(|facts| facts.began_at);
        let mut excesses = excesses(&rules, &stock);
        for facts in &oldest_first {
            count_down(&mut rules, &mut excesses, facts);
        }
        for facts in &facts {
            let deletions = match fate(&rules, facts) {
                Fate::Stays => continue,
                Fate::Saved(_) => {
                    prop_assert!(facts.is_held);
                    continue;
                }
                Fate::Goes(deletions) => deletions,
            };
            prop_assert!(!facts.is_held);
            prop_assert!(!facts.state.is_active());
            let mut kinds = BTreeSet::new();
            for deletion in &deletions {
                let text = &deletion.rule.text;
                prop_assert!(text.fits(facts));
                prop_assert_eq!(deletion.bytes, facts.sizes.sum(&deletion.kinds));
                for kind in deletion.kinds.iter() {
                    prop_assert!(kinds.insert(kind));
                }
                if !deletion.kinds.is_all() && let When::OlderThan { days } = text.when {
                    prop_assert!(NOW.since(facts.ended_at) >= i64::from(days) * DAY);
                }
            }
        }
    }
}
