//! Actions in any order, and two at the same moment: the outcome is that of a plain model that takes them one after the
//! other, and a recording on hold is never deleted.

use std::{sync::Arc, time::Duration};

use proptest::{
    collection::vec,
    option,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use reelroom_domain::{ids::CaseId, keep::Keep};
use reelroom_store::testing::Databases;
use tokio::runtime::Runtime;

use super::{DAY, Rig, case_form};
use crate::Browser;

/// The action of a person, or a round of the job.
#[derive(Debug, Clone, Copy)]
enum Action {
    Trash(usize),
    Restore(usize),
    Hold(usize),
    Release(usize),
    AddToCase(usize),
    TakeFromCase(usize),
    DeleteNow(usize),
    Purge,
}

/// A step: one action, or two at the same moment, after some days.
type Step = (i64, Action, Option<Action>);

fn action() -> impl Strategy<Value = Action> {
    let which = 0..3_usize;
    prop_oneof![
        3 => which.clone().prop_map(Action::Trash),
        1 => which.clone().prop_map(Action::Restore),
        2 => which.clone().prop_map(Action::Hold),
        2 => which.clone().prop_map(Action::Release),
        2 => which.clone().prop_map(Action::AddToCase),
        2 => which.clone().prop_map(Action::TakeFromCase),
        2 => which.prop_map(Action::DeleteNow),
        3 => Just(Action::Purge),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let days = prop_oneof![4 => Just(0_i64), 1 => Just(10), 1 => Just(31)];
    vec((days, action(), option::of(action())), 1..16)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Plain {
    Kept,
    Trashed { until: i64 },
    Purged,
}

/// The model of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct One {
    keep: Plain,
    own_hold: bool,
    case_hold: bool,
}

type Model = [One; 3];

fn apply(model: &mut Model, now: i64, action: Action) {
    let hold = |one: &mut One, is_own: bool| {
        if one.keep == Plain::Purged {
            return;
        }
        let held = if is_own {
            &mut one.own_hold
        } else {
            &mut one.case_hold
        };
        if !*held {
            *held = true;
            one.keep = Plain::Kept;
        }
    };
    match action {
        Action::Trash(at) => {
            let one = &mut model[at];
            if one.keep == Plain::Kept && !one.own_hold && !one.case_hold {
                let until = now + 30 * DAY;
                one.keep = Plain::Trashed { until };
            }
        }
        Action::Restore(at) => {
            if matches!(model[at].keep, Plain::Trashed { .. }) {
                model[at].keep = Plain::Kept;
            }
        }
        Action::Hold(at) => hold(&mut model[at], true),
        Action::AddToCase(at) => hold(&mut model[at], false),
        Action::Release(at) => model[at].own_hold = false,
        Action::TakeFromCase(at) => model[at].case_hold = false,
        Action::DeleteNow(at) => {
            if matches!(model[at].keep, Plain::Trashed { .. }) {
                model[at].keep = Plain::Trashed { until: now };
            }
        }
        Action::Purge => {
            for one in model {
                if matches!(one.keep, Plain::Trashed { until } if until <= now) {
                    one.keep = Plain::Purged;
                }
            }
        }
    }
}

/// Does an action. What is refused changes nothing, which the comparison shows.
async fn act(rig: &Rig, case: CaseId, action: Action) {
    let (service, by, browser) = (&rig.service, &rig.admin, &Browser::default());
    match action {
        Action::Trash(at) => {
            rig.trash(rig.ids[at]).await;
        }
        Action::Restore(at) => {
            rig.restore(rig.ids[at]).await;
        }
        Action::Hold(at) => {
            let _ = rig.hold(rig.ids[at]).await;
        }
        Action::Release(at) => {
            let _ = rig.release(rig.ids[at]).await;
        }
        Action::AddToCase(at) => {
            let these = [rig.ids[at]];
            let _ = service.add_to_case(by, browser, case, &these).await;
        }
        Action::TakeFromCase(at) => {
            let id = rig.ids[at];
            let _ = service.release(by, browser, id, Some(case), "Over").await;
        }
        Action::DeleteNow(at) => {
            let _ = rig.delete_now(rig.ids[at]).await;
        }
        Action::Purge => rig.purge().await,
    }
}

/// The recordings as they are, each with its bytes.
async fn actual(rig: &Rig) -> Model {
    let mut model = Vec::new();
    for id in rig.ids {
        let view = rig.service.kept(&rig.admin, id).await.unwrap();
        let case_hold = view.holds.iter().any(|hold| hold.case.is_some());
        let own_hold = view.holds.iter().any(|hold| hold.case.is_none());
        let is_held = own_hold || case_hold;
        let keep = match view.keep {
            Keep::Kept => Plain::Kept,
            Keep::Trashed { until, .. } => Plain::Trashed {
                until: until.as_millis(),
            },
            Keep::Purging => panic!("a purge that ended is open"),
            Keep::Purged { .. } => Plain::Purged,
        };
        assert!(!is_held || keep == Plain::Kept, "a held one is deleted");
        let objects = if keep == Plain::Purged { 0 } else { 4 };
        assert_eq!(rig.objects(id), objects, "{keep:?}");
        model.push(One {
            keep,
            own_hold,
            case_hold,
        });
    }
    model.try_into().unwrap()
}

async fn in_any_order(databases: &Databases, steps: Vec<Step>) {
    let rig = Arc::new(Rig::open(databases.another()).await);
    let (browser, form) = (Browser::default(), case_form("1"));
    let opened = rig.service.open_case(&rig.admin, &browser, &form, &[]);
    let case = opened.await.unwrap();
    let mut model = [One {
        keep: Plain::Kept,
        own_hold: false,
        case_hold: false,
    }; 3];
    for (days, first, second) in steps {
        rig.pass(days);
        let now = rig.service.now().as_millis();
        let actions = [Some(first), second].into_iter().flatten();
        let at_once: Vec<_> = actions
            .map(|action| {
                let rig = Arc::clone(&rig);
                tokio::spawn(async move { act(&rig, case, action).await })
            })
            .collect();
        for task in at_once {
            task.await.unwrap();
        }
        let orders = match second {
            None => vec![vec![first]],
            Some(second) => vec![vec![first, second], vec![second, first]],
        };
        let outcomes = orders.into_iter().map(|order| {
            let mut outcome = model;
            for action in order {
                apply(&mut outcome, now, action);
            }
            outcome
        });
        let outcomes: Vec<Model> = outcomes.collect();
        let found = actual(&rig).await;
        assert!(
            outcomes.contains(&found),
            "{first:?} and {second:?} made of {model:?} {found:?}"
        );
        model = found;
    }
    rig.service.close().await;
}

fn run(databases: &Databases, cases: u32) {
    let runtime = Runtime::new().unwrap();
    let mut runner = TestRunner::new(Config {
        cases,
        max_shrink_iters: cases * 8,
        failure_persistence: None,
        ..Config::default()
    });
    let outcome = runner.run(&steps(), |steps| {
        runtime.block_on(in_any_order(databases, steps));
        Ok(())
    });
    runtime.shutdown_timeout(Duration::from_secs(5));
    outcome.unwrap();
}

#[test]
fn nothing_held_is_lost_in_any_order_on_sqlite() {
    run(&Databases::on_sqlite(), 24);
}

#[test]
fn nothing_held_is_lost_in_any_order_on_postgres() {
    run(&Databases::on_postgres(), 12);
}
