use leptos::prelude::*;
use reelroom_domain::{app::AppForm, ids::AppId};

use crate::{
    error::ApiError,
    form::failed,
    query::Query,
    server_fns::{AppFields, RemoveApp, SaveApp, TestApp},
};

/// The outcome of the last form about an app, as given by the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The typed values, if they were rejected or only tested.
    pub typed: Option<AppForm>,
    /// The error, if they were rejected.
    pub error: Option<ApiError>,
    pub saved: bool,
    /// Whether it was added by that.
    pub added: bool,
    /// The error, if the app was not removed.
    pub not_removed: Option<ApiError>,
}

impl Outcome {
    /// Selects the outcome for `app`; `None` is the new app. `typed` is the form in the address.
    pub fn of(app: Option<AppId>, typed: Option<&AppForm>) -> Self {
        let query: Query = expect_context();
        let is = |name| app.is_some() && query.get(name).parse().ok() == app;
        let error = failed::<SaveApp>().or_else(failed::<TestApp>);
        // An error without typed values is shown at the new app.
        let of_app = typed.map_or(app.is_none(), |typed| typed.id == app);
        Self {
            typed: typed.filter(|_| of_app).cloned(),
            error: error.filter(|_| of_app),
            saved: is("saved"),
            added: is("saved") && query.get("added") == "yes",
            not_removed: failed::<RemoveApp>().filter(|_| is("of")),
        }
    }
}

/// The typed values in the address, without the AppID and the token. If their app was removed (it is not
/// among `apps`), they are shown at the new app, so that they are not lost.
pub fn typed(apps: &[Option<AppId>]) -> Option<AppForm> {
    let query: Query = expect_context();
    let id = query.get("id").parse().ok();
    let id = id.filter(|id| apps.contains(&Some(*id)));
    let form = AppForm {
        app_id: String::new(),
        ..query.form::<AppFields>().form(id)
    };
    (!form.encoding.is_empty()).then_some(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at<T>(address: &str, read: impl FnOnce() -> T) -> T {
        Owner::new().with(|| {
            provide_context(Query::of(&address.parse().unwrap()));
            read()
        })
    }

    #[test]
    fn a_form_comes_back_to_its_app_and_to_a_new_one_if_that_is_gone() {
        let [app, other] = ["a", "b"].map(|n| n.repeat(32).parse::<AppId>().ok());
        let id = "a".repeat(32);
        let back = format!("/settings/apps?id={id}&name=N%20o&encoding=json");
        let refused = format!("{back}&failed=save_app&why=not_found");
        let outcomes = |address: &str, apps: &[Option<AppId>]| {
            at(address, || {
                let typed = typed(apps);
                let of = |app| Outcome::of(app, typed.as_ref());
                [of(app), of(other), of(None)]
            })
        };

        let [this, that, new] = outcomes(&refused, &[app, other]);
        let typed = this.typed.clone().unwrap();
        assert_eq!((typed.id, typed.name.as_str()), (app, "N o"));
        assert_eq!(this.error, Some(ApiError::NotFound));
        assert_eq!([that, new], [Outcome::default(), Outcome::default()]);

        let [.., new] = outcomes(&refused, &[other]);
        assert_eq!(new.typed, Some(AppForm { id: None, ..typed }));
        assert_eq!(new.error, Some(ApiError::NotFound));

        // Only tested.
        let [this, ..] = outcomes(&back, &[app, other]);
        assert!(this.typed.is_some() && this.error.is_none());

        let [this, that, new] = outcomes(&format!("/settings/apps?saved={id}"), &[app, other]);
        assert!(this.saved && !that.saved && !new.saved && !this.added);
        let added = format!("/settings/apps?saved={id}&added=yes");
        let [this, that, new] = outcomes(&added, &[app, other]);
        assert!(this.added && !that.added && !new.added);

        let kept = format!("/settings/apps?of={id}&failed=remove_app&why=invalid");
        let [this, that, _] = outcomes(&kept, &[app, other]);
        assert!(this.not_removed.is_some() && that == Outcome::default());
    }
}
