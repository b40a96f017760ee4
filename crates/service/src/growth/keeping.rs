//! The setting for how long growing rows are kept.

use reelroom_domain::{
    access::{Thing, Verb},
    act::SettingsChange,
    growth::{Growing, Keeping, KeepingForm, KeepingView},
};
use reelroom_store::{Conn, acts, settings};

use crate::{Browser, Principal, Service, ServiceError, accounts::rules::sign_in_rules};

const KEY: &str = "keeping";

/// The setting was not saved.
#[derive(Debug, thiserror::Error)]
pub enum KeepingError {
    /// These fields are invalid.
    #[error("{0:?} are not usable")]
    Fields(Vec<Growing>),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The setting, or its default.
async fn keeping(conn: &mut Conn) -> Result<Keeping, ServiceError> {
    let saved = settings::get_value(conn, KEY).await?;
    Ok(saved.unwrap_or_default())
}

/// The days for which something is kept.
pub async fn kept_days(conn: &mut Conn, what: Growing) -> Result<u32, ServiceError> {
    let keeping = keeping(conn).await?;
    Ok(match what {
        Growing::CallBodies => keeping.call_bodies,
        Growing::StatusEvents => keeping.status_events,
        Growing::LookupFinds => keeping.lookup_finds,
        Growing::Seen => keeping.seen,
        Growing::HistoryDays => sign_in_rules(conn).await?.history_days,
    })
}

impl Service {
    /// The setting, for its page.
    pub async fn keeping(&self, by: &Principal) -> Result<KeepingView, ServiceError> {
        by.require(Verb::See, Thing::Settings)?;
        let mut read = self.0.store.read().await?;
        Ok(KeepingView {
            keeping: keeping(&mut read).await?,
            history_days: kept_days(&mut read, Growing::HistoryDays).await?,
        })
    }

    /// Changes the setting. The error names every invalid field. Rows that are too old by it are deleted within a day.
    pub async fn set_keeping(
        &self,
        by: &Principal,
        browser: &Browser,
        form: &KeepingForm,
    ) -> Result<(), KeepingError> {
        by.require(Verb::Change, Thing::Settings)?;
        let wanted = form.read().map_err(KeepingError::Fields)?;
        let mut tx = self.change_settings().await?;
        let before = KeepingForm::of(&keeping(&mut tx).await?);
        let after = KeepingForm::of(&wanted);
        let fields = before.fields().into_iter().zip(after.fields());
        let changed: Vec<_> = fields
            .filter(|(old, new)| old != new)
            .map(|(_, (name, days))| (name, days.to_owned()))
            .collect();
        if changed.is_empty() {
            return Ok(());
        }
        settings::set_value(&mut tx, KEY, &wanted).await?;
        let act = self.settings_act(by, browser, SettingsChange::Keeping, "", &changed);
        acts::commit(tx, &act).await?;
        tracing::info!(?changed, by = by.name, "other days of keeping");
        Ok(())
    }
}
