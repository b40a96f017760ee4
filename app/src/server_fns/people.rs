//! The accounts of others, their grants and groups. A plain form returns to the page that it was sent from.

use http::header;
use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    access::{Grant, Right, Rights},
    ids::GroupId,
    room::RoomId,
    user::Role,
};
use reelroom_service::{Holder, LinkToken, NewPerson, PeopleError, PersonChange, ServiceError};
use serde::{Deserialize, Serialize};

use crate::{
    error::ApiError,
    form::{name, without_error},
    paths::{self, LocalAddress},
    server::{
        HOLDS_SECRET, add_header, answer_form, browser, form_page, id_named, optional_id,
        principal, service,
    },
};

/// Adds an account without a password, and returns the address of its one-time link. An empty `kind` grants
/// nothing yet.
#[server(prefix = "/fn", endpoint = "add_person")]
pub async fn add_person(
    name: String,
    #[server(default)] person: String,
    role: String,
    #[server(default)] group: String,
    #[server(flatten)] rights: RightFields,
    #[server(flatten)] grant: GrantFields,
) -> Result<String, ApiError> {
    let me = principal()?;
    let typed = [
        ("name", &*name),
        ("person", &person),
        ("role", &role),
        ("group", &group),
    ];
    let typed = [&typed[..], &rights.typed()[..], &grant.typed()[..]].concat();
    let new = new_person(&name, &person, &role, &group, &rights, &grant);
    let answer = match new {
        Ok(new) => service().add_person(&me, &browser(), new).await,
        Err(error) => return here::<AddPerson, _>(Err(error), &typed),
    };
    let people = LocalAddress::or_home(paths::PEOPLE);
    let done = match &answer {
        Ok((id, _)) => people.with(&[("open", &id.to_string())]),
        Err(_) => people.clone(),
    };
    let answer = answer.map(|(_, link)| show_link(&link));
    answer_form::<AddPerson, _>(answer, &done, &people.with(&[("add", "yes")]), &typed)
}

fn new_person(
    name: &str,
    person: &str,
    role: &str,
    group: &str,
    rights: &RightFields,
    grant: &GrantFields,
) -> Result<NewPerson, ApiError> {
    let grant = Some(grant).filter(|grant| !grant.kind.is_empty());
    Ok(NewPerson {
        name: name.to_owned(),
        person: person.to_owned(),
        role: role_named(role)?,
        rights: rights.parse(),
        grant: grant.map(GrantFields::parse).transpose()?,
        group: optional_id(group)?,
    })
}

/// Changes the person's name, the role and the rights of an account.
#[server(prefix = "/fn", endpoint = "change_person")]
pub async fn change_person(
    id: String,
    #[server(default)] person: String,
    role: String,
    #[server(flatten)] rights: RightFields,
) -> Result<(), ApiError> {
    let me = principal()?;
    let change = PersonChange {
        person: person.clone(),
        role: role_named(&role)?,
        rights: rights.parse(),
    };
    let id = id_named(&id)?;
    let answer = service().change_person(&me, &browser(), id, change).await;
    here::<ChangePerson, _>(answer, &[("person", &person)])
}

/// Disables an account (`yes`), or enables it.
#[server(prefix = "/fn", endpoint = "disable_person")]
pub async fn disable_person(
    id: String,
    #[server(default)] disabled: String,
) -> Result<(), ApiError> {
    let (me, id, off) = (principal()?, id_named(&id)?, !disabled.is_empty());
    Ok(service().disable_person(&me, &browser(), id, off).await?)
}

/// Ends one session of an account, or all of them if `session` is empty.
#[server(prefix = "/fn", endpoint = "end_sessions_of")]
pub async fn end_sessions_of(
    id: String,
    #[server(default)] session: String,
) -> Result<(), ApiError> {
    let me = principal()?;
    let session = Some(session.as_str()).filter(|session| !session.is_empty());
    Ok(service()
        .end_sessions_of_person(&me, &browser(), id_named(&id)?, session)
        .await?)
}

/// Makes a one-time link for an account, and returns its address.
#[server(prefix = "/fn", endpoint = "make_link")]
pub async fn make_link(id: String) -> Result<String, ApiError> {
    let me = principal()?;
    let link = service().make_link(&me, &browser(), id_named(&id)?).await?;
    Ok(show_link(&link))
}

/// Removes the second factor of an account.
#[server(prefix = "/fn", endpoint = "reset_second_factor")]
pub async fn reset_second_factor(id: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    Ok(service().reset_second_factor(&me, &browser(), id).await?)
}

/// Adds a grant; `of` is `user` or `group`, whose id is `id`.
#[server(prefix = "/fn", endpoint = "add_grant")]
pub async fn add_grant(
    of: String,
    id: String,
    #[server(flatten)] grant: GrantFields,
) -> Result<(), ApiError> {
    let me = principal()?;
    let holder = holder(&of, &id)?;
    let answer = async {
        let grant = grant.parse()?;
        Ok::<_, ApiError>(service().add_grant(&me, &browser(), holder, &grant).await?)
    };
    here::<AddGrant, _>(answer.await, &grant.typed())
}

/// Removes a grant; `of` is `user` or `group`, whose id is `id`.
#[server(prefix = "/fn", endpoint = "remove_grant")]
pub async fn remove_grant(
    of: String,
    id: String,
    #[server(flatten)] grant: GrantFields,
) -> Result<(), ApiError> {
    let me = principal()?;
    let (holder, grant) = (holder(&of, &id)?, grant.exact()?);
    Ok(service()
        .remove_grant(&me, &browser(), holder, &grant)
        .await?)
}

/// Adds a group and returns its id. Single sign-on fills the one that has a `claim`.
#[server(prefix = "/fn", endpoint = "add_group")]
pub async fn add_group(
    name: String,
    #[server(default)] claim: String,
) -> Result<GroupId, ApiError> {
    let me = principal()?;
    let answer = service().add_group(&me, &browser(), &name, &claim).await;
    let groups = LocalAddress::or_home(paths::PEOPLE).with(&[("show", "groups")]);
    let open = answer.as_ref().map(ToString::to_string).unwrap_or_default();
    let done = groups.with(&[("open", &open)]);
    let typed = [("name", &*name), ("claim", &claim)];
    answer_form::<AddGroup, _>(answer, &done, &groups, &typed)
}

/// Renames a group.
#[server(prefix = "/fn", endpoint = "rename_group")]
pub async fn rename_group(id: String, name: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = service().rename_group(&me, &browser(), id, &name).await;
    here::<RenameGroup, _>(answer, &[("name", &name)])
}

/// Deletes a group.
#[server(prefix = "/fn", endpoint = "delete_group")]
pub async fn delete_group(id: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = service().delete_group(&me, &browser(), id).await;
    let groups = LocalAddress::or_home(paths::PEOPLE).with(&[("show", "groups")]);
    answer_form::<DeleteGroup, _>(answer, &groups, &groups, &[])
}

/// Adds the account of the sign-in name `name` to the group `id`.
#[server(prefix = "/fn", endpoint = "add_member")]
pub async fn add_member(id: String, name: String) -> Result<(), ApiError> {
    let (me, id) = (principal()?, id_named(&id)?);
    let answer = service().add_member(&me, &browser(), id, &name).await;
    here::<AddMember, _>(answer, &[("name", &name)])
}

/// Removes the account `user` from the group `id`.
#[server(prefix = "/fn", endpoint = "remove_member")]
pub async fn remove_member(id: String, user: String) -> Result<(), ApiError> {
    let (me, user, id) = (principal()?, id_named(&user)?, id_named(&id)?);
    Ok(service().remove_member(&me, &browser(), id, user).await?)
}

/// The rights of a form; an empty one is not given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RightFields {
    #[serde(default)]
    download: String,
    #[serde(default)]
    delete: String,
    #[serde(default)]
    release: String,
    #[serde(default)]
    share: String,
    #[serde(default)]
    export: String,
}

impl RightFields {
    fn typed(&self) -> [(&'static str, &str); 5] {
        [
            ("download", &self.download),
            ("delete", &self.delete),
            ("release", &self.release),
            ("share", &self.share),
            ("export", &self.export),
        ]
    }

    fn parse(&self) -> Rights {
        let given = self.typed().into_iter();
        let given = given.filter(|(_, given)| !given.is_empty());
        given.filter_map(|(name, _)| Right::parse(name)).collect()
    }
}

/// A grant as a form has it: its kind, its app, and its room or prefix.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GrantFields {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    in_app: String,
    #[serde(default)]
    room: String,
}

impl GrantFields {
    fn typed(&self) -> [(&'static str, &str); 3] {
        [
            ("kind", &self.kind),
            ("in_app", &self.in_app),
            ("room", &self.room),
        ]
    }

    /// The grant as a person typed it: a prefix may end with a `*`, as the pages show it.
    fn parse(&self) -> Result<Grant, ApiError> {
        let room = match self.kind.as_str() {
            "prefix" => self.room.strip_suffix('*').unwrap_or(&self.room),
            _ => &self.room,
        };
        self.with_room(room)
    }

    /// The grant that a page has listed.
    fn exact(&self) -> Result<Grant, ApiError> {
        self.with_room(&self.room)
    }

    fn with_room(&self, room: &str) -> Result<Grant, ApiError> {
        let room = || RoomId::new(room).map_err(|_| ApiError::invalid("room", "not_a_room"));
        Ok(match self.kind.as_str() {
            "everything" => Grant::Everything,
            "app" => Grant::App {
                app: id_named(&self.in_app)?,
            },
            "room" => Grant::Room {
                app: id_named(&self.in_app)?,
                room: room()?,
            },
            "prefix" => Grant::Prefix {
                app: id_named(&self.in_app)?,
                prefix: room()?,
            },
            _ => return Err(ApiError::invalid("kind", "unknown")),
        })
    }
}

/// The parameters of an address that repeat what was typed.
const TYPED: [&str; 14] = [
    "name", "person", "role", "group", "claim", "kind", "in_app", "room", "download", "delete",
    "release", "share", "export", "saved",
];

/// Answers a form on the page that it was sent from: with the name of the form in `saved`, or with the error
/// and the `typed` values.
fn here<F: ServerFn<Error = ApiError>, T>(
    answer: Result<T, impl Into<ApiError>>,
    typed: &[(&str, &str)],
) -> Result<T, ApiError> {
    let page = form_page().unwrap_or_else(|| LocalAddress::or_home(paths::PEOPLE));
    let page = without_error(&page).without(&TYPED);
    answer_form::<F, T>(answer, &page.with(&[("saved", name::<F>())]), &page, typed)
}

/// Hands a new link to the page that shows it next, and returns its address.
fn show_link(link: &LinkToken) -> String {
    let service = service();
    add_header(header::SET_COOKIE, &service.link_cookie(Some(link)));
    if let Ok(value) = HOLDS_SECRET.to_str() {
        add_header(header::CACHE_CONTROL, value);
    }
    service.link_address(link).0
}

fn holder(of: &str, id: &str) -> Result<Holder, ApiError> {
    match of {
        "user" => Ok(Holder::User(id_named(id)?)),
        "group" => Ok(Holder::Group(id_named(id)?)),
        _ => Err(ServiceError::NotFound.into()),
    }
}

fn role_named(role: &str) -> Result<Role, ApiError> {
    Role::parse(role).ok_or_else(|| ApiError::invalid("role", "unknown"))
}

impl From<PeopleError> for ApiError {
    fn from(error: PeopleError) -> Self {
        let (field, code) = match error {
            PeopleError::Name => ("name", "bad_name"),
            PeopleError::NameTaken => ("name", "taken"),
            PeopleError::NoSuchName => ("name", "nobody"),
            PeopleError::Person => ("person", "bad_name"),
            PeopleError::GroupName => ("name", "bad_group"),
            PeopleError::GroupTaken => ("name", "group_taken"),
            PeopleError::Claim => ("claim", "too_long"),
            PeopleError::LastAdmin => ("role", "last_admin"),
            PeopleError::BreakGlass => ("role", "break_glass"),
            PeopleError::PasswordsOff => return Self::NoLink,
            PeopleError::Disabled | PeopleError::FromClaim | PeopleError::Own => {
                return Self::NotAllowed;
            }
            PeopleError::Service(error) => return error.into(),
        };
        Self::invalid(field, code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(kind: &str, app: &str, room: &str) -> GrantFields {
        GrantFields {
            kind: kind.to_owned(),
            in_app: app.to_owned(),
            room: room.to_owned(),
        }
    }

    #[test]
    fn a_grant_is_read_as_it_is_typed() {
        let id = "0192f00d0192f00d0192f00d0192f00d";
        let app = id.parse().unwrap();
        let room = |text: &str| RoomId::new(text).unwrap();
        for (fields, expected) in [
            (grant("everything", "", ""), Some(Grant::Everything)),
            (grant("app", id, "ignored"), Some(Grant::App { app })),
            (
                grant("prefix", id, "class-*"),
                Some(Grant::Prefix {
                    app,
                    prefix: room("class-"),
                }),
            ),
            (
                grant("room", id, "class-*"),
                Some(Grant::Room {
                    app,
                    room: room("class-*"),
                }),
            ),
            (grant("prefix", id, "*"), None),
            (grant("room", id, " "), None),
            (grant("room", "", "hall"), None),
            (grant("", id, "hall"), None),
        ] {
            assert_eq!(fields.parse().ok(), expected, "{fields:?}");
        }
        let listed = grant("prefix", id, "a*").exact().unwrap();
        assert_eq!(listed.room(), Some(&room("a*")));
    }

    #[test]
    fn a_right_is_given_by_any_text() {
        let fields = RightFields {
            download: "yes".to_owned(),
            delete: String::new(),
            release: String::new(),
            share: "on".to_owned(),
            export: String::new(),
        };
        assert_eq!(fields.parse().to_string(), "download,share");
    }
}
