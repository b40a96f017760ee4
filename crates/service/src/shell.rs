//! What every page shows around its content.

use reelroom_domain::view::Shell;
use reelroom_store::{
    callbacks,
    recordings::{self, Filter},
    rooms,
};

use crate::{Principal, Service, ServiceError};

impl Service {
    /// Who is signed in, the app, the counts, and what takes its room now.
    pub async fn shell(&self, principal: &Principal) -> Result<Shell, ServiceError> {
        let app = self.app().await?;
        let mut read = self.0.store.read().await?;
        Ok(Shell {
            me: principal.me(),
            rooms: rooms::count(&mut read, app.id).await?,
            recordings: recordings::count(&mut read, app.id, Filter::default()).await?,
            recording_now: rooms::running(&mut read, app.id).await?,
            open_callbacks: callbacks::count_open(&mut read).await?,
            last_callback_at: callbacks::last_accepted_at(&mut read).await?,
            app: self.app_view(&app),
            now: self.now(),
        })
    }
}
