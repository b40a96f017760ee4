//! Why something outside did not work.

use serde::{Deserialize, Serialize};

/// Why a call, a copy or a file did not come about. `Display` is for logs; pages have a sentence for
/// each in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// What the other side, or the machine, said of it, as it is.
    #[error("{0}")]
    Words(String),
    /// The host's name has no address.
    #[error("the host name was not found")]
    NameNotFound,
    /// Nobody listens there.
    #[error("the connection was refused")]
    ConnectionRefused,
    /// No connection within the time-out.
    #[error("no connection in time")]
    NoConnection,
    /// No secure connection: a certificate, a protocol.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// No answer within the time-out.
    #[error("no answer in time")]
    NoAnswer,
    /// The connection broke before the answer was whole.
    #[error("the connection broke before the answer was whole")]
    Broken,
    /// The answer has an HTTP status that does not help.
    #[error("it answered with HTTP status {0}")]
    Status(u16),
    /// A good status and no body.
    #[error("its answer was empty")]
    Empty,
    /// More than is read of an answer.
    #[error("its answer was too long")]
    TooLong,
    /// Not what the platform's document shows: HTML, for example.
    #[error("its answer was not readable")]
    Unreadable,
    /// Our server ended before an answer came.
    #[error("the server ended before an answer came")]
    Interrupted,
    /// Not an http or https address, or one with a name and password in it.
    #[error("not a plain http or https address")]
    Address,
    /// The host is none that the app allows.
    #[error("{0} is not an allowed host")]
    Host(String),
    /// The host is allowed, but not with this port.
    #[error("port {port} of {host} is not allowed")]
    Port {
        /// The host.
        host: String,
        /// The port.
        port: u16,
    },
    /// The host is, or its name resolves to, an address that is not public.
    #[error("{0} leads to an address inside a network")]
    Inside(String),
    /// Fewer or more bytes came than were announced.
    #[error("{came} bytes came of {announced}")]
    Size {
        /// Bytes that came.
        came: u64,
        /// Bytes that the answer's head announced.
        announced: u64,
    },
    /// Our own storage failed.
    #[error("our storage: {0}")]
    Storage(String),
}
