//! What every use case stands on.

pub(crate) mod background;
pub(crate) mod clock;
pub(crate) mod config;
pub(crate) mod correlation;
pub(crate) mod crash;
pub(crate) mod error;
pub(crate) mod fresh;
pub(crate) mod guard;
pub(crate) mod jobs;
pub(crate) mod known_apps;
pub(crate) mod outbox;
pub(crate) mod password;
pub(crate) mod peers;
pub(crate) mod portion;
pub(crate) mod queue;
pub(crate) mod quota;
pub(crate) mod rejected;
pub(crate) mod rng;
pub(crate) mod secret;
pub(crate) mod secrets;
pub(crate) mod service;
pub(crate) mod session;
pub(crate) mod storage;
pub(crate) mod tested;
pub(crate) mod tries;
