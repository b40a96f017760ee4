//! The two calls that look files up, sent (`VENDOR.md` §5). What they mean is in [`crate::videos`].

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use super::{answer, calls::Client};
use crate::{
    outcome::{Outcome, Unknown},
    videos::{App, Page, Problem, Stamp, Videos, read, signature},
};

/// More than this of a list is not read. Bytes.
const MOST: usize = 4 * 1024 * 1024;

impl Client {
    /// Files whose time lies between two moments (unix milliseconds): one page of them.
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
        self.ask(self.post(app, "getVodListByTime", &body)).await
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
        self.ask(self.post(app, "getVodInfoByRoomId", &body)).await
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

    async fn ask(&self, request: RequestBuilder) -> Result<Videos, Problem> {
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                return Err(match answer::without(error) {
                    Outcome::NotSent { cause } => Problem::NotSent(cause),
                    Outcome::Unknown(why) => Problem::NoAnswer(why),
                    // A call that failed says neither.
                    Outcome::Accepted | Outcome::Refused { .. } => {
                        Problem::NoAnswer(Unknown::Broken)
                    }
                });
            }
        };
        let status = response.status();
        if status.is_redirection() {
            return Err(Problem::NoAnswer(Unknown::Redirected(status.as_u16())));
        }
        let body = answer::body(response, MOST)
            .await
            .map_err(Problem::NoAnswer)?;
        match read(&body) {
            // Its code counts, whatever the status; a list does not come with a bad one.
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
