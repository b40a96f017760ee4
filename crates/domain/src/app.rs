//! The apps in the settings: as they are typed, as they are shown, and whether they answer.

use serde::{Deserialize, Serialize};

use crate::{cause::Cause, ids::AppId, time::Timestamp};

/// The type of a room where nothing else was said.
pub const DEFAULT_KIND: &str = "Meet";

/// An app as it is typed. Of what is kept, the AppID is never in it: a browser gets it masked.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct AppForm {
    /// The app; `None`: a new one.
    pub id: Option<AppId>,
    /// The name that the administrator gives.
    pub name: String,
    /// The platform's AppID, whole; empty: the one that is kept.
    pub app_id: String,
    /// Where the platform's calls go, for example `http://www.anyrtc.io`.
    pub api_base: String,
    /// `get` or `post` (`VENDOR.md` §1).
    pub method: String,
    /// `json` or `form`: the body of a start.
    pub encoding: String,
    /// `string` or `code`: how callbacks are answered (`VENDOR.md` §3).
    pub reply_form: String,
    /// The platform's zone, an IANA name.
    pub zone: String,
    /// Hosts that files may come from, beside the API's own domain; separated by space or comma.
    pub allowed_hosts: String,
    /// Whether it is a public cloud, which ignores path and naming rule.
    pub public_cloud: bool,
    /// Whether the platform extracts frames of its recordings: then one is waited for at least.
    pub frames: bool,
    /// The types that a recording may have, one a line; the first is the usual one.
    pub kinds: String,
    /// Where the video list is (`VENDOR.md` §5).
    pub vod_base: String,
}

impl AppForm {
    /// The longest field of one line, in bytes of UTF-8.
    pub const LINE_BYTES: usize = 200;
    /// The longest list (the hosts, the types), in bytes of UTF-8.
    pub const LIST_BYTES: usize = 2000;

    /// The first field that is over its limit: its name in the form.
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

/// The token of the video list, as far as a browser may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VideoToken {
    /// There is none.
    Absent,
    /// There is one.
    Set {
        /// Since when.
        at: Timestamp,
    },
    /// There is one, and this server's key does not open it: it was sealed with another.
    Locked {
        /// Since when.
        at: Timestamp,
    },
}

/// An app as the settings show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppSettings {
    /// All that may be shown again.
    pub form: AppForm,
    /// The AppID with its middle left out.
    pub masked_id: String,
    /// The token of the video list.
    pub token: VideoToken,
    /// Whether its rooms are shown where an address names no app.
    pub is_default: bool,
    /// Recordings that belong to it.
    pub recordings: u32,
    /// Whether it answered when it was last asked, reached as it is kept.
    pub test: Option<ConnectionTest>,
    /// What the reader tested for it last and did not keep.
    pub typed: Option<TypedTest>,
}

/// A test of what one person typed. A page that comes back with what was typed shows it; nobody else
/// sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedTest {
    /// What was typed, without the AppID.
    pub form: AppForm,
    /// What the test said.
    pub test: ConnectionTest,
}

/// What is tried, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The host's name has an address.
    Name,
    /// Somebody listens there.
    Connect,
    /// The connection can be made secure.
    Tls,
    /// An answer comes in time.
    Answer,
    /// The answer is of the platform's form.
    Platform,
    /// The platform takes the app for one of its own, and this server for one that may call.
    Accepted,
    /// The video list answers as it should (`VENDOR.md` §5), where the app has a token for it.
    List,
    /// The video list takes the token.
    Token,
}

/// Whether the video list was tested, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListTested {
    /// No: the app has no token for it, or a step before failed.
    No,
    /// No: the calls that the platform allows are used up. It may be well or not.
    Busy,
    /// Yes.
    Yes,
}

/// Whether the platform answered. Nothing was started or stopped by asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionTest {
    /// When it was asked.
    pub at: Timestamp,
    /// Which host was asked, with its port where it is not the usual one: the video list's where that
    /// failed, else the API's.
    pub host: String,
    /// How long the API took, in milliseconds.
    pub millis: i64,
    /// Whether the video list was tested, too.
    pub list: ListTested,
    /// The step that failed, and why; `None`: it answers.
    pub failed: Option<(Step, Cause)>,
}
