//! Asking the platform's list: never without a slot, and not while it is to be left in peace.

use std::time::Duration;

use reelroom_anyrtc::videos::{self, Code, Page, Problem, Stamp, Videos};
use reelroom_domain::{room::RoomId, time::Timestamp};
use reelroom_store::{
    apps::App,
    lookups::{self, Claim, Slot},
};
use url::Url;

use crate::{Service, ServiceError};

/// Calls a minute that the platform allows.
const MOST: usize = 5;

/// Slots come free within a minute; who waits for longer waits for something else. Milliseconds.
const LONGEST_WAIT: i64 = 90_000;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A person, who waits for it.
    Person,
    /// A person who tests what may not be kept yet: what the list says of it is not said of the app,
    /// and changes nothing for those who ask for the app.
    Tester,
    /// We ourselves, who leave a person one call.
    Ourselves,
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Question<'a> {
    /// All files of a room.
    Room(&'a RoomId),
    /// A page of the files between two moments.
    Between(Timestamp, Timestamp, Page),
}

/// The list did not come.
#[derive(Debug)]
pub(crate) enum NotListed {
    /// The app has no token, or none that can be opened, or no address of a list.
    NoToken,
    /// Not before this moment.
    Busy(Timestamp),
    /// The platform was asked in vain.
    Problem(Problem),
}

impl Service {
    /// An app as the video list knows it; `None` where it cannot be asked.
    fn list_of(&self, app: &App) -> Option<videos::App> {
        let token = self.vod_token(app).unwrap_or_else(|error| {
            tracing::warn!(app = %app.id, %error, "the video list cannot be asked");
            None
        })?;
        Some(videos::App {
            app_id: app.app_id.clone(),
            base: Url::parse(&app.vod_base).ok()?,
            token: token.reveal().to_owned(),
        })
    }

    /// Whether an app's list can be asked at all.
    pub(crate) fn has_list(&self, app: &App) -> bool {
        self.list_of(app).is_some()
    }

    /// Asks once, if it may be asked now.
    pub(crate) async fn ask_list(
        &self,
        app: &App,
        asker: Asker,
        question: Question<'_>,
    ) -> Result<Result<Videos, NotListed>, ServiceError> {
        let Some(list) = self.list_of(app) else {
            return Ok(Err(NotListed::NoToken));
        };
        let in_person = asker != Asker::Ourselves;
        let claim = Claim {
            most: MOST - usize::from(!in_person),
            in_person,
        };
        let mut tx = self.0.store.write().await?;
        let slot = lookups::claim_call(&mut tx, app.id, self.now(), claim).await?;
        tx.commit().await?;
        if let Slot::NotBefore(at) = slot {
            return Ok(Err(NotListed::Busy(at)));
        }
        let random = self.0.chance.word(10);
        let stamp = Stamp {
            random: &random,
            at_ms: self.now().as_millis(),
        };
        let client = &self.0.client;
        let answer = match question {
            Question::Room(room) => client.videos_of_room(&list, &stamp, room.as_str()).await,
            Question::Between(from, to, page) => {
                let between = (from.as_millis(), to.as_millis());
                client.videos_by_time(&list, &stamp, between, page).await
            }
        };
        let too_often =
            matches!(&answer, Err(Problem::Said { code, .. }) if *code == Code::TooFrequent);
        if asker != Asker::Tester || too_often {
            self.note_answer(app, &answer).await?;
        }
        Ok(answer.map_err(NotListed::Problem))
    }

    /// What the next call may learn from this answer.
    async fn note_answer(
        &self,
        app: &App,
        answer: &Result<Videos, Problem>,
    ) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        match answer {
            Ok(list) => {
                if list.skipped > 0 {
                    tracing::warn!(app = %app.id, skipped = list.skipped, "odd items in the video list");
                }
                lookups::answered(&mut tx, app.id).await?;
            }
            // The platform heard and said no; asking at once would only make it worse.
            Err(Problem::Said { code, message }) => {
                let until = lookups::refused(&mut tx, app.id, self.now()).await?;
                let minutes = until.since(self.now()) / 60_000;
                tracing::warn!(app = %app.id, %code, message, minutes, "the video list said no; asked again later");
                if *code == Code::BadSignature {
                    tracing::warn!(app = %app.id, "its token in the settings is not the one of the vendor's console");
                }
            }
            Err(error) => tracing::warn!(app = %app.id, %error, "the video list did not answer"),
        }
        Ok(tx.commit().await?)
    }

    /// Asks, and waits for a slot; for background work. Not where the platform is to be left in peace
    /// for longer than a slot takes.
    pub(crate) async fn ask_list_patiently(
        &self,
        app: &App,
        question: Question<'_>,
    ) -> Result<Result<Videos, NotListed>, ServiceError> {
        loop {
            match self.ask_list(app, Asker::Ourselves, question).await? {
                Err(NotListed::Busy(at)) if at.since(self.now()) <= LONGEST_WAIT => {
                    let millis = u64::try_from(at.since(self.now())).unwrap_or(0);
                    tokio::time::sleep(Duration::from_millis(millis.max(250))).await;
                }
                answer => return Ok(answer),
            }
        }
    }
}
