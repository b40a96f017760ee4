//! The outcome of a start or a stop.

/// The outcome of a start or a stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The platform answered `ok`.
    Accepted,
    /// The platform answered something else: it did not act.
    Refused {
        /// Its message: without control characters, at most 200 characters.
        words: String,
    },
    /// The call was not sent: nothing was started or stopped by it.
    NotSent {
        /// The cause.
        cause: NotSent,
    },
    /// The call may have been received; the answer is missing or does not tell.
    Unknown(Unknown),
}

/// The reason why a call was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The host name has no address.
    #[error("the host name was not found")]
    NameNotFound,
    /// The connection was refused.
    #[error("the connection was refused")]
    ConnectionRefused,
    /// No connection before the timeout.
    #[error("no connection in time")]
    TimedOut,
    /// A TLS error: a certificate, a protocol.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// Any other error before the first byte.
    #[error("no connection: {0}")]
    Other(String),
}

/// The reason why an outcome is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// No answer before the timeout.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke after the call was sent.
    #[error("the connection broke before the answer was whole")]
    Broken,
    /// A redirect, which is not followed.
    #[error("it answered with a redirect ({0})")]
    Redirected(u16),
    /// An HTTP status of failure.
    #[error("it answered with HTTP status {0}")]
    Status(u16),
    /// A success without a body.
    #[error("its answer was empty")]
    Empty,
    /// An answer over the limit: 64 KiB for a start or a stop, 4 MiB for a list.
    #[error("its answer was too long")]
    TooLong,
    /// An answer that is not the document's JSON object, for example HTML.
    #[error("its answer was not readable")]
    Unreadable,
}
