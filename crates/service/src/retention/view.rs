//! The page of retention.

use reelroom_domain::{
    access::{Thing, Verb},
    ids::RecordingId,
    retention::RetentionView,
};
use reelroom_store::{apps, library::Place, recordings::keep, retention};

use super::{
    dry_run::last_dry_run,
    schedule::{last_run, schedule, times},
};
use crate::{Principal, Service, ServiceError};

impl Service {
    /// The page of retention; `after` is the cursor of the page of the dry run, [`RetentionView::more`].
    pub async fn retention(
        &self,
        by: &Principal,
        after: &str,
    ) -> Result<RetentionView, ServiceError> {
        by.require(Verb::See, Thing::Settings)?;
        let mut read = self.0.store.read().await?;
        let rules = retention::rules(&mut read).await?;
        let schedule = schedule(&mut read).await?;
        let last = last_run(&mut read).await?;
        let dry_run = last_dry_run(&mut read).await?;
        let apps = apps::list(&mut read).await?;
        let trash_days = keep::settings(&mut read).await?.trash_days;
        drop(read);
        let after: Option<Place> = after.parse().ok();
        let (lines, more) = match &dry_run {
            Some(dry_run) => self.dry_run_lines(dry_run, after).await?,
            None => (Vec::new(), None),
        };
        let ids: Vec<RecordingId> = lines.iter().map(|line| line.recording).collect();
        let rows = self.rows_of(by, &ids).await?;
        let (_, next) = times(&schedule, self.now());
        Ok(RetentionView {
            rules,
            schedule,
            next,
            last,
            dry_run,
            lines,
            rows,
            more: more.map(|place| place.to_string()),
            apps: apps.into_iter().map(|app| (app.id, app.name)).collect(),
            trash_days,
            may_change: by.may(Verb::Change, Thing::Settings),
        })
    }
}
