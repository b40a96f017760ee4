//! What a call to the platform came to.

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The platform said ok.
    Accepted,
    /// The platform said something else: it did not do it.
    Refused {
        /// Its own words: without control characters, at most 200 characters.
        words: String,
    },
    /// The call never left: nothing was started or stopped by it.
    NotSent {
        /// Why.
        cause: NotSent,
    },
    /// The call may have been heard, and no answer came that says so: nobody knows.
    Unknown(Unknown),
}

/// Why a call never left.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// The platform's name has no address.
    #[error("the host name was not found")]
    NameNotFound,
    /// Nobody listens there.
    #[error("the connection was refused")]
    ConnectionRefused,
    /// No connection within the time-out.
    #[error("no connection in time")]
    TimedOut,
    /// No secure connection: a certificate, a protocol.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// Anything else before the first byte.
    #[error("no connection: {0}")]
    Other(String),
}

/// Why nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    /// No answer within the time-out.
    #[error("no answer in time")]
    TimedOut,
    /// The connection broke after the call was sent.
    #[error("the connection broke before the answer was whole")]
    Broken,
    /// A redirect; none is followed.
    #[error("it answered with a redirect ({0})")]
    Redirected(u16),
    /// The HTTP status says that it failed.
    #[error("it answered with HTTP status {0}")]
    Status(u16),
    /// A good status and no body.
    #[error("its answer was empty")]
    Empty,
    /// More than is read of it: 64 KiB of an answer to a start or a stop.
    #[error("its answer was too long")]
    TooLong,
    /// Not the JSON object of the document: HTML, for example.
    #[error("its answer was not readable")]
    Unreadable,
}
