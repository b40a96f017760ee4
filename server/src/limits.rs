//! Limits of time and number for connections.

use std::time::Duration;

/// The usual soft limit of descriptors.
const COMMON_DESCRIPTORS: usize = 1024;

/// Limits of connections, requests and event streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Time for the headers of a request; also of an idle connection for the next request.
    pub headers: Duration,
    /// Time for the body of a request, from the end of the headers to its last byte.
    pub body: Duration,
    /// Time that a response waits for a client that reads nothing.
    pub stall: Duration,
    /// Connections at a time.
    pub total: usize,
    /// Connections beyond these, for callbacks and health only.
    pub reserve: usize,
    /// Connections of one address (IPv6: one /64 network) at a time. A trusted proxy is limited by the
    /// total only.
    pub per_address: usize,
    /// Event streams of one session at a time.
    pub streams_per_session: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self::within(COMMON_DESCRIPTORS)
    }
}

impl Limits {
    /// The limits of a process that may open `descriptors` files and sockets. Half of them are for the
    /// database, and for the file or outgoing call of a request.
    pub fn within(descriptors: usize) -> Self {
        let reserve = (descriptors / 8).min(256);
        let total = (descriptors / 2 - reserve).min(8192);
        Self {
            headers: Duration::from_secs(15),
            body: Duration::from_secs(30),
            stall: Duration::from_secs(30),
            total,
            reserve,
            per_address: (total / 8).clamp(64, 512),
            streams_per_session: 24,
        }
    }

    /// The limits of a connection from the reserve, with less time.
    pub(crate) fn of_reserve(self) -> Self {
        Self {
            headers: self.headers.min(Duration::from_secs(2)),
            body: self.body.min(Duration::from_secs(5)),
            per_address: self.per_address.min(16),
            total: self.reserve,
            ..self
        }
    }
}

/// Raises the soft descriptor limit of this process to the hard one, and returns it.
pub fn raise_descriptor_limit() -> usize {
    let limit = rlimit::increase_nofile_limit(u64::MAX);
    tracing::debug!(?limit, "descriptors");
    limit.map_or(COMMON_DESCRIPTORS, |limit| {
        usize::try_from(limit).unwrap_or(usize::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_half_of_the_descriptors() {
        for (descriptors, total, reserve, per_address) in [
            (256, 96, 32, 64),
            (1024, 384, 128, 64),
            (4096, 1792, 256, 224),
            (1 << 20, 8192, 256, 512),
            (usize::MAX, 8192, 256, 512),
        ] {
            let limits = Limits::within(descriptors);
            let numbers = (limits.total, limits.reserve, limits.per_address);
            assert_eq!(numbers, (total, reserve, per_address), "{descriptors}");
        }
    }
}
