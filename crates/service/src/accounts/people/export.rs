//! Export the accounts, and what they may do.

use std::{collections::HashMap, io};

use bytes::Bytes;
use futures::{StreamExt, stream, stream::BoxStream};
use reelroom_domain::{
    access::{Grant, Thing, Verb},
    act::{ExportForm, PEOPLE},
    ids::UserId,
    people::{GrantLine, PersonRow},
    time::Timestamp,
};
use reelroom_store::factors;

use super::known::Known;
use crate::{
    Browser, Principal, Service, ServiceError,
    ground::table::{csv, utc},
};

/// The columns of the CSV.
const COLUMNS: [&str; 9] = [
    "name",
    "person",
    "role",
    "rights",
    "groups",
    "grants",
    "second_factor",
    "last_seen",
    "disabled",
];

impl Service {
    /// Every account as CSV, by name, disabled ones too. The export to a browser is an act, which is stored
    /// before it is sent.
    pub async fn export_people(
        &self,
        by: &Principal,
        browser: Option<&Browser>,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, ServiceError> {
        by.require(Verb::Export, Thing::People)?;
        let mut read = self.0.store.read().await?;
        let rows = Known::load(&mut read, self.now()).await?.rows();
        let since: HashMap<UserId, Timestamp> =
            factors::since(&mut read).await?.into_iter().collect();
        drop(read);
        let number = rows.len().to_string();
        self.record_export(by, browser, PEOPLE, &number, ExportForm::Csv)
            .await?;
        let lines = rows
            .iter()
            .map(|row| cells(row, since.get(&row.id).copied()));
        let text = csv(Some(COLUMNS), lines).map(Bytes::from);
        Ok(stream::iter([text]).boxed())
    }
}

fn cells(of: &PersonRow, second_factor: Option<Timestamp>) -> [String; COLUMNS.len()] {
    let time = |at: Option<Timestamp>| at.map(utc).unwrap_or_default();
    let groups = of.groups.iter().map(|group| group.name.as_str());
    let grants = of.grants.iter().map(grant);
    [
        of.name.clone(),
        of.person.as_str().to_owned(),
        of.role.as_str().to_owned(),
        of.rights.to_string(),
        groups.collect::<Vec<_>>().join("; "),
        grants.collect::<Vec<_>>().join("; "),
        time(second_factor),
        time(of.last_seen_at),
        time(of.disabled_at),
    ]
}

/// A grant in words: `prefix class-* in Head office, through Teachers`.
fn grant(line: &GrantLine) -> String {
    let kind = line.grant.kind();
    let app = &line.app;
    let what = match &line.grant {
        Grant::Everything => kind.to_owned(),
        Grant::App { .. } => format!("{kind} {app}"),
        Grant::Room { room, .. } => format!("{kind} {room} in {app}"),
        Grant::Prefix { prefix, .. } => format!("{kind} {prefix}* in {app}"),
    };
    match &line.through {
        Some(group) => format!("{what}, through {}", group.as_str()),
        None => what,
    }
}
