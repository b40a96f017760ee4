//! Saved views of the library. Every account may save its own; operators and administrators may share theirs.

use reelroom_domain::{
    access::{Thing, Verb},
    act::{Act, EVERYONE, SettingsChange, detail},
    find::{Count, Days, Facet},
    ids::{AppId, ViewId},
    saved_view::{
        BuiltIn, ListView, SavedView, Shared, Tab, TabName, Tabs, ViewName, ViewRow, Views,
    },
    user::Role,
};
use reelroom_store::{Conn, StoreError, acts, groups, library, views};

use super::{
    finding::{Between, Finding},
    library::LibraryQuery,
};
use crate::{Browser, Found, Principal, Service, ServiceError, apps::scope::Visible};

/// The most tabs.
const MOST_TABS: usize = 12;
/// The most views of an account in an app.
const MOST_OWN: u32 = 50;
/// The most views that are listed.
const MOST_LISTED: u32 = 200;

/// A view was not saved or changed.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// The name is invalid.
    #[error("not a name")]
    Name,
    /// Another view of the account in the app has the name.
    #[error("the name is taken")]
    Taken,
    /// The account has as many views in the app as it may.
    #[error("no room for another view")]
    Full,
    /// The account is not in the group.
    #[error("not a group of the account")]
    Group,
    /// Not the caller's fault.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

/// The choices of a person for a view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewForm {
    /// Its name, as typed.
    pub name: String,
    /// The people who see it, too.
    pub shared: Shared,
    /// Whether it is a tab above the list.
    pub is_tab: bool,
}

impl Service {
    /// The tabs above the list of `query`, which has `total` recordings. `between` are the moments at which days begin
    /// and end in the reader's zone.
    pub async fn tabs(
        &self,
        by: &Principal,
        query: &LibraryQuery,
        total: Count,
        between: impl Fn(Option<Days>) -> Between,
    ) -> Result<Tabs, ServiceError> {
        let app = self.app_for(by, query.app).await?;
        let mut read = self.0.store.read().await?;
        let visible = Visible::load(&mut read, by, app.id).await?;
        let saved = listed(&mut read, by, app.id, false).await?;
        let has_saved = !saved.is_empty();
        let mut tabs: Vec<Tab> = BuiltIn::ALL.iter().copied().map(built_in).collect();
        let saved = saved.into_iter().map(|row| row.view);
        tabs.extend(saved.filter(|view| view.is_tab).map(tab));
        tabs.truncate(MOST_TABS);
        for tab in &mut tabs {
            tab.count = if tab.find.finds_as(&query.find) {
                total
            } else {
                let days = between(tab.find.days);
                let finding = Finding::load(&mut read, by, &visible, &tab.find, days).await?;
                library::count(&mut read, finding.filter()).await?
            };
        }
        Ok(Tabs { tabs, has_saved })
    }

    /// The saved views of an app that an account sees, and how it may share its own.
    pub async fn views(&self, by: &Principal, app: Option<AppId>) -> Result<Views, ServiceError> {
        let app = self.app_for(by, app).await?;
        let is_admin = by.role() == Role::Admin;
        let may_share = by.may(Verb::Change, Thing::App(app.id));
        let mut read = self.0.store.read().await?;
        let rows = listed(&mut read, by, app.id, is_admin).await?;
        let groups = if may_share {
            groups::of_user(&mut read, by.user).await?
        } else {
            Vec::new()
        };
        Ok(Views {
            rows,
            groups,
            may_share,
        })
    }

    /// Saves a list as a view of an app.
    pub async fn save_view(
        &self,
        by: &Principal,
        browser: &Browser,
        app: Option<AppId>,
        list: ListView,
        form: &ViewForm,
    ) -> Result<ViewId, ViewError> {
        let app = self.app_for(by, app).await?;
        let now = self.now();
        let view = SavedView {
            id: self.0.rng.id(now),
            owner: by.user,
            app: app.id,
            name: ViewName::parse(&form.name).ok_or(ViewError::Name)?,
            list,
            shared: form.shared,
            is_tab: form.is_tab,
            created_at: now,
        };
        let mut tx = self.0.store.write().await?;
        let with = shared_with(&mut tx, by, &view).await?;
        if views::count(&mut tx, app.id, by.user).await? >= MOST_OWN {
            return Err(ViewError::Full);
        }
        if !views::insert(&mut tx, &view).await? {
            return Err(ViewError::Taken);
        }
        if let Some(with) = with {
            let act = self.view_act(by, browser, SettingsChange::ViewShared, &view, Some(with));
            acts::append(&mut tx, &act).await?;
        }
        tx.commit().await?;
        Ok(view.id)
    }

    /// Renames a view of the account, and sets who sees it and whether it is a tab.
    pub async fn change_view(
        &self,
        by: &Principal,
        browser: &Browser,
        id: ViewId,
        form: &ViewForm,
    ) -> Result<(), ViewError> {
        let mut tx = self.0.store.write().await?;
        let old = views::get(&mut tx, id).await?.found()?.view;
        if !old.may_change(by.user) {
            return Err(refused(&mut tx, by, &old).await.into());
        }
        let view = SavedView {
            name: ViewName::parse(&form.name).ok_or(ViewError::Name)?,
            shared: form.shared,
            is_tab: form.is_tab,
            ..old.clone()
        };
        let with = shared_with(&mut tx, by, &view).await?;
        if !views::update(&mut tx, &view).await? {
            return Err(ViewError::Taken);
        }
        let act = |change, with| self.view_act(by, browser, change, &view, with);
        let act = match with {
            Some(_) if view.shared == old.shared && view.name == old.name => None,
            Some(with) => Some(act(SettingsChange::ViewShared, Some(with))),
            None if old.shared == Shared::Me => None,
            None => Some(act(SettingsChange::ViewUnshared, None)),
        };
        if let Some(act) = act {
            acts::append(&mut tx, &act).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Removes a view: one of the account, or as an administrator any.
    pub async fn remove_view(
        &self,
        by: &Principal,
        browser: &Browser,
        id: ViewId,
    ) -> Result<(), ServiceError> {
        let mut tx = self.0.store.write().await?;
        let view = views::get(&mut tx, id).await?.found()?.view;
        if !view.may_remove(by.user, by.role()) {
            return Err(refused(&mut tx, by, &view).await);
        }
        views::delete(&mut tx, id).await?;
        if view.shared != Shared::Me {
            let act = self.view_act(by, browser, SettingsChange::ViewUnshared, &view, None);
            acts::append(&mut tx, &act).await?;
        }
        Ok(tx.commit().await?)
    }

    fn view_act(
        &self,
        by: &Principal,
        browser: &Browser,
        change: SettingsChange,
        view: &SavedView,
        with: Option<String>,
    ) -> Act {
        let details: Vec<_> = with
            .into_iter()
            .map(|with| (detail::SHARED_WITH, with))
            .collect();
        self.settings_act(by, browser, change, view.name.as_str(), &details)
    }
}

/// The tab of a view that everybody has, not counted.
fn built_in(view: BuiltIn) -> Tab {
    Tab {
        name: TabName::BuiltIn(view),
        find: view.find(),
        is_grid: None,
        count: Count::default(),
    }
}

/// The tab of a saved view, not counted.
fn tab(view: SavedView) -> Tab {
    Tab {
        name: TabName::Saved(view.name),
        find: view.list.find,
        is_grid: Some(view.list.is_grid),
        count: Count::default(),
    }
}

/// The name of those with whom an account shares a view, if it may; `None`: with nobody.
async fn shared_with(
    conn: &mut Conn,
    by: &Principal,
    view: &SavedView,
) -> Result<Option<String>, ViewError> {
    if view.shared != Shared::Me {
        by.require(Verb::Change, Thing::App(view.app))?;
    }
    let id = match view.shared {
        Shared::Me => return Ok(None),
        Shared::All => return Ok(Some(EVERYONE.to_owned())),
        Shared::Group(id) => id,
    };
    let groups = groups::of_user(conn, by.user).await?;
    let group = groups.into_iter().find(|(group, _)| *group == id);
    let (_, name) = group.ok_or(ViewError::Group)?;
    Ok(Some(name.as_str().to_owned()))
}

/// The saved views of an app that `by` sees; with `all_shared` also those shared with groups of others.
async fn listed(
    conn: &mut Conn,
    by: &Principal,
    app: AppId,
    all_shared: bool,
) -> Result<Vec<ViewRow>, StoreError> {
    let mut rows = views::list(conn, app, by.user, all_shared, MOST_LISTED).await?;
    rows.retain(|row| is_in_reach(by, &row.view));
    Ok(rows)
}

/// Whether `by` owns a view, or reaches all rooms and prefixes that it names.
fn is_in_reach(by: &Principal, view: &SavedView) -> bool {
    let Some(reach) = by.access.reach(view.app) else {
        return false;
    };
    let is_known = |facet: &Facet| match facet {
        Facet::Room(room) => by.may(Verb::See, Thing::Room(view.app, room)),
        Facet::Prefix(prefix) => reach.meets(prefix),
        _ => true,
    };
    view.owner == by.user || view.list.find.facets.iter().all(is_known)
}

/// The error of an action on a view of another account: [`ServiceError::NotFound`] if `by` does not see the view.
async fn refused(conn: &mut Conn, by: &Principal, view: &SavedView) -> ServiceError {
    let is_shared = match view.shared {
        Shared::Me => Ok(false),
        Shared::All => Ok(true),
        Shared::Group(_) if by.role() == Role::Admin => Ok(true),
        Shared::Group(id) => (groups::of_user(conn, by.user).await)
            .map(|groups| groups.iter().any(|(group, _)| *group == id)),
    };
    match is_shared {
        Ok(true) if is_in_reach(by, view) => ServiceError::Forbidden,
        Ok(_) => ServiceError::NotFound,
        Err(error) => error.into(),
    }
}
