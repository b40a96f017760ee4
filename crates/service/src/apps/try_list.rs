//! Tests the video list of an app. Its files are not imported.

use reelroom_anyrtc::videos::{Code, Page, Problem};
use reelroom_domain::{
    app::{ConnectionTest, ListTested, Step},
    cause::Cause,
};
use reelroom_store::apps::App;
use url::Url;

use super::connection::host;
use crate::{
    Service, ServiceError,
    apps::{
        ask::{Asker, NotListed, Question},
        cause::{not_sent, unknown},
    },
};

/// The span of the requested files, in milliseconds.
const SPAN: i64 = 60 * 60_000;

impl Service {
    /// Requests the list of an app that has a token for it, if the rate limit allows a call now, and adds the
    /// outcome to `test`.
    pub(super) async fn try_list(
        &self,
        app: &App,
        test: &mut ConnectionTest,
    ) -> Result<(), ServiceError> {
        let (until, page) = (self.now(), Page { number: 1, size: 1 });
        let question = Question::Between(until.plus_millis(-SPAN), until, page);
        (test.list, test.failed) = match self.ask_list(app, Asker::Tester, question).await {
            Ok(_) => (ListTested::Yes, None),
            Err(NotListed::NoToken) => (ListTested::No, None),
            Err(NotListed::Busy(_)) => (ListTested::Busy, None),
            Err(NotListed::Problem(problem)) => failed(problem),
            Err(NotListed::Service(error)) => return Err(error),
        };
        if test.failed.is_some()
            && let Ok(base) = Url::parse(&app.vod_base)
        {
            test.host = host(&base);
        }
        Ok(())
    }
}

/// The step that failed, and why; none if the platform's rate limit is reached, which counts other callers, too.
fn failed(problem: Problem) -> (ListTested, Option<(Step, Cause)>) {
    let (step, cause) = match problem {
        Problem::Said { code, message } => {
            let failure = if message.is_empty() {
                code.to_string()
            } else {
                message
            };
            let step = match code {
                Code::TooFrequent => return (ListTested::Busy, None),
                Code::BadSignature => Step::Token,
                _ => Step::List,
            };
            (step, Cause::Words(failure))
        }
        Problem::NotSent(why) => (Step::List, not_sent(why)),
        Problem::NoAnswer(why) => (Step::List, unknown(why)),
    };
    (ListTested::Yes, Some((step, cause)))
}

#[cfg(test)]
mod tests {
    use reelroom_anyrtc::client::{NotSent, Unknown};

    use super::*;

    #[test]
    fn a_bad_signature_blames_the_token_and_a_busy_list_is_no_failure() {
        let failure = |code| {
            let message = "words".to_owned();
            failed(Problem::Said { code, message })
        };
        let step = |step| {
            (
                ListTested::Yes,
                Some((step, Cause::Words("words".to_owned()))),
            )
        };
        assert_eq!(failure(Code::BadSignature), step(Step::Token));
        assert_eq!(failure(Code::UnknownApp), step(Step::List));
        assert_eq!(failure(Code::BadTimestamp), step(Step::List));
        assert_eq!(failure(Code::TooFrequent), (ListTested::Busy, None));
        let of_list = |problem| failed(problem).1.map(|(step, _)| step);
        let (code, message) = (Code::Internal, String::new());
        let (_, wordless) = failed(Problem::Said { code, message });
        let cause = Cause::Words("code 501".to_owned());
        assert_eq!(wordless, Some((Step::List, cause)));
        let refused = Problem::NotSent(NotSent::ConnectionRefused);
        assert_eq!(of_list(refused), Some(Step::List));
        let html = Problem::NoAnswer(Unknown::Unreadable);
        assert_eq!(of_list(html), Some(Step::List));
    }
}
