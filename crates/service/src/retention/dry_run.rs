//! Dry runs: what the rules would delete, without deleting it.

use reelroom_domain::{
    access::{Thing, Verb},
    act::SettingsChange,
    ids::RuleId,
    retention::{DryRun, DryRunLine, Fate, Rule, RuleState, Sums, fate, what_if},
};
use reelroom_store::{Conn, acts, library::Place, retention, settings};

use super::{
    schedule::{months, schedule, times},
    walk::Walk,
};
use crate::{Browser, Found, Principal, Service, ServiceError};

/// The key of the last dry run in the settings.
const NAME: &str = "retention_dry_run";

/// The number of lines on a page.
const PAGE: usize = 50;
/// The most pages of recordings that are read for a page of lines.
const READ: usize = 20;

/// The last dry run.
pub(super) async fn last_dry_run(conn: &mut Conn) -> Result<Option<DryRun>, ServiceError> {
    Ok(settings::get_value(conn, NAME).await?)
}

impl Service {
    /// Makes a dry run of the rules that are on and, with a rule that is off, as if it were on. That one can be
    /// switched on then, until it is changed.
    pub async fn dry_run(
        &self,
        by: &Principal,
        browser: &Browser,
        with: Option<RuleId>,
    ) -> Result<DryRun, ServiceError> {
        by.require(Verb::Change, Thing::Settings)?;
        let mut read = self.0.store.read().await?;
        let rules = retention::rules(&mut read).await?;
        let schedule = schedule(&mut read).await?;
        drop(read);
        let looked_at = with.map(|id| rules.iter().find(|rule| rule.id == id).cloned().found());
        let looked_at = looked_at.transpose()?;
        let now = self.now();
        let (_, of) = times(&schedule, now);
        let is_on = |rule: &Rule| rule.state == RuleState::On || Some(rule.id) == with;
        let rules: Vec<Rule> = rules.into_iter().filter(is_on).collect();
        self.index_before_reading().await?;
        let (mut walk, stock) = Walk::begin(&self.0.store, rules, of).await?;
        let what_if = what_if(walk.rules(), &stock, of, &months(&schedule, now));
        let mut sums = Sums::default();
        while let Some(page) = walk.next().await? {
            for (_, _, facts) in &page {
                sums.count(&fate(walk.rules(), facts));
            }
        }
        let dry_run = DryRun {
            at: now,
            of,
            rules: walk.rules().to_vec(),
            with,
            sums,
            what_if,
        };
        let mut tx = self.change_settings().await?;
        settings::set_value(&mut tx, NAME, &dry_run).await?;
        let rules = retention::rules(&mut tx).await?;
        // Rules that were changed or moved meanwhile were not looked at.
        let looked_at = looked_at.filter(|_| dry_run.is_of(&rules));
        if let Some(rule) = looked_at.filter(|rule| rule.state == RuleState::New) {
            let (id, version) = (rule.id, rule.version);
            retention::set_state(&mut tx, id, version, RuleState::Off).await?;
            let (change, name) = (SettingsChange::RuleLookedAt, rule.text.name.as_str());
            let act = self.settings_act(by, browser, change, name, &[]);
            acts::append(&mut tx, &act).await?;
        }
        tx.commit().await?;
        Ok(dry_run)
    }

    /// The lines of a dry run after a place, the oldest recording first, and the place of the last if there may be
    /// more.
    pub(super) async fn dry_run_lines(
        &self,
        dry_run: &DryRun,
        after: Option<Place>,
    ) -> Result<(Vec<DryRunLine>, Option<Place>), ServiceError> {
        let mut walk = Walk::resume(&self.0.store, dry_run.rules.clone(), after);
        let (mut lines, mut last) = (Vec::new(), None);
        for _ in 0..READ {
            let Some(page) = walk.next().await? else {
                return Ok((lines, None));
            };
            for (place, recording, facts) in page {
                if lines.len() == PAGE {
                    return Ok((lines, last));
                }
                last = Some(place);
                let (deletions, is_held) = match fate(walk.rules(), &facts) {
                    Fate::Stays => continue,
                    Fate::Goes(deletions) => (deletions, false),
                    Fate::Saved(deletions) => (deletions, true),
                };
                let by = deletions.iter();
                let by = by.map(|one| (one.rule.text.name.clone(), one.kinds.clone()));
                lines.push(DryRunLine {
                    recording,
                    is_held,
                    by: by.collect(),
                    bytes: deletions.iter().map(|one| one.bytes).sum(),
                    app: facts.app,
                    room: facts.room,
                    began_at: facts.began_at,
                    ended_at: facts.ended_at,
                });
            }
        }
        Ok((lines, last))
    }
}
