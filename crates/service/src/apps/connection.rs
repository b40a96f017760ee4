//! Test the connection of an app, without starting or stopping anything.

use reelroom_anyrtc::client::Probe;
use reelroom_domain::{
    access::{Thing, Verb},
    app::{AppForm, ConnectionTest, DEFAULT_KIND, ListTested, Step, TypedTest},
    cause::Cause,
};
use url::Url;

use crate::{
    Principal, SaveAppError, Service, ServiceError, TokenChange,
    apps::{
        cause::{not_sent, unknown},
        platform::platform,
    },
    ground::tested::{self, reach},
};

impl Service {
    /// Sends the platform a stop for a room that does not exist, and then a request for its video list, with the
    /// values of the form, saved or not; an empty field has the saved value. The result is stored for the app if
    /// the form is as saved, else for `by` alone.
    pub async fn test_connection(
        &self,
        by: &Principal,
        typed: AppForm,
        token: TokenChange,
    ) -> Result<ConnectionTest, SaveAppError> {
        by.require(Verb::Change, Thing::Settings)?;
        let (kept, app) = self.typed_app(&typed, token).await?;
        let target = platform(&app).ok_or(ServiceError::NoApp)?;
        let room = format!("reelroom-test-{}", self.0.rng.word(16));
        let kind = app.kinds.first().map_or(DEFAULT_KIND, String::as_str);
        let at = self.now();
        let probe = self.0.client.probe(&target, &room, kind).await;
        let mut test = ConnectionTest {
            at,
            host: host(&target.api_base),
            millis: self.now().since(at).max(0),
            list: ListTested::No,
            failed: failed(probe),
        };
        if test.failed.is_none() {
            self.try_list(&app, &mut test).await?;
        }
        tracing::info!(app = %app.id, host = test.host, millis = test.millis, list = ?test.list, failed = ?test.failed, by = by.name, "connection tested");
        let mut tx = self.0.store.write().await?;
        if reach(&kept) == reach(&app) {
            tested::record(&mut tx, by.user, &kept, &test).await?;
        } else {
            let form = AppForm {
                app_id: String::new(),
                ..typed
            };
            let test = test.clone();
            let typed = TypedTest { form, test };
            tested::record_typed(&mut tx, by.user, &typed).await?;
        }
        tx.commit().await?;
        Ok(test)
    }
}

/// The host, with the port if it is not the default.
pub(super) fn host(base: &Url) -> String {
    let host = base.host_str().unwrap_or_default();
    match base.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The step that failed, and its cause.
fn failed(probe: Probe) -> Option<(Step, Cause)> {
    match probe {
        Probe::Answers { .. } => None,
        Probe::Refused { words } => Some((Step::Accepted, Cause::Words(words))),
        Probe::NotThePlatform(why) => Some((Step::Platform, unknown(why))),
        Probe::NoAnswer(why) => Some((Step::Answer, unknown(why))),
        Probe::NotSent(why) => {
            let cause = not_sent(why);
            let step = match &cause {
                Cause::NameNotFound => Step::Name,
                Cause::Tls(_) => Step::Tls,
                _ => Step::Connect,
            };
            Some((step, cause))
        }
    }
}

#[cfg(test)]
mod tests {
    use reelroom_anyrtc::client::{NotSent, Unknown};

    use super::*;

    #[test]
    fn each_failure_belongs_to_a_step() {
        let step = |probe| failed(probe).map(|(step, _)| step);
        let sent = |cause| step(Probe::NotSent(cause));
        assert_eq!(step(Probe::Answers { words: None }), None);
        assert_eq!(sent(NotSent::NameNotFound), Some(Step::Name));
        assert_eq!(sent(NotSent::ConnectionRefused), Some(Step::Connect));
        assert_eq!(sent(NotSent::TimedOut), Some(Step::Connect));
        assert_eq!(sent(NotSent::Tls("x".to_owned())), Some(Step::Tls));
        assert_eq!(step(Probe::NoAnswer(Unknown::TimedOut)), Some(Step::Answer));
        assert_eq!(
            step(Probe::NotThePlatform(Unknown::Status(404))),
            Some(Step::Platform)
        );
        let words = "AppID is unknown".to_owned();
        assert_eq!(
            failed(Probe::Refused {
                words: words.clone()
            }),
            Some((Step::Accepted, Cause::Words(words)))
        );
    }

    #[test]
    fn the_host_includes_an_unusual_port() {
        let host = |base: &str| host(&base.parse().unwrap());
        assert_eq!(host("http://www.anyrtc.io/x"), "www.anyrtc.io");
        assert_eq!(host("http://127.0.0.1:9/"), "127.0.0.1:9");
        assert_eq!(host("https://[::1]:8443"), "[::1]:8443");
    }
}
