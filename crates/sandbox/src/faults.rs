//! Faults on command, for the tests of whoever calls the platform.

use serde::{Deserialize, Serialize};

/// How a start or a stop goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CallFault {
    /// As it should.
    #[default]
    Ok,
    /// `{"result":"error"}`; nothing happens.
    Refuse,
    /// A web page instead of JSON; nothing happens.
    Html,
    /// Status 500; nothing happens.
    #[serde(rename = "500")]
    Broken,
    /// It happens, but the answer never comes.
    Swallow,
}

/// How callbacks of finished files go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CallbackFault {
    /// Each once.
    #[default]
    Ok,
    /// None.
    Drop,
    /// Each twice.
    Double,
}

/// The faults that are on, until others are set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub(crate) struct Faults {
    /// Of starts.
    pub start: CallFault,
    /// Of stops.
    pub stop: CallFault,
    /// Of callbacks of finished files.
    pub callbacks: CallbackFault,
}

/// A command; what it does not name stays as it is.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Command {
    start: Option<CallFault>,
    stop: Option<CallFault>,
    callbacks: Option<CallbackFault>,
}

impl Faults {
    /// Does what is commanded.
    pub(crate) fn obey(&mut self, command: Command) {
        self.start = command.start.unwrap_or(self.start);
        self.stop = command.stop.unwrap_or(self.stop);
        self.callbacks = command.callbacks.unwrap_or(self.callbacks);
    }
}
