//! Requests for the platform's video list, within its rate limit and the back-off after a refusal.

use std::time::Duration;

use reelroom_anyrtc::videos::{self, Code, Page, Problem, Stamp, Videos};
use reelroom_domain::{room::RoomId, time::Timestamp};
use reelroom_store::{
    apps::App,
    lookups::{self, Claim, Slot},
};
use url::Url;

use crate::{Service, ServiceError};

/// The calls per minute that the platform allows.
const MOST: usize = 5;

/// The longest wait for a slot, in milliseconds. Slots come free within a minute; a longer wait is a
/// back-off.
const LONGEST_WAIT: i64 = 90_000;

/// The origin of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    /// A person, who waits for the answer.
    Person,
    /// A person who tests settings that may not be saved: the answer says nothing about the app.
    Tester,
    /// A background job, which leaves one call per minute to people.
    Ourselves,
}

/// The files that are requested.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Question<'a> {
    /// All files of a room.
    Room(&'a RoomId),
    /// A page of the files between two moments.
    Between(Timestamp, Timestamp, Page),
}

/// There is no list.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotListed {
    /// The app has no token that can be unsealed, or no valid address of its list.
    #[error("no token for the video list")]
    NoToken,
    /// The next call may be made at this time.
    #[error("the rate limit of the video list is reached")]
    Busy(Timestamp),
    /// The call failed.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// Any other error.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl Service {
    /// An app with its token for the video list; `None` if it has none.
    fn list_of(&self, app: &App) -> Option<videos::App> {
        let token = self.vod_token(app).unwrap_or_else(|error| {
            tracing::warn!(app = %app.id, %error, "the file list cannot be queried");
            None
        })?;
        Some(videos::App {
            app_id: app.app_id.clone(),
            base: Url::parse(&app.vod_base).ok()?,
            token: token.reveal().to_owned(),
        })
    }

    /// Whether an app has a video list.
    pub(crate) fn has_list(&self, app: &App) -> bool {
        self.list_of(app).is_some()
    }

    /// Requests the list once, if the rate limit allows it now.
    pub(crate) async fn ask_list(
        &self,
        app: &App,
        asker: Asker,
        question: Question<'_>,
    ) -> Result<Videos, NotListed> {
        let list = self.list_of(app).ok_or(NotListed::NoToken)?;
        let in_person = asker != Asker::Ourselves;
        let claim = Claim {
            most: MOST - usize::from(!in_person),
            in_person,
        };
        let asked_at = self.now();
        let mut tx = self.0.store.write().await?;
        let slot = lookups::claim_call(&mut tx, app.id, asked_at, claim).await?;
        tx.commit().await?;
        if let Slot::NotBefore(at) = slot {
            return Err(NotListed::Busy(at));
        }
        let random = self.0.rng.word(10);
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
            self.record_answer(app, asked_at, &answer).await?;
        }
        Ok(answer?)
    }

    /// Records an answer to a request of that time for the back-off.
    async fn record_answer(
        &self,
        app: &App,
        asked_at: Timestamp,
        answer: &Result<Videos, Problem>,
    ) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        match answer {
            Ok(list) => {
                if list.skipped > 0 {
                    tracing::warn!(app = %app.id, skipped = list.skipped, "odd items in the file list");
                }
                lookups::record_answer(&mut tx, app.id).await?;
            }
            // A refusal; a retry at once would be refused too.
            Err(Problem::Said { code, message }) => {
                let until = lookups::record_refusal(&mut tx, app.id, asked_at, self.now()).await?;
                let minutes = until.since(self.now()) / 60_000;
                tracing::warn!(app = %app.id, %code, message, minutes, "the file list refused the query; queried again later");
                if *code == Code::BadSignature {
                    tracing::warn!(app = %app.id, "its token in the settings is not the one of the anyRTC console");
                }
            }
            Err(error) => tracing::warn!(app = %app.id, %error, "the file list did not answer"),
        }
        Ok(tx.commit().await?)
    }

    /// Requests the list and waits for a slot; for background work. Does not wait for the end of a
    /// back-off.
    pub(crate) async fn ask_list_patiently(
        &self,
        app: &App,
        question: Question<'_>,
    ) -> Result<Videos, NotListed> {
        loop {
            match self.ask_list(app, Asker::Ourselves, question).await {
                Err(NotListed::Busy(at)) if at.since(self.now()) <= LONGEST_WAIT => {
                    let millis = u64::try_from(at.since(self.now())).unwrap_or(0);
                    tokio::time::sleep(Duration::from_millis(millis.max(250))).await;
                }
                answer => return answer,
            }
        }
    }
}
