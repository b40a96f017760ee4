//! Deletes the files of a kind that a rule named, when their time is over. Their recording stays.

use reelroom_domain::{
    certificate::{DeletedFile, DeletedWhy},
    file::FileKind,
    ids::RecordingId,
    keep::{Denied, may_trash},
    retention::{Rule, RuleState},
    time::Timestamp,
    view::HistoryEvent,
};
use reelroom_store::{
    Conn, Store, StoreError, certificates, history, purges,
    recordings::keep::{self, Locked},
    retention,
};

use super::schedule::schedule;
use crate::{Service, ServiceError, ground::jobs::Job};

/// The most deletions of the files of a kind in a night.
const TRIED: u32 = 10_000;

impl Service {
    /// Deletes the files whose time is over, and which `rules` still name: those that were on in the run.
    pub(super) async fn purge_leaving(
        &self,
        store: &Store,
        rules: &[Rule],
    ) -> Result<(), ServiceError> {
        let due = retention::leaving(&mut *store.read().await?, self.now(), TRIED).await?;
        for (id, kind) in due {
            // Somebody may switch all rules off meanwhile.
            if schedule(&mut *store.read().await?).await?.off.is_some() {
                return Ok(());
            }
            while self.purge_next_of(store, rules, id, kind).await? {
                self.0.jobs.progress(Job::Retention);
            }
        }
        Ok(())
    }

    /// Ends deletions that a crash broke off and that the run at `of` does not continue: certifies the deleted files.
    pub(super) async fn end_broken_off(
        &self,
        store: &Store,
        of: Timestamp,
    ) -> Result<(), ServiceError> {
        let all = retention::broken_off(&mut *store.read().await?, of).await?;
        for (id, kind) in all {
            let mut tx = store.write().await?;
            let next = purges::next_file(&mut tx, id, Some(kind)).await?;
            if let Some(file) = next.filter(|file| file.is_begun) {
                self.purge_copy(store, tx, &file, self.now()).await?;
                tx = store.write().await?;
            }
            if let Some(locked) = keep::lock(&mut tx, id).await? {
                self.end_leaving(&mut tx, &locked, kind).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// Deletes the next file of a kind, or ends the deletion. Returns whether there may be another file.
    async fn purge_next_of(
        &self,
        store: &Store,
        rules: &[Rule],
        id: RecordingId,
        kind: FileKind,
    ) -> Result<bool, ServiceError> {
        let mut tx = store.write().await?;
        let Some(locked) = keep::lock(&mut tx, id).await? else {
            return Ok(false);
        };
        let mut next = purges::next_file(&mut tx, id, Some(kind)).await?;
        // A hold that came since is too late for one whose deletion has begun.
        if !next.as_ref().is_some_and(|file| file.is_begun) {
            let goes_on = match may_trash(&locked.facts) {
                Ok(()) if !locked.facts.is_fetched => is_still_on(&mut tx, rules, id, kind).await?,
                Ok(()) | Err(Denied::Running) => return Ok(false),
                // It is on hold, or is deleted as a whole.
                Err(_) => false,
            };
            next = next.filter(|_| goes_on);
        }
        let Some(file) = next else {
            self.end_leaving(&mut tx, &locked, kind).await?;
            tx.commit().await?;
            self.publish_kept(&[locked]);
            return Ok(false);
        };
        self.purge_copy(store, tx, &file, self.now()).await?;
        Ok(true)
    }

    /// Ends the deletion of the files of a kind, with the certificate of those that are deleted and that no other
    /// certificate names.
    async fn end_leaving(
        &self,
        tx: &mut Conn,
        locked: &Locked,
        kind: FileKind,
    ) -> Result<(), ServiceError> {
        let (id, at) = (locked.id, self.now());
        let Some((rule, since)) = retention::leaves(tx, id, kind).await? else {
            return Ok(());
        };
        let mut files = purges::files(tx, id, since).await?;
        files.retain(|file| file.kind == kind);
        let files = without_certificate(tx, id, files).await?;
        // Each was checked in the transaction in which its deletion began.
        if let Some(checked_at) = files.iter().map(|file| file.at).min() {
            let why = DeletedWhy {
                trashed: Some((since, rule.clone())),
                rule: Some(rule.clone()),
                ..DeletedWhy::default()
            };
            self.write_certificate(tx, locked, why, (checked_at, at), files)
                .await?;
            let event = HistoryEvent::FilesPurged;
            history::append(tx, id, at, event, Some(&rule), None).await?;
        }
        Ok(retention::remove(tx, id, kind).await?)
    }
}

/// Whether the rule that names the files of a kind is on, as it was in the run of these rules: somebody may switch it
/// off, change or remove it meanwhile.
async fn is_still_on(
    conn: &mut Conn,
    ran: &[Rule],
    id: RecordingId,
    kind: FileKind,
) -> Result<bool, StoreError> {
    let Some((name, _)) = retention::leaves(conn, id, kind).await? else {
        return Ok(false);
    };
    let Some(ran) = ran.iter().find(|rule| rule.text.name.as_str() == name) else {
        return Ok(false);
    };
    let rules = retention::rules(conn).await?;
    Ok(rules
        .iter()
        .any(|rule| (rule.id, rule.version, rule.state) == (ran.id, ran.version, RuleState::On)))
}

/// The deleted files of a recording that need a certificate: no certificate names them, and they were deleted before a
/// running purge of the whole recording began, whose certificate will name the later ones.
async fn without_certificate(
    conn: &mut Conn,
    id: RecordingId,
    mut files: Vec<DeletedFile>,
) -> Result<Vec<DeletedFile>, StoreError> {
    if let Some(purge) = purges::get(conn, id).await? {
        files.retain(|file| file.at < purge.checked_at);
    }
    if files.is_empty() {
        return Ok(files);
    }
    let all = certificates::all_of(conn, id).await?;
    let named = |file: &DeletedFile| {
        let mut named = all.iter().flat_map(|stored| &stored.certificate.files);
        named.any(|one| (one.id, one.at) == (file.id, file.at))
    };
    files.retain(|file| !named(file));
    Ok(files)
}
