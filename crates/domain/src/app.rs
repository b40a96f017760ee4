//! The apps in the settings: their form, their data and the test of their connection.

use serde::{Deserialize, Serialize};

use crate::{cause::Cause, ids::AppId, time::Timestamp};

/// The default type of a recording.
pub const DEFAULT_KIND: &str = "Meet";

/// The form of an app. The browser never gets the stored AppID in it, only a masked one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct AppForm {
    /// The app; `None` for a new one.
    pub id: Option<AppId>,
    /// Its name.
    pub name: String,
    /// The platform's AppID; empty to keep the stored one.
    pub app_id: String,
    /// The base address of the API, for example `http://www.anyrtc.io`.
    pub api_base: String,
    /// `get` or `post` (`VENDOR.md` §1).
    pub method: String,
    /// `json` or `form`: the body of a start.
    pub encoding: String,
    /// `string` or `code`: the form of answers to callbacks (`VENDOR.md` §3).
    pub reply_form: String,
    /// The platform's zone, an IANA name.
    pub zone: String,
    /// Allowed hosts of files, beside the API's own domain; separated by space or comma.
    pub allowed_hosts: String,
    /// Whether it is a public cloud, which ignores path and naming rule.
    pub public_cloud: bool,
    /// Whether the platform extracts frames, of which at least one is then expected.
    pub frames: bool,
    /// The types of recordings, one a line, the default one first.
    pub kinds: String,
    /// The base address of the video list (`VENDOR.md` §5).
    pub vod_base: String,
}

impl AppForm {
    /// The limit of a field of one line, in bytes of UTF-8.
    pub const LINE_BYTES: usize = 200;
    /// The limit of a list (the hosts, the types), in bytes of UTF-8.
    pub const LIST_BYTES: usize = 2000;

    /// The name of the first field that is over its limit.
    pub fn over_limit(&self) -> Option<&'static str> {
        [
            ("name", &self.name, Self::LINE_BYTES),
            ("app_id", &self.app_id, Self::LINE_BYTES),
            ("api_base", &self.api_base, Self::LINE_BYTES),
            ("method", &self.method, Self::LINE_BYTES),
            ("encoding", &self.encoding, Self::LINE_BYTES),
            ("reply_form", &self.reply_form, Self::LINE_BYTES),
            ("zone", &self.zone, Self::LINE_BYTES),
            ("allowed_hosts", &self.allowed_hosts, Self::LIST_BYTES),
            ("kinds", &self.kinds, Self::LIST_BYTES),
            ("vod_base", &self.vod_base, Self::LINE_BYTES),
        ]
        .into_iter()
        .find(|(_, text, most)| text.len() > *most)
        .map(|(field, ..)| field)
    }
}

/// The state of the token of the video list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VideoToken {
    /// Not set.
    Absent,
    /// Set.
    Set {
        /// When it was set.
        at: Timestamp,
    },
    /// Set, but encrypted with another key than this server's.
    Locked {
        /// When it was set.
        at: Timestamp,
    },
}

/// An app in the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppSettings {
    /// Its form.
    pub form: AppForm,
    /// The AppID with its middle left out.
    pub masked_id: String,
    /// The token of the video list.
    pub token: VideoToken,
    /// Whether it is the default app.
    pub is_default: bool,
    /// Whether it has recordings, also deleted ones or failed starts: then it cannot be removed.
    pub has_recordings: bool,
    /// The last test with the stored settings.
    pub test: Option<ConnectionTest>,
    /// The reader's last test with settings that were not saved.
    pub typed: Option<TypedTest>,
}

/// A test with unsaved settings, which only their author sees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedTest {
    /// The settings, without the AppID.
    pub form: AppForm,
    /// The result.
    pub test: ConnectionTest,
}

/// A step of the test, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The host's name has an address.
    Name,
    /// The connection is accepted.
    Connect,
    /// The connection is secure.
    Tls,
    /// There is an answer before the timeout.
    Answer,
    /// The answer is in the platform's form.
    Platform,
    /// The platform accepts the app and this server's address.
    Accepted,
    /// The video list answers (`VENDOR.md` §5), if the app has a token for it.
    List,
    /// The video list accepts the token.
    Token,
}

/// Whether the video list was tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListTested {
    /// No: the app has no token, or an earlier step failed.
    No,
    /// No: the rate limit is reached.
    Busy,
    /// Yes.
    Yes,
}

/// The result of a test, which starts and stops nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionTest {
    /// Its time.
    pub at: Timestamp,
    /// The host, with its port unless it is the default one: the video list's if that failed, else the
    /// API's.
    pub host: String,
    /// The API's response time in milliseconds.
    pub millis: i64,
    /// Whether the video list was tested.
    pub list: ListTested,
    /// The failed step and the cause; `None` after a success.
    pub failed: Option<(Step, Cause)>,
}
