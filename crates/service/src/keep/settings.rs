//! The settings of the trash and of the second administrator.

use reelroom_domain::{
    access::{Right, Thing, Verb},
    act::SettingsChange,
    keep::{KeepField, KeepForm, KeepSettings, Wish},
};
use reelroom_store::{Conn, acts, recordings::keep, users};

use super::error::{Consent, KeepError};
use crate::{
    Browser, Principal, Service, ServiceError,
    accounts::{acts::changes, people::target::is_acting_admin, rules::sign_in_rules},
};

impl Service {
    /// The settings.
    pub async fn keep_settings(&self, by: &Principal) -> Result<KeepSettings, ServiceError> {
        by.require(Verb::See, Thing::Settings)?;
        Ok(keep::settings(&mut *self.0.store.read().await?).await?)
    }

    /// Changes the settings. A second administrator can be demanded while two people could serve as one, and has to
    /// agree that none is demanded any longer. The error names every invalid field.
    pub async fn set_keep_settings(
        &self,
        by: &Principal,
        browser: &Browser,
        form: &KeepForm,
    ) -> Result<Consent, KeepError> {
        by.require(Verb::Change, Thing::Settings)?;
        let settings = form.read().map_err(KeepError::Invalid)?;
        let mut tx = self.change_settings().await?;
        let before = keep::settings(&mut tx).await?;
        if before == settings {
            return Ok(None);
        }
        let wish = Wish::Settings { before, settings };
        self.wish(tx, (by, browser), wish, "", None).await
    }

    /// Stores the settings.
    pub(super) async fn store_keep_settings(
        &self,
        tx: &mut Conn,
        (by, browser): (&Principal, &Browser),
        settings: KeepSettings,
    ) -> Result<(), KeepError> {
        by.require(Verb::Change, Thing::Settings)?;
        if !has_two(tx, settings).await? {
            return Err(KeepError::Invalid(vec![KeepField::Second]));
        }
        let before = keep::settings(tx).await?;
        keep::set_settings(tx, &settings).await?;
        let mut act = self.settings_act(by, browser, SettingsChange::Keep, "", &[]);
        act.detail.extend(changes(&before, &settings));
        Ok(acts::append(tx, &act).await?)
    }
}

/// Whether, for each action that needs a second administrator, two could act.
async fn has_two(conn: &mut Conn, settings: KeepSettings) -> Result<bool, ServiceError> {
    // None of them is disabled or demoted until the end of the transaction.
    users::count_acting_admins(conn).await?;
    let break_glass = sign_in_rules(conn).await?.break_glass;
    let users = users::list(conn).await?;
    let acting = |right| {
        let acting = users.iter().filter(|user| {
            is_acting_admin(user) && user.name != break_glass && user.rights.has(right)
        });
        acting.count() >= 2
    };
    let needs = [
        (settings.second_for_delete_now, Right::Delete),
        (settings.second_for_release, Right::Release),
    ];
    Ok(needs
        .into_iter()
        .all(|(is_needed, right)| !is_needed || acting(right)))
}
