//! The causes of failures of calls, copies and files.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// The cause of a failure of a call, a copy or a file. `Display` is for logs; pages have a sentence for
/// each in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Cause {
    /// The message of the platform or the system.
    #[error("{0}")]
    Words(String),
    /// The host name has no address.
    #[error("the host name was not found")]
    NameNotFound,
    /// The connection was refused.
    #[error("the connection was refused")]
    ConnectionRefused,
    /// No connection before the timeout.
    #[error("no connection in time")]
    NoConnection,
    /// A TLS error: a certificate, a protocol.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// No answer before the timeout.
    #[error("no answer in time")]
    NoAnswer,
    /// The connection broke before the answer was complete.
    #[error("the connection broke before the answer was whole")]
    Broken,
    /// An HTTP status of failure.
    #[error("it answered with HTTP status {0}")]
    Status(u16),
    /// A success without a body.
    #[error("its answer was empty")]
    Empty,
    /// An answer over the limit.
    #[error("its answer was too long")]
    TooLong,
    /// An answer that is not in the platform's form, for example HTML.
    #[error("its answer was not readable")]
    Unreadable,
    /// The server ended before the answer.
    #[error("the server ended before an answer came")]
    Interrupted,
    /// The callback named no address.
    #[error("the callback named no address")]
    NoAddress,
    /// Not an http or https address, or one with credentials.
    #[error("not a plain http or https address")]
    Address,
    /// The app does not allow the host, which has its port unless it is the default one.
    #[error("{0} is not an allowed host")]
    Host(String),
    /// The app allows the host, but not this port.
    #[error("port {port} of {host} is not allowed")]
    Port {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// The name resolves to an address that is not public.
    #[error("{0} leads to an address inside a network")]
    Inside(String),
    /// The host is, or resolves to, an address that no setting allows: loopback without an entry of its
    /// own, link-local, multicast, the metadata of a cloud.
    #[error("{0} leads to an address that is never allowed")]
    NeverAllowed(String),
    /// A redirect from https to http, to this host.
    #[error("it redirects from https to {0} without encryption")]
    Insecure(String),
    /// More redirects than are followed.
    #[error("it redirects more than 3 times")]
    Redirects,
    /// The number of received bytes differs from the announced one.
    #[error("{came} bytes came of {announced}")]
    Size {
        /// Received bytes.
        came: u64,
        /// Bytes announced by the answer's headers.
        announced: u64,
    },
    /// The transfer was slower than the least speed, or longer than its deadline.
    #[error("the transfer was too slow")]
    TooSlow,
    /// Our disk has no room beyond its reserve.
    #[error("our disk is nearly full")]
    NoRoom,
    /// A web page came in place of a file.
    #[error("a web page came in place of the file")]
    WebPage,
    /// The file is incomplete or damaged.
    #[error("the file is incomplete or damaged")]
    Damaged,
    /// The content is not what was announced: a picture for a video, or no media at all.
    #[error("the content is not what was announced")]
    OtherContent,
    /// Our copy has other bytes than were stored.
    #[error("our copy was damaged in the storage")]
    CopyDamaged,
    /// The storage does not have our copy any more.
    #[error("our copy is missing in the storage")]
    CopyMissing,
    /// Our own storage failed.
    #[error("our storage: {0}")]
    Storage(String),
}

impl Cause {
    /// Its kind in one word, without what it says.
    pub fn kind(&self) -> &'static str {
        self.into()
    }

    /// Whether an entry of the allowed hosts lifts this refusal of an address.
    pub const fn can_be_allowed(&self) -> bool {
        matches!(self, Self::Host(_) | Self::Port { .. } | Self::Inside(_))
    }
}
