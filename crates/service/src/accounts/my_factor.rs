//! The second factor of an account: an authenticator app, and recovery codes.

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use reelroom_domain::{act::ActKind, ids::UserId, user::Role};
use reelroom_store::{
    Conn, Write, acts,
    factors::{self, CodeHash, Factor},
    users::{self, User},
};
use sha2::{Digest, Sha256};

use super::{
    recovery_code::{self, CODES},
    rules::sign_in_rules,
};
use crate::{
    Browser, Found, MyAccountError, Principal, Secret, Service, ServiceError, SignInError,
    SignedIn,
    ground::{gathered::Fact, totp, tries},
};

/// How many minutes a form with a new key or new codes is valid.
const FORM_MINUTES: i64 = 15;

/// A key for an authenticator app, which no code has confirmed yet.
#[derive(Clone)]
pub struct NewFactor {
    /// The key in base 32, as apps read it.
    pub key: String,
    /// The key for the form that confirms it.
    pub sealed: String,
}

/// Recovery codes that the account has not kept yet.
#[derive(Clone)]
pub struct NewCodes {
    /// The codes.
    pub codes: Vec<String>,
    /// The codes for the form that keeps them.
    pub sealed: String,
}

/// A second factor that a first code has confirmed.
#[derive(Clone)]
pub struct ConfirmedFactor {
    /// The session of this browser, which has a new id.
    pub session: SignedIn,
    /// Recovery codes for an account without any.
    pub codes: Option<NewCodes>,
}

/// The owner of a sealed key.
fn owner_of_key(user: UserId) -> String {
    format!("second factor {user}")
}

impl Service {
    /// A new key. The present one is valid until the new one is confirmed. `proof` is the password, or a code of
    /// an account without one.
    pub async fn new_factor(
        &self,
        by: &Principal,
        browser: &Browser,
        proof: &str,
    ) -> Result<NewFactor, MyAccountError> {
        self.prove_owner(by, browser, proof).await?;
        let key = BASE32_NOPAD.encode(&self.0.rng.bytes::<{ totp::KEY }>());
        let owner = self.owner_of_new_key(by).await?;
        let sealed = self.seal_token(owner, FORM_MINUTES, &key)?;
        Ok(NewFactor { key, sealed })
    }

    /// The new key of a form that was not confirmed.
    pub async fn new_factor_again(
        &self,
        by: &Principal,
        sealed: &str,
    ) -> Result<NewFactor, MyAccountError> {
        let owner = self.owner_of_new_key(by).await?;
        let key = self.unseal_token(owner, sealed);
        Ok(NewFactor {
            key: key.ok_or(MyAccountError::Lapsed)?,
            sealed: sealed.to_owned(),
        })
    }

    /// Switches the second factor on, or moves it to another app; `code` is one that the app shows. Ends all sessions,
    /// which may have begun with the password alone, and opens a new one in this browser: it needs a new id, since an
    /// administrator may reach more with it.
    pub async fn confirm_factor(
        &self,
        by: &Principal,
        browser: &Browser,
        sealed: &str,
        code: &str,
    ) -> Result<ConfirmedFactor, MyAccountError> {
        let NewFactor { key, .. } = self.new_factor_again(by, sealed).await?;
        let bytes = BASE32_NOPAD.decode(key.as_bytes());
        let bytes = bytes.map_err(|_| MyAccountError::Lapsed)?;
        let now = self.now();
        let step = totp::step_of(&bytes, code, now).ok_or(MyAccountError::WrongCode)?;
        let (vault, rng) = (&self.0.vault, &self.0.rng);
        let key = vault.seal(&owner_of_key(by.user), &Secret::new(key), rng);
        let factor = Factor {
            key: key.map_err(ServiceError::from)?,
            since: now,
            step,
        };
        let mut tx = self.0.store.write().await?;
        factors::set(&mut tx, by.user, &factor).await?;
        let user = users::get(&mut tx, by.user).await?.found()?;
        let renewed = self.renew_session(&mut tx, &user, browser).await?;
        let (session, ended) = renewed.found()?;
        let act = self.act(Some((by.user, &by.name)), browser, ActKind::SecondFactorOn);
        acts::append(&mut tx, &act).await?;
        let codes = if factors::codes(&mut tx, by.user).await?.is_empty() {
            Some(self.codes_to_keep(&mut tx, by).await?)
        } else {
            None
        };
        tx.commit().await?;
        self.publish_ended(ended);
        Ok(ConfirmedFactor { session, codes })
    }

    /// Switches the second factor off. `proof` is the password, or a code of an account without one.
    pub async fn remove_factor(
        &self,
        by: &Principal,
        browser: &Browser,
        proof: &str,
    ) -> Result<(), MyAccountError> {
        let rules = sign_in_rules(&mut *self.0.store.read().await?).await?;
        if by.role() == Role::Admin && rules.admins_need_second_factor {
            return Err(MyAccountError::Demanded);
        }
        self.prove_owner(by, browser, proof).await?;
        let mut tx = self.0.store.write().await?;
        if factors::remove(&mut tx, by.user).await? {
            let act = self.act(Some((by.user, &by.name)), browser, ActKind::SecondFactorOff);
            acts::append(&mut tx, &act).await?;
        }
        Ok(tx.commit().await?)
    }

    /// New recovery codes. The present ones are valid until the new ones are kept. `proof` is the password, or a
    /// code of an account without one.
    pub async fn new_codes(
        &self,
        by: &Principal,
        browser: &Browser,
        proof: &str,
    ) -> Result<NewCodes, MyAccountError> {
        let factor = factors::get(&mut *self.0.store.read().await?, by.user).await?;
        factor.found()?;
        self.prove_owner(by, browser, proof).await?;
        let mut read = self.0.store.read().await?;
        Ok(self.codes_to_keep(&mut read, by).await?)
    }

    /// Recovery codes for the form that keeps them.
    async fn codes_to_keep(
        &self,
        conn: &mut Conn,
        by: &Principal,
    ) -> Result<NewCodes, ServiceError> {
        let codes: Vec<String> = (0..CODES)
            .map(|_| recovery_code::new_code(&self.0.rng))
            .collect();
        let owner = owner_of_new_codes(conn, by.user).await?.found()?;
        let sealed = self.seal_token(owner, FORM_MINUTES, &codes.join(" "))?;
        Ok(NewCodes { codes, sealed })
    }

    /// Replaces the recovery codes with new ones, which the account has kept.
    pub async fn keep_codes(
        &self,
        by: &Principal,
        browser: &Browser,
        sealed: &str,
    ) -> Result<(), MyAccountError> {
        let mut tx = self.0.store.write().await?;
        let owner = owner_of_new_codes(&mut tx, by.user).await?.found()?;
        let codes = self.unseal_token(owner, sealed);
        let codes = codes.ok_or(MyAccountError::Lapsed)?;
        let hash = |code| recovery_code::hash_of(by.user, code);
        let hashes: Vec<CodeHash> = codes.split(' ').map(hash).collect();
        factors::set_codes(&mut tx, by.user, &hashes).await?;
        let kind = ActKind::RecoveryCodesMade;
        let act = self.act(Some((by.user, &by.name)), browser, kind);
        Ok(acts::commit(tx, &act).await?)
    }

    /// Verifies that the browser is used by the owner of the account and not by somebody who stole its session:
    /// by the password, or a code of an account without one. Accepts anything for an account that has neither.
    async fn prove_owner(
        &self,
        by: &Principal,
        browser: &Browser,
        proof: &str,
    ) -> Result<(), MyAccountError> {
        let mut read = self.0.store.read().await?;
        let user = users::get(&mut read, by.user).await?.found()?;
        let factor = factors::get(&mut read, user.id).await?;
        drop(read);
        if user.password_hash.is_some() {
            self.own_password(by, browser, proof).await?;
        } else if factor.is_some() {
            let tx = self.check_code(&user, browser, proof).await;
            let tx = tx.map_err(|error| match error {
                SignInError::WrongCode => MyAccountError::WrongCode,
                SignInError::CodesClosed => MyAccountError::CodesClosed,
                SignInError::Service(error) => MyAccountError::Service(error),
                _ => MyAccountError::TooManyTries,
            })?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Uses a typed code of an account in a transaction, which the caller commits. Wrong ones are counted.
    pub(super) async fn check_code(
        &self,
        user: &User,
        browser: &Browser,
        code: &str,
    ) -> Result<Write, SignInError> {
        let origin = browser.origin(Some(user.id));
        let targets = [origin.code_target(user.id)];
        let spent = tries::reserve(&self.0.store, &origin, &targets, self.now()).await?;
        if spent.is_some() {
            self.record_wrong(browser, None, Some(user), Fact::Throttled);
            return Err(SignInError::CodesClosed);
        }
        let mut tx = self.0.store.write().await?;
        if !self.use_code(&mut tx, user, browser, code).await? {
            self.record_wrong(browser, None, Some(user), Fact::WrongCode);
            return Err(SignInError::WrongCode);
        }
        tries::give_back(&mut tx, &origin, &targets).await?;
        Ok(tx)
    }

    /// Uses a typed code, of the app or for recovery, within a transaction. `false` if it is wrong, or was used
    /// before.
    async fn use_code(
        &self,
        conn: &mut Conn,
        user: &User,
        browser: &Browser,
        typed: &str,
    ) -> Result<bool, ServiceError> {
        let Some(factor) = factors::get(conn, user.id).await? else {
            return Ok(false);
        };
        if let Some(step) = self.step_of(user.id, &factor, typed) {
            return Ok(factors::use_step(conn, user.id, &factor, step).await?);
        }
        let hash = recovery_code::hash_of(user.id, typed);
        let act = self.act(
            Some((user.id, &user.name)),
            browser,
            ActKind::RecoveryCodeUsed,
        );
        let from = act.address.as_deref();
        let is_new = factors::use_code(conn, user.id, &hash, act.at, from).await?;
        if is_new {
            acts::append(conn, &act).await?;
        }
        Ok(is_new)
    }

    /// The time step of the typed code; `None` for a wrong code, and where the vault has another key: then
    /// only recovery codes work.
    fn step_of(&self, user: UserId, factor: &Factor, typed: &str) -> Option<i64> {
        let key = self.0.vault.unseal(&owner_of_key(user), &factor.key);
        let key = key.inspect_err(|error| tracing::error!(%error, "a second factor"));
        let key = BASE32_NOPAD.decode(key.ok()?.reveal().as_bytes()).ok()?;
        totp::step_of(&key, typed, self.now())
    }

    /// The owner of a new key in a form, which is valid once: it names when the present key was confirmed.
    async fn owner_of_new_key(&self, by: &Principal) -> Result<String, ServiceError> {
        let present = factors::get(&mut *self.0.store.read().await?, by.user).await?;
        let since = present.map_or(0, |factor| factor.since.as_millis());
        Ok(format!("key {} {since}", by.user))
    }
}

/// The owner of new codes in a form, which is valid once: it names the present codes. `None` without a
/// second factor.
async fn owner_of_new_codes(conn: &mut Conn, user: UserId) -> Result<Option<String>, ServiceError> {
    if factors::get(conn, user).await?.is_none() {
        return Ok(None);
    }
    let mut present = Sha256::new();
    for code in factors::codes(conn, user).await? {
        present.update(code.hash);
    }
    let present = HEXLOWER.encode(&present.finalize());
    Ok(Some(format!("codes {user} {present}")))
}
