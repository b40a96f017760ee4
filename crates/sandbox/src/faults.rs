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
    /// It happens at once, and the answer comes so many milliseconds later.
    Late(u64),
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
    /// Each once, so many milliseconds later.
    Delay(u64),
    /// Each once, the last file first.
    Reorder,
    /// Each once, in another form.
    Mangle(Mangle),
}

/// In which form a callback comes; some are to be understood all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mangle {
    /// Behind a byte-order mark.
    Bom,
    /// Numbers as strings, and the reverse.
    Strings,
    /// As a form.
    Form,
    /// Packed, and said to be.
    Gzip,
    /// In GB 18030, and not said to be.
    Gb18030,
    /// With something behind it: broken JSON.
    Garbage,
}

/// How the video list answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ListFault {
    /// As it should.
    #[default]
    Ok,
    /// So many milliseconds later.
    Late(u64),
    /// Code 501.
    Error,
    /// With a comma before each closing bracket.
    TrailingComma,
    /// Numbers as strings.
    Strings,
    /// Code 200, and nothing else.
    Absent,
    /// By time, each page without its first file.
    Short,
    /// By time, two files a page, and every second page is empty.
    Hole,
    /// By time, two files a page; all behind the first one have moved up by one.
    Shift,
    /// By time, more files than anybody reads where more than two hours are asked for.
    Crowd,
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
    /// Of the video list.
    pub video_list: ListFault,
}

/// A command; what it does not name stays as it is.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Command {
    start: Option<CallFault>,
    stop: Option<CallFault>,
    callbacks: Option<CallbackFault>,
    video_list: Option<ListFault>,
}

impl Faults {
    /// Does what is commanded.
    pub(crate) fn obey(&mut self, command: Command) {
        self.start = command.start.unwrap_or(self.start);
        self.stop = command.stop.unwrap_or(self.stop);
        self.callbacks = command.callbacks.unwrap_or(self.callbacks);
        self.video_list = command.video_list.unwrap_or(self.video_list);
    }
}
