//! Faults that tests switch on.

use serde::{Deserialize, Serialize};

/// The outcome of a start or a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum CallFault {
    #[default]
    Ok,
    /// `{"result":"error"}`; nothing happens.
    Refuse,
    /// A web page instead of JSON; nothing happens.
    Html,
    /// Status 500; nothing happens.
    #[serde(rename = "500")]
    Broken,
    /// It happens, but the answer takes a minute.
    Swallow,
    /// It happens at once, but the answer takes this many milliseconds.
    Late(u64),
}

/// The delivery of the callbacks of files.
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
    /// Each once, this many milliseconds later.
    Delay(u64),
    /// Each once, the last file first.
    Reorder,
    /// Each once, in another form.
    Mangle(Mangle),
}

/// The form of a callback; all but `Garbage` can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mangle {
    /// Behind a byte-order mark.
    Bom,
    /// Numbers as strings, and the reverse.
    Strings,
    /// As a form.
    Form,
    /// Compressed, with its header.
    Gzip,
    /// In GB 18030, without a header that names it.
    Gb18030,
    /// With trailing text: broken JSON.
    Garbage,
}

/// The answer of the video list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ListFault {
    #[default]
    Ok,
    /// This many milliseconds later.
    Late(u64),
    /// Code 501.
    Error,
    /// With a comma before each closing bracket.
    TrailingComma,
    /// Numbers as strings.
    Strings,
    /// Code 200 without a list.
    Absent,
    /// By time, each page lacks its first file.
    Short,
    /// By time, two files a page, and every second page is empty.
    Hole,
    /// By time, two files a page; after the first page the files have moved up by one.
    Shift,
    /// By time, a million files in more than two hours.
    Crowd,
}

/// The faults that are on, until others are set.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Faults {
    pub start: CallFault,
    pub stop: CallFault,
    pub callbacks: CallbackFault,
    pub video_list: ListFault,
}
