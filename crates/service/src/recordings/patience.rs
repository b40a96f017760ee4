//! The setting for the time that the files of a recording may take.

use reelroom_domain::{
    access::{Thing, Verb},
    act::SettingsChange,
    ledger::Patience,
};
use reelroom_store::{Conn, acts, settings};

use crate::{Browser, Principal, Service, ServiceError};

const KEY: &str = "patience";
const MINUTE: i64 = 60_000;
/// A week, in minutes.
const LONGEST: i64 = 7 * 24 * 60;

/// The setting was not saved.
#[derive(Debug, thiserror::Error)]
pub enum PatienceError {
    /// Not whole minutes from 1 to a week, or due is not after late.
    #[error("not minutes that follow each other")]
    Minutes,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The setting, or its default.
pub(crate) async fn patience(conn: &mut Conn) -> Result<Patience, ServiceError> {
    let saved = settings::get_value(conn, KEY).await?;
    Ok(saved.unwrap_or_default())
}

impl Service {
    /// The time that the files of a recording may take.
    pub async fn patience(&self) -> Result<Patience, ServiceError> {
        patience(&mut *self.0.store.read().await?).await
    }

    /// Sets the minutes after which a file is late and due, both as typed.
    pub async fn set_patience(
        &self,
        by: &Principal,
        browser: &Browser,
        late: &str,
        due: &str,
    ) -> Result<(), PatienceError> {
        by.require(Verb::Change, Thing::Settings)?;
        let wanted = parse(late, due).ok_or(PatienceError::Minutes)?;
        let mut tx = self.0.store.write().await?;
        settings::set_value(&mut tx, KEY, &wanted).await?;
        let minutes = |millis: i64| (millis / MINUTE).to_string();
        let known = [
            ("late", minutes(wanted.late_after)),
            ("due", minutes(wanted.due_after)),
        ];
        let act = self.settings_act(by, browser, SettingsChange::TimeLimits, "", &known);
        acts::commit(tx, &act).await?;
        tracing::info!(?wanted, by = by.name, "patience set");
        Ok(())
    }
}

fn parse(late: &str, due: &str) -> Option<Patience> {
    let minutes = |typed: &str| {
        let minutes: i64 = typed.trim().parse().ok()?;
        (1..=LONGEST).contains(&minutes).then_some(minutes)
    };
    let (late, due) = (minutes(late)?, minutes(due)?);
    (late < due).then_some(Patience {
        late_after: late * MINUTE,
        due_after: due * MINUTE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_comes_before_due() {
        assert_eq!(parse(" 20", "60 "), Some(Patience::default()));
        for (late, due) in [
            ("0", "60"),
            ("60", "60"),
            ("20", "10081"),
            ("", "60"),
            ("20", "an hour"),
        ] {
            assert_eq!(parse(late, due), None, "{late} {due}");
        }
    }
}
