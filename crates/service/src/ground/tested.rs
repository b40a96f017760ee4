//! The results of the last connection tests, in memory.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use reelroom_domain::{
    app::{ConnectionTest, TypedTest},
    ids::{AppId, UserId},
};
use reelroom_store::apps::App;
use url::Url;

/// The results.
#[derive(Default)]
pub(crate) struct Tested(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    /// The last one of each app, with the app as it was saved then.
    kept: HashMap<AppId, (App, ConnectionTest)>,
    /// The last one of each account for a form that was not saved.
    typed: HashMap<UserId, TypedTest>,
}

impl Tested {
    /// Records a test of an app as it is saved, in place of the account's test of a form.
    pub fn record(&self, by: UserId, app: App, test: ConnectionTest) {
        let mut inner = self.inner();
        inner.typed.remove(&by);
        inner.kept.insert(app.id, (app, test));
    }

    /// Records a test of a form that is not saved.
    pub fn record_typed(&self, by: UserId, test: TypedTest) {
        self.inner().typed.insert(by, test);
    }

    /// The result for an app, if it still holds for how the app is saved now.
    pub fn of(&self, app: &App) -> Option<ConnectionTest> {
        let inner = self.inner();
        let (then, test) = inner.kept.get(&app.id)?;
        (!is_reached_otherwise(then, app)).then(|| test.clone())
    }

    /// The result for the account's last form, if that was for this app.
    pub fn typed_by(&self, by: UserId, app: AppId) -> Option<TypedTest> {
        let inner = self.inner();
        let typed = inner.typed.get(&by)?;
        (typed.form.id == Some(app)).then(|| typed.clone())
    }

    /// Forgets a removed app.
    pub fn forget(&self, app: AppId) {
        self.inner().kept.remove(&app);
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a test of one app does not hold for the other.
pub(crate) fn is_reached_otherwise(one: &App, other: &App) -> bool {
    // With a slash at its end or without, an address is the same.
    let place = |base: &str| Url::parse(base).ok();
    let api = |app: &App| (app.app_id.clone(), place(&app.api_base), app.method.clone());
    let list = |app: &App| {
        let token = app.vod_token.clone();
        token.map(|token| (token, place(&app.vod_base)))
    };
    api(one) != api(other) || list(one) != list(other)
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;
    use reelroom_store::apps::Sealed;

    use super::*;

    fn app() -> App {
        let text = str::to_owned;
        App {
            id: "a".repeat(32).parse().unwrap(),
            name: text("Board"),
            app_id: text("one"),
            api_base: text("http://api.example"),
            method: text("get"),
            encoding: text("json"),
            reply_form: text("string"),
            zone: text("UTC"),
            allowed_hosts: Vec::new(),
            public_cloud: false,
            frames: false,
            sandbox: false,
            kinds: vec![text("Meet")],
            vod_base: text("https://list.example"),
            vod_token: None,
            created_at: Timestamp::from_millis(0),
        }
    }

    #[test]
    fn a_test_holds_while_the_way_to_the_platform_is_the_same() {
        let same = |change: fn(&mut App), base: &App| {
            let mut other = base.clone();
            change(&mut other);
            !is_reached_otherwise(base, &other)
        };
        let plain = app();
        assert!(same(|app| app.name = "Other".to_owned(), &plain));
        assert!(same(|app| app.api_base.push('/'), &plain));
        assert!(!same(|app| app.api_base.push_str(":81"), &plain));
        assert!(!same(|app| app.app_id.push('x'), &plain));
        assert!(!same(|app| app.method = "post".to_owned(), &plain));
        // Nobody asks the list without a token.
        assert!(same(|app| app.vod_base.push_str(":81"), &plain));
        let sealed = Sealed {
            bytes: vec![1],
            set_at: Timestamp::from_millis(0),
        };
        let with_list = App {
            vod_token: Some(sealed),
            ..app()
        };
        assert!(is_reached_otherwise(&plain, &with_list));
        assert!(same(|app| app.vod_base.push('/'), &with_list));
        assert!(!same(|app| app.vod_base.push_str(":81"), &with_list));
        assert!(!same(|app| app.vod_token = None, &with_list));
    }
}
