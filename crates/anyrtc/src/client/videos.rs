//! The two calls of the video list (`VENDOR.md` §5), whose types are in [`crate::videos`].

use serde_json::{Value, json};

use super::{answer, calls::Client, request::endpoint};
use crate::{
    outcome::Unknown,
    videos::{App, Page, Problem, Stamp, Videos, read, signature},
};

/// The limit of a list in bytes.
const MAX_BYTES: usize = 4 * 1024 * 1024;

impl Client {
    /// One page of the files between two moments (unix milliseconds).
    pub async fn videos_by_time(
        &self,
        app: &App,
        stamp: &Stamp<'_>,
        between: (i64, i64),
        page: Page,
    ) -> Result<Videos, Problem> {
        let mut body = signed(app, stamp);
        body["begTime"] = json!(between.0);
        body["endTime"] = json!(between.1);
        body["pageNum"] = json!(page.number);
        body["pageMax"] = json!(page.size);
        self.list(app, "getVodListByTime", &body).await
    }

    /// All files of a room.
    pub async fn videos_of_room(
        &self,
        app: &App,
        stamp: &Stamp<'_>,
        room: &str,
    ) -> Result<Videos, Problem> {
        let mut body = signed(app, stamp);
        body["roomId"] = json!(room);
        self.list(app, "getVodInfoByRoomId", &body).await
    }

    async fn list(&self, app: &App, verb: &str, body: &Value) -> Result<Videos, Problem> {
        let url = endpoint(&app.base, "/oauth/anyapi/v1/videoInfo", verb);
        let sent = self.http.post(url).json(body).send().await;
        let response = sent.map_err(|error| {
            answer::failure(error).map_or_else(Problem::NotSent, Problem::NoAnswer)
        })?;
        let status = response.status();
        if status.is_redirection() {
            return Err(Problem::NoAnswer(Unknown::Redirected(status.as_u16())));
        }
        let body = answer::body(response, MAX_BYTES)
            .await
            .map_err(Problem::NoAnswer)?;
        match read(&body) {
            // A refusal is valid with any status, a list only with a success.
            Err(Problem::NoAnswer(_)) | Ok(_) if !status.is_success() => {
                Err(Problem::NoAnswer(Unknown::Status(status.as_u16())))
            }
            read => read,
        }
    }
}

fn signed(app: &App, stamp: &Stamp<'_>) -> Value {
    json!({
        "appId": app.app_id,
        "random": stamp.random,
        "signature": signature(&app.app_id, stamp.at_ms, &app.token, stamp.random),
        "timestamp": stamp.at_ms,
    })
}
