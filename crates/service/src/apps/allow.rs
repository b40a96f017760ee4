//! Allow the host of a blocked file.

use reelroom_domain::{
    access::{Thing, Verb},
    act::{SettingsChange, detail},
    app::AppForm,
    file::FileState,
    ids::FileId,
};
use reelroom_store::{
    acts,
    apps::{self, App},
    files, recordings,
};

use super::settings::{real, release_blocked};
use crate::{Browser, Found, Principal, Service, ServiceError, ground::guard};

/// A host was not allowed.
#[derive(Debug, thiserror::Error)]
pub enum AllowHostError {
    /// The file is not blocked for a host that can be allowed, or the app's list of hosts is full.
    #[error("no host to allow")]
    NotAllowed,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// Adds the host that a file is blocked for to the hosts of its app, which are then fetched from.
    pub async fn allow_host(
        &self,
        by: &Principal,
        browser: &Browser,
        file: FileId,
    ) -> Result<(), AllowHostError> {
        by.require(Verb::Change, Thing::Settings)?;
        let mut tx = self.change_settings().await?;
        let file = files::get(&mut tx, file).await?.found()?;
        let recording = recordings::get(&mut tx, file.recording).await?.found()?;
        let mut app = real(apps::get(&mut tx, recording.app).await?)?;
        let versions = files::of_recording(&mut tx, recording.id).await?;
        let mut versions = versions.iter().filter(|version| version.take == file.take);
        let host = versions.find_map(|version| host_to_allow(&app, version));
        let host = host.ok_or(AllowHostError::NotAllowed)?;
        if !app.allowed_hosts.contains(&host) {
            app.allowed_hosts.push(host.clone());
        }
        if app.allowed_hosts.join(" ").len() > AppForm::LIST_BYTES {
            return Err(AllowHostError::NotAllowed);
        }
        apps::update(&mut tx, &app).await?;
        release_blocked(&mut tx, &app).await?;
        let known = [(detail::HOST, host.clone())];
        let change = SettingsChange::HostAllowed;
        let act = self.settings_act(by, browser, change, &app.name, &known);
        acts::commit(tx, &act).await?;
        tracing::info!(app = %app.id, host, by = by.name, "host allowed");
        self.publish_saved_app(app.id);
        self.publish_recording(&recording);
        Ok(())
    }
}

/// The entry of the allowed hosts that lifts the block of a file of `app`; `None` if none does.
pub(crate) fn host_to_allow(app: &App, file: &files::File) -> Option<String> {
    let refused = file.trouble.as_ref();
    let refused = refused.filter(|_| file.state == FileState::Blocked)?;
    guard::entry_for(app, refused)
}
