//! The rules: add, change, order, switch on and off, remove.

use reelroom_domain::{
    access::{Thing, Verb},
    act::SettingsChange,
    ids::RuleId,
    preset::Move,
    retention::{Rule, RuleField, RuleForm, RuleState, RuleText, to_look_at_again},
};
use reelroom_store::{Conn, Write, acts, apps, retention};

use super::error::RetentionError;
use crate::{Browser, Found, Principal, Service, ServiceError};

impl Service {
    /// Adds a rule after the others, or changes one. It is off then, until its dry run was looked at. The error names
    /// every invalid field.
    pub async fn save_rule(
        &self,
        by: &Principal,
        browser: &Browser,
        id: Option<RuleId>,
        form: &RuleForm,
    ) -> Result<RuleId, RetentionError> {
        by.require(Verb::Change, Thing::Settings)?;
        let now = self.now();
        let text = form.parse().map_err(RetentionError::Fields)?;
        let (mut tx, rules) = self.change_rules().await?;
        let wrong = wrong(&mut tx, &rules, id, &text).await?;
        if !wrong.is_empty() {
            return Err(RetentionError::Fields(wrong));
        }
        let mut rule = Rule {
            id: id.unwrap_or_else(|| self.0.rng.id(now)),
            text,
            state: RuleState::New,
            version: 1,
            changed_at: now,
            changed_by: by.name.clone(),
        };
        if id.is_none() {
            if rules.len() >= Rule::MOST {
                return Err(RetentionError::Full);
            }
            retention::insert(&mut tx, &rule).await?;
        } else {
            let before = rules.iter().find(|before| before.id == rule.id).found()?;
            if before.text == rule.text {
                return Ok(rule.id);
            }
            rule.version = before.version + 1;
            if !retention::update(&mut tx, &rule).await? {
                return Err(ServiceError::NotFound.into());
            }
        }
        let (change, name) = (SettingsChange::RuleSaved, rule.text.name.as_str());
        self.commit_change(tx, (by, browser), &rules, change, name)
            .await?;
        Ok(rule.id)
    }

    /// Moves a rule before the one above, or after the one below.
    pub async fn move_rule(
        &self,
        by: &Principal,
        browser: &Browser,
        id: RuleId,
        to: Move,
    ) -> Result<(), ServiceError> {
        by.require(Verb::Change, Thing::Settings)?;
        let (mut tx, rules) = self.change_rules().await?;
        let mut order: Vec<RuleId> = rules.iter().map(|rule| rule.id).collect();
        let at = order.iter().position(|one| *one == id).found()?;
        let other = match to {
            Move::Up => at.checked_sub(1),
            Move::Down => Some(at + 1).filter(|at| *at < order.len()),
        };
        let Some(other) = other else {
            return Ok(());
        };
        order.swap(at, other);
        retention::set_order(&mut tx, &order).await?;
        let (change, name) = (SettingsChange::RuleMoved, rules[at].text.name.as_str());
        self.commit_change(tx, (by, browser), &rules, change, name)
            .await
    }

    /// Switches a rule on or off. One whose dry run was not looked at since it was changed stays off.
    pub async fn switch_rule(
        &self,
        by: &Principal,
        browser: &Browser,
        id: RuleId,
        is_on: bool,
    ) -> Result<(), RetentionError> {
        by.require(Verb::Change, Thing::Settings)?;
        let (mut tx, rules) = self.change_rules().await?;
        let rule = rules.iter().find(|rule| rule.id == id).found()?;
        let (state, change) = match (rule.state, is_on) {
            (RuleState::New, true) => return Err(RetentionError::NotLookedAt),
            (RuleState::Off, true) => (RuleState::On, SettingsChange::RuleOn),
            (RuleState::On, false) => (RuleState::Off, SettingsChange::RuleOff),
            (RuleState::On, true) | (RuleState::New | RuleState::Off, false) => return Ok(()),
        };
        if !retention::set_state(&mut tx, id, rule.version, state).await? {
            return Err(RetentionError::NotLookedAt);
        }
        let name = rule.text.name.as_str();
        self.commit_change(tx, (by, browser), &rules, change, name)
            .await?;
        tracing::info!(rule = name, is_on, by = by.name, "retention rule switched");
        Ok(())
    }

    /// Removes a rule.
    pub async fn remove_rule(
        &self,
        by: &Principal,
        browser: &Browser,
        id: RuleId,
    ) -> Result<(), ServiceError> {
        by.require(Verb::Change, Thing::Settings)?;
        let (mut tx, rules) = self.change_rules().await?;
        let rule = rules.iter().find(|rule| rule.id == id).found()?;
        retention::delete(&mut tx, id).await?;
        let (change, name) = (SettingsChange::RuleRemoved, rule.text.name.as_str());
        self.commit_change(tx, (by, browser), &rules, change, name)
            .await
    }

    /// Begins a transaction that changes the rules, and returns them as they are. Others wait for its end.
    async fn change_rules(&self) -> Result<(Write, Vec<Rule>), ServiceError> {
        let mut tx = self.change_settings().await?;
        let rules = retention::rules(&mut tx).await?;
        Ok((tx, rules))
    }

    /// Commits a change of the rule `name`, with its act. Switches off the rules that may delete more now than their
    /// dry runs show, until they are looked at again; `before` are the rules before the change.
    async fn commit_change(
        &self,
        mut tx: Write,
        (by, browser): (&Principal, &Browser),
        before: &[Rule],
        change: SettingsChange,
        name: &str,
    ) -> Result<(), ServiceError> {
        let act = self.settings_act(by, browser, change, name, &[]);
        acts::append(&mut tx, &act).await?;
        let after = retention::rules(&mut tx).await?;
        for rule in to_look_at_again(before, &after) {
            retention::set_state(&mut tx, rule.id, rule.version, RuleState::New).await?;
            if rule.state == RuleState::On {
                let (change, name) = (SettingsChange::RuleOff, rule.text.name.as_str());
                let act = self.settings_act(by, browser, change, name, &[]);
                acts::append(&mut tx, &act).await?;
            }
        }
        Ok(tx.commit().await?)
    }
}

/// The fields of a rule that only the database can tell to be wrong: its name, its app.
async fn wrong(
    conn: &mut Conn,
    rules: &[Rule],
    id: Option<RuleId>,
    text: &RuleText,
) -> Result<Vec<RuleField>, ServiceError> {
    let mut wrong = Vec::new();
    let name = text.name.as_str().to_lowercase();
    let has_name =
        |rule: &Rule| Some(rule.id) != id && rule.text.name.as_str().to_lowercase() == name;
    if rules.iter().any(has_name) {
        wrong.push(RuleField::Name);
    }
    if let Some(app) = text.rooms.app()
        && apps::get(conn, app).await?.is_none()
    {
        wrong.push(RuleField::InApp);
    }
    Ok(wrong)
}
