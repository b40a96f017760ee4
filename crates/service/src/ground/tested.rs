//! The results of the last connection tests, the same for all servers on one database.

use data_encoding::HEXLOWER;
use reelroom_domain::{
    app::{ConnectionTest, TypedTest},
    ids::{AppId, UserId},
};
use reelroom_store::{Conn, StoreError, apps::App, settings};
use sha2::{Digest, Sha256};
use url::Url;

/// The setting with the last result of an app, and how the app was reached then.
fn of_app(app: AppId) -> String {
    format!("connection_test {app}")
}

/// The setting with the last result of an account for an unsaved form.
fn of_account(user: UserId) -> String {
    format!("connection_test_of {user}")
}

/// Records a test of an app as it is saved, in place of the account's test of a form.
pub(crate) async fn record(
    conn: &mut Conn,
    by: UserId,
    app: &App,
    test: &ConnectionTest,
) -> Result<(), StoreError> {
    settings::remove(conn, &of_account(by)).await?;
    settings::set_value(conn, &of_app(app.id), &(reach(app), test)).await
}

/// Records a test of an unsaved form.
pub(crate) async fn record_typed(
    conn: &mut Conn,
    by: UserId,
    test: &TypedTest,
) -> Result<(), StoreError> {
    settings::set_value(conn, &of_account(by), test).await
}

/// The result for an app, if the app's connection has not changed since.
pub(crate) async fn get(conn: &mut Conn, app: &App) -> Result<Option<ConnectionTest>, StoreError> {
    let known: Option<(String, ConnectionTest)> =
        settings::get_value(conn, &of_app(app.id)).await?;
    Ok(known
        .filter(|(then, _)| *then == reach(app))
        .map(|(_, test)| test))
}

/// The result for the account's last form, if it was for this app.
pub(crate) async fn get_typed(
    conn: &mut Conn,
    by: UserId,
    app: AppId,
) -> Result<Option<TypedTest>, StoreError> {
    let typed: Option<TypedTest> = settings::get_value(conn, &of_account(by)).await?;
    Ok(typed.filter(|typed| typed.form.id == Some(app)))
}

/// Forgets a removed app.
pub(crate) async fn forget(conn: &mut Conn, app: AppId) -> Result<(), StoreError> {
    settings::remove(conn, &of_app(app)).await
}

/// A hash of an app's connection. A result holds for this connection only.
pub(crate) fn reach(app: &App) -> String {
    // A trailing slash makes no difference.
    let place = |base: &str| Url::parse(base).ok();
    let list = app.vod_token.as_ref().map(|token| {
        let set_at = token.set_at.as_millis();
        (&token.bytes, set_at, place(&app.vod_base))
    });
    let way = (&app.app_id, place(&app.api_base), &app.method, list);
    HEXLOWER.encode(&Sha256::digest(format!("{way:?}")))
}

#[cfg(test)]
mod tests {
    use reelroom_domain::time::Timestamp;
    use reelroom_store::apps::Sealed;

    use super::*;
    use crate::apps::plain::plain;

    fn app() -> App {
        let id = "a".repeat(32).parse().unwrap();
        App {
            app_id: "one".to_owned(),
            ..plain(id, "Board", Timestamp::default())
        }
    }

    #[test]
    fn a_test_holds_while_the_connection_is_the_same() {
        let same = |change: fn(&mut App), base: &App| {
            let mut other = base.clone();
            change(&mut other);
            reach(base) == reach(&other)
        };
        let plain = app();
        assert!(same(|app| app.name = "Other".to_owned(), &plain));
        assert!(same(|app| app.api_base.push('/'), &plain));
        assert!(!same(|app| app.api_base.push_str(":81"), &plain));
        assert!(!same(|app| app.app_id.push('x'), &plain));
        assert!(!same(|app| app.method = "post".to_owned(), &plain));
        // Without a token the list is not requested.
        assert!(same(|app| app.vod_base.push_str(":81"), &plain));
        let sealed = Sealed {
            bytes: vec![1],
            set_at: Timestamp::from_millis(0),
        };
        let with_list = App {
            vod_token: Some(sealed),
            ..app()
        };
        assert_ne!(reach(&plain), reach(&with_list));
        assert!(same(|app| app.vod_base.push('/'), &with_list));
        assert!(!same(|app| app.vod_base.push_str(":81"), &with_list));
        assert!(!same(|app| app.vod_token = None, &with_list));
    }
}
