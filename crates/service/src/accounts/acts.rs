//! Acts for the history of access.

use std::collections::BTreeMap;

use reelroom_domain::{
    act::{Act, ActKind, ExportForm, SettingsChange, detail},
    ids::UserId,
};
use reelroom_store::acts;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Browser, Principal, Service, ServiceError};

impl Service {
    /// An act of an account in its browser, now. The caller adds what it is about, and appends it in the
    /// transaction of the action.
    pub(crate) fn act(&self, by: Option<(UserId, &str)>, browser: &Browser, kind: ActKind) -> Act {
        let now = self.now();
        Act {
            at: now,
            until: now,
            user: by.map(|(id, _)| id),
            name: by.map(|(_, name)| name.to_owned()).unwrap_or_default(),
            kind,
            subject: String::new(),
            room: None,
            recording: None,
            file: None,
            detail: BTreeMap::new(),
            address: browser.address.map(|address| address.to_string()),
            agent: browser.short_agent(),
        }
    }

    /// As [`Service::act`], about the account, group or setting of this name.
    pub(crate) fn act_about(
        &self,
        by: &Principal,
        browser: &Browser,
        kind: ActKind,
        subject: &str,
    ) -> Act {
        Act {
            subject: subject.to_owned(),
            ..self.act(Some((by.user, &by.name)), browser, kind)
        }
    }

    /// Appends an act in a transaction of its own.
    pub(crate) async fn record(&self, act: &Act) -> Result<(), ServiceError> {
        Ok(acts::commit(self.0.store.write().await?, act).await?)
    }

    /// Records the export of `rows` rows of the list `subject`. Records nothing for a `HEAD` request, which has no
    /// `browser`: no rows are sent.
    pub(crate) async fn record_export(
        &self,
        by: &Principal,
        browser: Option<&Browser>,
        subject: &str,
        rows: &str,
        form: ExportForm,
    ) -> Result<(), ServiceError> {
        let Some(browser) = browser else {
            return Ok(());
        };
        let act = self.act_about(by, browser, ActKind::Exported, subject);
        let act = act.with(detail::ROWS, rows);
        self.record(&act.with(detail::FORM, form.as_str())).await
    }

    /// A change of the settings that `subject` names, with its details.
    pub(crate) fn settings_act(
        &self,
        by: &Principal,
        browser: &Browser,
        change: SettingsChange,
        subject: &str,
        details: &[(&str, String)],
    ) -> Act {
        let act = self.act_about(by, browser, ActKind::SettingsChanged, subject);
        let mut act = act.with(detail::CHANGE, change.as_str());
        for (name, value) in details {
            act = act.with(name, value);
        }
        act
    }
}

/// The details of an act that changes settings: the changed fields by name, with their new values.
pub(crate) fn changes<T: Serialize>(before: &T, after: &T) -> BTreeMap<String, String> {
    let by_name = |settings: &T| match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let before = by_name(before);
    let changed = by_name(after)
        .into_iter()
        .filter(|(name, value)| before.get(name) != Some(value));
    changed
        .map(|(name, value)| {
            let text = value.as_str().map(str::to_owned);
            (name, text.unwrap_or_else(|| value.to_string()))
        })
        .collect()
}
