//! The two calls of the video list (`VENDOR.md` §5), whose types are in [`crate::videos`].

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::{answer, calls::Client};
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
        self.send(self.post(app, "getVodListByTime", &body)).await
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
        self.send(self.post(app, "getVodInfoByRoomId", &body)).await
    }

    fn post(&self, app: &App, verb: &str, body: &Value) -> RequestBuilder {
        let mut url = app.base.clone();
        let base = url.path().trim_end_matches('/');
        let base = base
            .strip_suffix("/oauth/anyapi/v1/videoInfo")
            .unwrap_or(base);
        let path = format!("{base}/oauth/anyapi/v1/videoInfo/{verb}");
        url.set_path(&path);
        url.set_query(None);
        url.set_fragment(None);
        self.http.post(url).json(body)
    }

    async fn send(&self, request: RequestBuilder) -> Result<Videos, Problem> {
        let response = request.send().await.map_err(|error| {
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
