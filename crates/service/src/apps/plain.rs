//! An app as the platform is by default.

use reelroom_anyrtc::{Dialect, ReplyForm};
use reelroom_domain::{app::DEFAULT_KIND, ids::AppId, time::Timestamp};
use reelroom_store::apps::{App, VOD_BASE};

/// The address of an API that does not exist: no host has this name.
const NOWHERE: &str = "https://platform.invalid";

/// A new app that no platform answers for, with the default values.
pub fn plain(id: AppId, name: &str, now: Timestamp) -> App {
    App {
        id,
        name: name.to_owned(),
        app_id: String::new(),
        api_base: NOWHERE.to_owned(),
        method: Dialect::default().method.to_string(),
        encoding: Dialect::default().encoding.to_string(),
        reply_form: ReplyForm::default().to_string(),
        zone: "Asia/Shanghai".to_owned(),
        allowed_hosts: Vec::new(),
        public_cloud: false,
        frames: false,
        sandbox: false,
        kinds: vec![DEFAULT_KIND.to_owned()],
        vod_base: VOD_BASE.to_owned(),
        vod_token: None,
        created_at: now,
    }
}
