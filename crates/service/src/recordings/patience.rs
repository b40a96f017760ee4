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
    /// The time after which files are late is not whole minutes from 1 to a week.
    #[error("late: not minutes from 1 to a week")]
    Late,
    /// The time after which they are due is not, or is not longer.
    #[error("due: not minutes up to a week, and more than late")]
    Due,
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
        let wanted = parse(late, due)?;
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

fn parse(late: &str, due: &str) -> Result<Patience, PatienceError> {
    let minutes = |typed: &str| {
        let minutes: i64 = typed.trim().parse().ok()?;
        (1..=LONGEST).contains(&minutes).then_some(minutes)
    };
    let late = minutes(late).ok_or(PatienceError::Late)?;
    let due = minutes(due).filter(|due| *due > late);
    Ok(Patience {
        late_after: late * MINUTE,
        due_after: due.ok_or(PatienceError::Due)? * MINUTE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_comes_before_due() {
        assert_eq!(parse(" 20", "60 ").unwrap(), Patience::default());
        for (late, due) in [("0", "60"), ("", "60"), ("a", "60"), ("a", "b")] {
            let wrong = parse(late, due);
            assert!(matches!(wrong, Err(PatienceError::Late)), "{late} {due}");
        }
        for (late, due) in [("60", "60"), ("20", "10081"), ("20", "an hour")] {
            let wrong = parse(late, due);
            assert!(matches!(wrong, Err(PatienceError::Due)), "{late} {due}");
        }
    }
}
