//! The nightly run: moves to the trash what the rules name, and deletes files whose time is over.

use std::time::Duration;

use reelroom_domain::{
    act::{Act, ActKind},
    certificate::DeletedWhy,
    ids::RecordingId,
    keep::{Keep, KeepSettings, may_trash},
    retention::{Deletion, Fate, LastRun, Rule, RuleState, Sums, fate},
    time::Timestamp,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, Store, acts, history, purges,
    recordings::keep::{self, Locked},
    retention, settings,
};

use super::{
    schedule::{LAST_RUN, RUNS_AFTER, last_run, schedule, times},
    walk::Walk,
};
use crate::{Browser, Service, ServiceError, ground::jobs::Job};

/// How many recordings one transaction moves.
const AT_ONCE: usize = 50;

impl Service {
    /// Runs the rules if they are due, and then deletes the files whose time is over and which they still name.
    pub(crate) async fn retention_round(&self) -> Result<Option<Duration>, ServiceError> {
        self.in_background(|service, store| async move {
            if let Some(of) = service.retention_due(&store).await? {
                let rules = service.run_rules(&store, of).await?;
                service.purge_leaving(&store, &rules).await?;
            }
            Ok(None)
        })
        .await
    }

    /// The time of the run that is due, if one is. A new server waits for the next one.
    async fn retention_due(&self, store: &Store) -> Result<Option<Timestamp>, ServiceError> {
        let mut read = store.read().await?;
        let (of, _) = times(&schedule(&mut read).await?, self.now());
        let after = match last_run(&mut read).await? {
            Some(last) => Some(last.of),
            None => settings::get_value(&mut read, RUNS_AFTER).await?,
        };
        drop(read);
        if let Some(after) = after {
            return Ok((after < of).then_some(of));
        }
        let mut tx = store.write().await?;
        settings::set_value(&mut tx, RUNS_AFTER, &of).await?;
        tx.commit().await?;
        Ok(None)
    }

    /// Runs the rules that are on, and returns them. A run that breaks off is repeated; the rules no longer name the
    /// recordings that it moved.
    async fn run_rules(&self, store: &Store, of: Timestamp) -> Result<Vec<Rule>, ServiceError> {
        let mut read = store.read().await?;
        let schedule = schedule(&mut read).await?;
        let trash = keep::settings(&mut read).await?;
        let mut rules = retention::rules(&mut read).await?;
        drop(read);
        rules.retain(|rule| rule.state == RuleState::On && schedule.off.is_none());
        let (mut walk, _) = Walk::begin(store, rules.clone(), of).await?;
        let mut sums = Sums::default();
        while let Some(page) = walk.next().await? {
            let named: Vec<(RecordingId, Fate<'_>)> = page
                .iter()
                .map(|(_, id, facts)| (*id, fate(walk.rules(), facts)))
                .filter(|(_, fate)| *fate != Fate::Stays)
                .collect();
            for some in named.chunks(AT_ONCE) {
                self.move_some(store, some, &trash, of, &mut sums).await?;
                self.0.jobs.progress(Job::Retention);
            }
        }
        self.end_broken_off(store, of).await?;
        let mut tx = store.write().await?;
        retention::unleave(&mut tx, of).await?;
        tracing::info!(
            recordings = sums.goes.recordings,
            bytes = sums.goes.bytes,
            held = sums.saved.recordings,
            "retention rules ran"
        );
        settings::set_value(&mut tx, LAST_RUN, &LastRun { of, sums }).await?;
        tx.commit().await?;
        Ok(rules)
    }

    /// Moves what is named to the trash, in one transaction.
    async fn move_some(
        &self,
        store: &Store,
        named: &[(RecordingId, Fate<'_>)],
        settings: &KeepSettings,
        of: Timestamp,
        sums: &mut Sums,
    ) -> Result<(), ServiceError> {
        let mut moved = Vec::new();
        let ids: Vec<RecordingId> = named.iter().map(|(id, _)| *id).collect();
        let mut tx = store.write().await?;
        keep::lock_rooms(&mut tx, &ids).await?;
        for (id, fate) in named {
            let Fate::Goes(deletions) = fate else {
                sums.count(fate);
                continue;
            };
            let Some(locked) = keep::lock(&mut tx, *id).await? else {
                continue;
            };
            // A hold, a start or a person may have come first.
            if let Err(denied) = may_trash(&locked.facts) {
                tracing::debug!(recording = %id, %denied, "not moved to the trash");
                continue;
            }
            for Deletion { rule, kinds, .. } in deletions {
                if kinds.is_all() {
                    self.trash_by(&mut tx, &locked, rule, settings).await?;
                    continue;
                }
                let (name, until) = (rule.text.name.as_str(), settings.trash_until(of));
                for kind in kinds.iter() {
                    retention::leave(&mut tx, *id, kind, name, of, until).await?;
                }
            }
            sums.count(fate);
            moved.push(locked);
        }
        tx.commit().await?;
        self.publish_kept(&moved);
        Ok(())
    }

    /// Moves a recording to the trash, with the rule as the cause.
    async fn trash_by(
        &self,
        tx: &mut Conn,
        locked: &Locked,
        rule: &Rule,
        settings: &KeepSettings,
    ) -> Result<(), ServiceError> {
        let (at, name) = (self.now(), rule.text.name.as_str());
        let keep = Keep::Trashed {
            at,
            by: Some(name.to_owned()),
            until: settings.trash_until(at),
        };
        keep::set(tx, locked, &keep).await?;
        let why = DeletedWhy {
            rule: Some(name.to_owned()),
            trashed: Some((at, name.to_owned())),
            ..DeletedWhy::default()
        };
        purges::ask(tx, locked.id, &why).await?;
        history::append(tx, locked.id, at, HistoryEvent::Trashed, Some(name), None).await?;
        let act = Act {
            subject: name.to_owned(),
            room: Some((locked.app, locked.room.clone())),
            recording: Some(locked.id),
            ..self.act(None, &Browser::default(), ActKind::Trashed)
        };
        Ok(acts::append(tx, &act).await?)
    }
}
