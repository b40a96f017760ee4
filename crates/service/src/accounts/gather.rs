//! Gathers the facts of the history that come with many requests: watching, downloads, wrong sign-ins. No
//! request waits for the database; a job writes them.

use std::{collections::BTreeMap, time::Duration};

use reelroom_domain::{
    act::{Act, ActKind, detail, is_watched},
    file::FileKind,
    ids::{FileId, RecordingId, UserId},
};
use reelroom_store::{Conn, acts, files, recordings, users::User};

use crate::{
    Browser, Principal, Service, ServiceError,
    ground::{
        gathered::{Fact, Key, Times},
        tries::network,
    },
};

/// The most facts that one transaction writes.
const AT_ONCE: usize = 200;

impl Service {
    /// Records that an account was sent a version of a file, or a range of it, to download.
    pub fn record_downloaded(&self, by: &Principal, browser: &Browser, id: FileId) {
        self.gather(Fact::Downloaded(id), Some(by.user), &by.name, browser);
    }

    /// Adds bytes of a version of a file that an account was sent to watch, and records that it has watched it once
    /// they are enough ([`is_watched`]). A frame that is shown does not count.
    pub fn record_sent(
        &self,
        by: &Principal,
        browser: &Browser,
        (id, kind): (FileId, FileKind),
        size: Option<u64>,
        bytes: u64,
    ) {
        if kind == FileKind::Frame {
            return;
        }
        let sent = self.0.sent.add(by.user, id, bytes, self.now());
        if is_watched(sent, size) {
            self.gather(Fact::Played(id), Some(by.user), &by.name, browser);
        }
    }

    /// Records that an account was sent a ZIP archive, or a range of it, with these numbers of files.
    pub fn record_archive(
        &self,
        by: &Principal,
        browser: &Browser,
        recordings: &BTreeMap<RecordingId, u32>,
    ) {
        for (id, files) in recordings {
            let fact = Fact::Archive(*id, *files);
            self.gather(fact, Some(by.user), &by.name, browser);
        }
    }

    /// Records a wrong name, password or code for the account `user`, or a try that was refused unverified. `by` is the
    /// account that is signed in. A name without an account is not recorded: it may be a password in the wrong field.
    pub(super) fn record_wrong(
        &self,
        browser: &Browser,
        by: Option<UserId>,
        user: Option<&User>,
        fact: Fact,
    ) {
        let address = browser.address.map(tracing::field::display);
        let name = user.map_or("", |user| user.name.as_str());
        match user {
            _ if fact == Fact::Throttled => {}
            Some(_) => tracing::info!(name, address, "wrong sign-in"),
            None => tracing::info!(address, "wrong sign-in: no such account"),
        }
        self.gather(fact, by, name, browser);
    }

    fn gather(&self, fact: Fact, user: Option<UserId>, name: &str, browser: &Browser) {
        // The number of refused tries has no limit, and one client may have 2^64 addresses.
        let address = match fact {
            Fact::Throttled => browser.address.map(network),
            _ => browser.address,
        };
        let key = Key {
            fact,
            user,
            name: name.to_owned(),
            address,
        };
        let gathered = &self.0.gathered;
        if !gathered.add(key, &browser.short_agent(), self.now()) {
            tracing::error!("the history of access is incomplete: too much at once");
        }
    }

    /// Writes the gathered facts.
    pub(crate) async fn store_gathered(&self) -> Result<Option<Duration>, ServiceError> {
        let mut rest = self.0.gathered.take();
        while !rest.is_empty() {
            let some = rest.split_off(rest.len().saturating_sub(AT_ONCE));
            if let Err(error) = self.store_facts(&some).await {
                self.0.gathered.put_back(some.into_iter().chain(rest));
                return Err(error);
            }
        }
        Ok(None)
    }

    async fn store_facts(&self, facts: &[(Key, Times)]) -> Result<(), ServiceError> {
        let mut gathered = Vec::with_capacity(facts.len());
        let mut read = self.0.store.read().await?;
        for (key, times) in facts {
            gathered.push(self.act_of(&mut read, key, times).await?);
        }
        drop(read);
        let mut tx = self.0.store.write().await?;
        for act in &gathered {
            acts::gather(&mut tx, act).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The act of a fact, with what is known about its file and recording.
    async fn act_of(&self, conn: &mut Conn, key: &Key, times: &Times) -> Result<Act, ServiceError> {
        let kind = match key.fact {
            Fact::Played(_) => ActKind::Watched,
            Fact::Downloaded(_) | Fact::Archive(..) => ActKind::Downloaded,
            Fact::WrongSignIn | Fact::WrongCode | Fact::Throttled => ActKind::WrongSignIn,
        };
        let mut act = Act {
            at: times.first,
            until: times.last,
            user: key.user,
            name: key.name.clone(),
            address: key.address.map(|address| address.to_string()),
            agent: times.agent.clone(),
            ..self.act(None, &Browser::default(), kind)
        };
        let mut add = |name: &str, value: String| {
            act.detail.insert(name.to_owned(), value);
        };
        match &key.fact {
            Fact::WrongSignIn => add(detail::TRIES, times.number.to_string()),
            Fact::WrongCode => add(detail::CODES, times.number.to_string()),
            Fact::Throttled => add(detail::THROTTLED, times.number.to_string()),
            Fact::Archive(id, files) => {
                add(detail::FILES, files.to_string());
                act.recording = Some(*id);
            }
            Fact::Played(id) | Fact::Downloaded(id) => {
                act.file = Some(*id);
                if let Some(file) = files::get(conn, *id).await? {
                    let announced = file.announced;
                    add(detail::KIND, announced.kind.as_str().to_owned());
                    if let Some(participant) = announced.participant {
                        add(detail::PARTICIPANT, participant.to_string());
                    }
                    if file.version > 1 {
                        add(detail::VERSION, file.version.to_string());
                    }
                    act.subject = announced.name;
                    act.recording = Some(file.recording);
                }
            }
        }
        if let Some(id) = act.recording {
            let recording = recordings::get(conn, id).await?;
            act.room = recording.map(|recording| (recording.app, recording.room));
        }
        Ok(act)
    }
}

#[cfg(test)]
mod tests;
