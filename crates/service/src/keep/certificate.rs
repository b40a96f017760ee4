//! Certificates of deletion: write them, and show them.

use std::cmp::Reverse;

use data_encoding::HEXLOWER;
use reelroom_domain::{
    access::{Thing, Verb},
    act::{Act, ActKind},
    certificate::{Certificate, DeletedFile, DeletedWhy, StoredCertificate, number, prefix},
    keep::{Keep, KeepEvent, after},
    time::{Civil, Timestamp},
    usage::StoragePlace,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, acts, apps, certificates, history, purges,
    recordings::{
        self,
        keep::{self, Locked},
    },
};
use sha2::{Digest, Sha256};

use crate::{Browser, Found, Principal, Service, ServiceError, apps::scope::Visible};

/// The limit of certificates in a list.
pub(super) const LISTED: u32 = 500;

impl Service {
    /// The certificate of that number, for accounts that see the history, or that may delete in its room.
    pub async fn certificate(
        &self,
        by: &Principal,
        number: &str,
    ) -> Result<StoredCertificate, ServiceError> {
        let mut read = self.0.store.read().await?;
        let stored = certificates::get(&mut read, number).await?.found()?;
        if may_read(&mut read, by, &stored).await? {
            Ok(stored)
        } else {
            Err(ServiceError::NotFound)
        }
    }

    /// The newest certificates that the account may read.
    pub async fn certificates(&self, by: &Principal) -> Result<Vec<Certificate>, ServiceError> {
        let mut read = self.0.store.read().await?;
        let mut found = Vec::new();
        if by.may(Verb::See, Thing::History) {
            found = certificates::newest(&mut read, None, LISTED).await?;
        } else {
            for app in apps::list(&mut read).await? {
                if by.may(Verb::Delete, Thing::App(app.id)) {
                    let visible = Visible::load(&mut read, by, app.id).await?;
                    let scope = Some(visible.scope());
                    found.extend(certificates::newest(&mut read, scope, LISTED).await?);
                }
            }
        }
        let mut shown: Vec<Certificate> = found.into_iter().map(|one| one.certificate).collect();
        shown.sort_by_cached_key(|one| Reverse((one.at, one.number.clone())));
        shown.truncate(LISTED as usize);
        Ok(shown)
    }

    /// Ends the purge of a recording whose copies are all deleted, with its certificate.
    pub(super) async fn certify(
        &self,
        tx: &mut Conn,
        locked: &Locked,
        at: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = locked.id;
        let purge = purges::get(tx, id).await?.found()?;
        if after(&locked.facts, KeepEvent::PurgeEnded).is_err() {
            return Err(ServiceError::NotFound);
        }
        let files = purges::files(tx, id, purge.checked_at).await?;
        let times = (purge.checked_at, at);
        self.write_certificate(tx, locked, purge.why, times, files)
            .await?;
        keep::set(tx, locked, &Keep::Purged { at }).await?;
        purges::remove(tx, id).await?;
        Ok(history::append(tx, id, at, HistoryEvent::Purged, None, None).await?)
    }

    /// Writes a certificate of files that are deleted, which was checked and complete at these times.
    pub(crate) async fn write_certificate(
        &self,
        tx: &mut Conn,
        locked: &Locked,
        why: DeletedWhy,
        (checked_at, at): (Timestamp, Timestamp),
        files: Vec<DeletedFile>,
    ) -> Result<(), ServiceError> {
        let id = locked.id;
        let recording = recordings::get(tx, id).await?.found()?;
        let app = apps::get(tx, recording.app).await?;
        let year = Civil::at(at, 0).year;
        let nth = certificates::count(tx, &prefix(year)).await? + 1;
        let began = recording.started_at.unwrap_or(recording.requested_at);
        let certificate = Certificate {
            number: number(year, nth),
            at,
            recording: id,
            app: app.map(|app| app.name).unwrap_or_default(),
            room: recording.room,
            recorded: (began, recording.stopped_at),
            why,
            checked_at,
            storage: match self.0.storage.place() {
                StoragePlace::Folder(place) | StoragePlace::Bucket(place) => place,
            },
            files,
        };
        let json = serde_json::to_string_pretty(&certificate);
        let json = json.map_err(|error| {
            tracing::error!(%error, "a certificate is not written");
            ServiceError::Interrupted
        })?;
        let stored = StoredCertificate {
            sha256: HEXLOWER.encode(&Sha256::digest(&json)),
            json,
            certificate,
            recording: id,
        };
        certificates::insert(tx, &stored).await?;
        let act = Act {
            subject: stored.certificate.number.clone(),
            room: Some((locked.app, locked.room.clone())),
            recording: Some(id),
            ..self.act(None, &Browser::default(), ActKind::Purged)
        };
        tracing::info!(recording = %id, certificate = act.subject, "recording purged");
        Ok(acts::append(tx, &act).await?)
    }
}

async fn may_read(
    conn: &mut Conn,
    by: &Principal,
    stored: &StoredCertificate,
) -> Result<bool, ServiceError> {
    if by.may(Verb::See, Thing::History) {
        return Ok(true);
    }
    let recording = recordings::get(conn, stored.recording).await?;
    Ok(recording
        .is_some_and(|recording| by.may(Verb::Delete, Thing::Room(recording.app, &recording.room))))
}
