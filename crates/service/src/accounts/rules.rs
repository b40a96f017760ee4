//! The rules of sign-in, among the settings.

use reelroom_domain::{
    access::{Thing, Verb},
    act::SettingsChange,
    sign_in::{SignInField, SignInForm, SignInSettings},
    user::{Role, SignInRules},
};
use reelroom_store::{Conn, acts, sessions, settings, users};

use super::acts::changes;
use crate::{Browser, Principal, Service, ServiceError};

/// The key of the rules in the settings.
const NAME: &str = "sign_in_rules";

/// The rules were not changed.
#[derive(Debug, thiserror::Error)]
pub enum SignInRulesError {
    /// These fields are invalid.
    #[error("{0:?} are not usable")]
    Fields(Vec<SignInField>),
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The rules; the defaults until they are changed.
pub(crate) async fn sign_in_rules(conn: &mut Conn) -> Result<SignInRules, ServiceError> {
    let rules = settings::get_value(conn, NAME).await?;
    Ok(rules.unwrap_or_default())
}

impl Service {
    /// The page of the rules.
    pub async fn sign_in_settings(&self, by: &Principal) -> Result<SignInSettings, ServiceError> {
        by.require(Verb::See, Thing::Settings)?;
        let mut read = self.0.store.read().await?;
        Ok(SignInSettings {
            rules: sign_in_rules(&mut read).await?,
            has_single_sign_on: self.0.oidc.is_some(),
        })
    }

    /// The least number of characters of a new password.
    pub async fn password_length(&self) -> Result<u32, ServiceError> {
        let mut read = self.0.store.read().await?;
        Ok(sign_in_rules(&mut read).await?.password_length)
    }

    /// Changes the rules. The error names every invalid field. New limits apply to a session from its next
    /// use on. Turning passwords off ends the sessions that began with one, but for those of `by` and of the
    /// break-glass account.
    pub async fn set_sign_in_rules(
        &self,
        by: &Principal,
        browser: &Browser,
        form: &SignInForm,
    ) -> Result<(), SignInRulesError> {
        by.require(Verb::Change, Thing::Settings)?;
        let (mut rules, mut wrong) = form.read();
        let mut tx = self.change_settings().await?;
        let before = sign_in_rules(&mut tx).await?;
        if self.0.oidc.is_some() {
            match break_glass(&mut tx, &rules).await? {
                Some(name) => rules.break_glass = name,
                None => wrong.push(SignInField::BreakGlass),
            }
        } else {
            // The page has no fields for these two.
            rules.passwords_off = before.passwords_off;
            rules.break_glass.clone_from(&before.break_glass);
        }
        if !wrong.is_empty() {
            return Err(SignInRulesError::Fields(wrong));
        }
        let detail = changes(&before, &rules);
        if detail.is_empty() {
            return Ok(());
        }
        settings::set_value(&mut tx, NAME, &rules).await?;
        let mut ended = Vec::new();
        if self.0.oidc.is_some() && rules.passwords_off {
            let kept = users::by_name(&mut tx, &rules.break_glass).await?;
            let kept = kept.map_or(by.user, |user| user.id);
            ended = sessions::delete_by_password(&mut tx, [by.user, kept]).await?;
        }
        let change = SettingsChange::SignInRules;
        let mut act = self.settings_act(by, browser, change, "", &[]);
        act.detail.extend(detail);
        acts::commit(tx, &act).await?;
        self.publish_ended(ended);
        tracing::info!(changed = ?act.detail, by = by.name, "rules of sign-in changed");
        Ok(())
    }
}

/// The name of the break-glass account, as the account spells it; empty where none is named and none is
/// needed. `None` if it is no enabled administrator with a password.
async fn break_glass(conn: &mut Conn, rules: &SignInRules) -> Result<Option<String>, ServiceError> {
    if rules.break_glass.is_empty() && !rules.passwords_off {
        return Ok(Some(String::new()));
    }
    // Nobody can disable or demote it until the end of the transaction, and then the rule is known.
    users::count_acting_admins(conn).await?;
    let user = users::by_name(conn, &rules.break_glass).await?;
    let user = user.filter(|user| {
        user.role == Role::Admin && user.disabled_at.is_none() && user.password_hash.is_some()
    });
    Ok(user.map(|user| user.name))
}
