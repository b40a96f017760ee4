//! The options of a sandbox.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use url::Url;

/// The secret of the video list, unless another is set. It protects nothing.
const VOD_TOKEN: &str = "sandbox0vod0token";

/// The options of a sandbox.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address to listen on; port 0 is any free port.
    pub listen: SocketAddr,
    /// The `AppID` of its one app.
    pub app_id: String,
    /// The secret that signs calls to its video list.
    pub vod_token: String,
    /// The address of recording callbacks; `None`: not sent until
    /// [`set_callbacks`](crate::Sandbox::set_callbacks).
    pub callback_url: Option<Url>,
    /// The address of status callbacks; `None`: not sent.
    pub status_url: Option<Url>,
    /// From a stop to the first callback of its files, unless making them takes longer.
    pub delay: Duration,
    /// The folder of its files, made if need be. Nothing in it is ever deleted.
    pub media_dir: PathBuf,
    /// Seeds the people in the rooms and their moves.
    pub seed: u64,
    /// The mean time between two moves of people; zero: they do not move by themselves.
    pub moves_every: Duration,
}

impl Config {
    /// The defaults: no callbacks, a delay of 3 seconds, and a move every 20 seconds.
    pub fn new(listen: SocketAddr, app_id: impl Into<String>, media_dir: PathBuf) -> Self {
        Self {
            listen,
            app_id: app_id.into(),
            vod_token: VOD_TOKEN.to_owned(),
            callback_url: None,
            status_url: None,
            delay: Duration::from_secs(3),
            media_dir,
            seed: 1,
            moves_every: Duration::from_secs(20),
        }
    }
}
