//! Downloads a file from the platform, and goes on after a cut.

use futures::StreamExt;
use reelroom_domain::cause::Cause;
use reelroom_store::apps::App;
use reqwest::{
    Response, StatusCode,
    header::{ETAG, HeaderMap, HeaderValue, IF_RANGE, LAST_MODIFIED, RETRY_AFTER},
};
use tokio::time::{Instant, sleep, timeout};

use super::range::{Part, Wanted, is_compressed};
use crate::{
    Service,
    ground::{error::innermost, guard::GetError, jobs::Job, staging::Partial},
};

/// A transfer that was cut after at least this many bytes goes on within the same try.
const WORTH_IT: u64 = 64 << 10;

/// The bytes between two checks of the room on the disk.
const ROOM_EVERY: u64 = 8 << 20;

/// Why a file was not downloaded.
#[derive(Debug)]
pub(super) enum Stopped {
    /// The app does not allow its address.
    Refused(Cause),
    /// The platform has no such file.
    Missing(Cause),
    /// Anything else; the server may ask for a pause in milliseconds.
    Broken(Cause, Option<i64>),
}

impl From<std::io::Error> for Stopped {
    fn from(error: std::io::Error) -> Self {
        broken(Cause::Storage(error.to_string()))
    }
}

const fn broken(why: Cause) -> Stopped {
    Stopped::Broken(why, None)
}

impl Service {
    /// Downloads the rest of `partial` from `address`. Fails if the file has another size than the announced one.
    pub(super) async fn download(
        &self,
        app: &App,
        address: &str,
        announced: Option<u64>,
        partial: &mut Partial,
    ) -> Result<(), Stopped> {
        let transfers = async {
            loop {
                let before = partial.length();
                let outcome = self.transfer(app, address, announced, partial).await;
                if let Err(Stopped::Broken(Cause::Storage(_), _)) = outcome {
                    // Not all bytes are on the disk: more bytes would follow a gap.
                    return outcome;
                }
                partial.flush().await?;
                match outcome {
                    Err(Stopped::Broken(why, None)) if partial.length() > before + WORTH_IT => {
                        tracing::debug!(%why, bytes = partial.length(), "a transfer goes on");
                        sleep(self.0.limits.fetch.after_cut).await;
                    }
                    outcome => return outcome,
                }
            }
        };
        let deadline = self.0.limits.fetch.deadline;
        let outcome = timeout(deadline, transfers).await;
        outcome.unwrap_or(Err(broken(Cause::TooSlow)))
    }

    async fn transfer(
        &self,
        app: &App,
        address: &str,
        announced: Option<u64>,
        partial: &mut Partial,
    ) -> Result<(), Stopped> {
        if partial.length() > 0 && partial.size() == Some(partial.length()) {
            return Ok(());
        }
        let rest = rest_of(partial);
        let is_rest = rest.is_some();
        let headers = rest.unwrap_or_else(|| Wanted::Whole.headers());
        let mut answer = self.request_file(app, address, headers).await?;
        let is_final = matches!(
            answer.status(),
            StatusCode::OK
                | StatusCode::NOT_FOUND
                | StatusCode::GONE
                | StatusCode::TOO_MANY_REQUESTS
                | StatusCode::SERVICE_UNAVAILABLE
        );
        if is_rest && !is_final && !goes_on(&answer, partial) {
            // The content may have changed: all bytes are requested. The part stays until they come.
            let headers = Wanted::Whole.headers();
            answer = self.request_file(app, address, headers).await?;
        }
        match answer.status() {
            StatusCode::PARTIAL_CONTENT if goes_on(&answer, partial) => {}
            StatusCode::OK => {
                let size = answer.content_length();
                partial.start_over(validator(&answer), size).await?;
            }
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                return Err(Stopped::Missing(Cause::Status(answer.status().as_u16())));
            }
            status => {
                let pause = self.retry_after(answer.headers());
                return Err(Stopped::Broken(Cause::Status(status.as_u16()), pause));
            }
        }
        if is_compressed(&answer) {
            return Err(broken(Cause::Unreadable));
        }
        let size = partial.size().or(announced);
        if let (Some(came), Some(announced)) = (partial.size(), announced)
            && came != announced
        {
            return Err(broken(Cause::Size { came, announced }));
        }
        self.receive_body(answer, size, partial).await?;
        match size {
            Some(announced) if announced != partial.length() => Err(broken(Cause::Size {
                came: partial.length(),
                announced,
            })),
            _ => Ok(()),
        }
    }

    /// Requests a file with these headers.
    async fn request_file(
        &self,
        app: &App,
        address: &str,
        headers: HeaderMap,
    ) -> Result<Response, Stopped> {
        let answer = self.0.http.get(address, app, headers).await;
        answer.map_err(|error| match error {
            GetError::Refused(why) => Stopped::Refused(why),
            GetError::Redirects => broken(Cause::Redirects),
            GetError::Failed(error) => broken(cause(&error)),
        })
    }

    /// Receives the body, at most `size` bytes altogether.
    async fn receive_body(
        &self,
        answer: Response,
        size: Option<u64>,
        partial: &mut Partial,
    ) -> Result<(), Stopped> {
        let limits = &self.0.limits.fetch;
        let (mut window, mut in_window) = (Instant::now(), 0);
        let mut body = answer.bytes_stream();
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|error| broken(cause(&error)))?;
            let came = partial.length() + chunk.len() as u64;
            if let Some(announced) = size.filter(|size| came > *size) {
                return Err(broken(Cause::Size { came, announced }));
            }
            if came / ROOM_EVERY != partial.length() / ROOM_EVERY && !self.0.disk.has_room() {
                return Err(broken(Cause::NoRoom));
            }
            partial.append(&chunk).await?;
            self.0.jobs.progress(Job::Fetch);
            self.0.metrics.fetched_bytes.inc_by(chunk.len() as u64);
            let paused = Instant::now();
            self.0.bandwidth.spend(chunk.len()).await;
            // The pause of our own limit does not make a transfer slow.
            window += paused.elapsed();
            in_window += chunk.len() as u64;
            if window.elapsed() >= limits.slow_for {
                if in_window < limits.least_speed * limits.slow_for.as_secs() {
                    return Err(broken(Cause::TooSlow));
                }
                (window, in_window) = (Instant::now(), 0);
            }
        }
        Ok(())
    }

    /// The pause that a server asks for, in milliseconds (RFC 9110 §10.2.3).
    fn retry_after(&self, headers: &HeaderMap) -> Option<i64> {
        let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = value.parse::<u32>() {
            return Some(i64::from(seconds) * 1000);
        }
        let at = jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(value)
            .ok()?;
        Some(at.as_millisecond() - self.now().as_millis())
    }
}

/// The headers of a request for the bytes that `partial` lacks; `None` where it has no validator, so that all bytes are
/// requested.
fn rest_of(partial: &Partial) -> Option<HeaderMap> {
    let validator = HeaderValue::from_str(partial.validator()?).ok()?;
    let mut headers = Wanted::From(partial.length(), None).headers();
    headers.insert(IF_RANGE, validator);
    Some(headers)
}

/// Whether an answer has the bytes after those of `partial`, of the same content.
fn goes_on(answer: &Response, partial: &Partial) -> bool {
    let rest = Wanted::From(partial.length(), None);
    if partial.length() == 0 || answer.status() != StatusCode::PARTIAL_CONTENT {
        return false;
    }
    let is_same = validator(answer).is_none_or(|new| partial.validator() == Some(new.as_str()));
    Part::of(answer, rest).is_some_and(|part| is_same && part.size == partial.size())
}

/// A strong entity tag, else the time of the last change.
fn validator(answer: &Response) -> Option<String> {
    let text = |name| answer.headers().get(name)?.to_str().ok();
    let strong = text(ETAG).filter(|tag| !tag.starts_with("W/"));
    strong.or_else(|| text(LAST_MODIFIED)).map(str::to_owned)
}

/// The cause that a person can act on: a timeout, or the innermost error.
fn cause(error: &reqwest::Error) -> Cause {
    if error.is_timeout() {
        return if error.is_connect() {
            Cause::NoConnection
        } else {
            Cause::NoAnswer
        };
    }
    Cause::Words(innermost(error))
}
