//! Who may: every route and every server function for every kind of account, executed over HTTP.

mod pages;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    Router,
    extract::Request,
    middleware::{Next, from_fn},
    routing::{any, get, put},
};
use reelroom::{ServerState, TrustedProxies, assets, router};
use reqwest::Response;

use self::world::{CASE, ROOM, TITLE, World, new_preset, new_view};
use crate::common::{TestApp, actions::header};

/// A row is a route with arguments, a column an account of `world.rs`: `+` it may, `-` it is refused
/// (403), `.` there is no such thing (404), `!` it has to sign in (401, or a redirect to `/login`).
///
/// A route for any method is requested by `POST`. An argument stands in the path, else in the query or the form; `$name`
/// is a value of the [`World`].
const TABLE: &str = "
nAOoVvwuU0d
+++++++++++  GET  /healthz
+++++++++++  GET  /readyz
+++++++++++  GET  /metrics
+++++++++++  GET  /login
...........  GET  /auth/start
...........  GET  /auth/callback state=x code=x
!!!!!!!!!!!  GET  /auth/end
...........  POST /auth/backchannel-logout logout_token=x
+++++++++++  GET  /once/{token} token=$link
+++++++++++  POST /fn/use_link token=$link password=x

!++++++++-+  GET  /
!++++++++-+  GET  / q=hush
!++++++++-+  GET  / show=attention
!++.++.++-+  GET  /rooms/ id=$room
!++.++.++-+  GET  /rooms/{room} room=$room
!++++++++-+  GET  /recordings
!++++++++-+  GET  /recordings q=hush
!++++++++-+  GET  /recordings state=failed
!++++++++-+  GET  /recordings archive=trouble
!++++++++-+  GET  /recordings/views
!++++++++-+  GET  /recordings/narrow key=room typed=hush
!++++++++-+  GET  /recordings/narrow key=tag
!++++++++-+  GET  /recordings/narrow key=more
.++++++++++  POST /recordings do=seen id=$recording
.+++--+--+-  POST /recordings do=tag add_tags=x id=$recording
.+-+--+--++  POST /recordings do=restore id=$recording
!++.++.++.+  GET  /recordings/{id} id=$recording
!+--------+  GET  /trash
!+--------+  GET  /trash q=hush
.+-+--+--++  POST /trash do=restore id=$recording
!++++++++++  GET  /cases
!+.....++..  GET  /cases open=$case
!++++++++++  GET  /certificates
!+.....++.+  GET  /certificates/{number} number=$certificate
!++++++++-+  GET  /jump
!++++++++-+  GET  /jump q=hush
!++++++++-+  GET  /jump q=record
!+-----++--  GET  /callbacks
!+-----++--  GET  /callbacks call=$call
.+---------  POST /callbacks
!++++++++++  GET  /settings
!++++++++++  GET  /settings/apps
!++++++++++  GET  /settings/me
.++++++++++  POST /settings/me step=phone proof=$password
!+-----++--  GET  /settings/people
!+-----++--  GET  /settings/people open=$person
!+-----++--  GET  /settings/people show=groups
!+---------  GET  /settings/people/export
!+-----++--  GET  /settings/sign-in
!+-----++--  GET  /settings/deleting
!+-----++--  GET  /settings/history
!+---------  GET  /settings/history/export form=csv
!+-----++--  GET  /settings/storage
!+-----++--  GET  /settings/retention
!+---------  GET  /settings/retention open=new

!++++++++++  GET  /events
!++.++.-+.+  GET  /files/{id} id=$file
!++.+-.-+.-  GET  /files/{id} id=$file download=
!++.++.-+.+  GET  /files/{id}/{picture} id=$file picture=poster.jpg
!++.++.-+.+  GET  /files/{id}/{picture} id=$file picture=strip.jpg
!++.++.-+.+  GET  /files/{id}/{picture} id=$file picture=strip.vtt
!++.+-.-+.-  GET  /recordings/zip id=$recording
!++.+-.-+--  GET  /recordings/zip all=yes app=$app
!++.+-.-+.-  GET  /recordings/files.txt id=$recording
!++.+-.-+--  GET  /recordings/files.txt all=yes app=$app
!+-.--.--.+  GET  /recordings/export form=csv id=$recording
!+--------+  GET  /recordings/export form=csv app=$app
!++.+-.-+.-  GET  /recordings/{id}/zip id=$recording
!++.+-.-+.-  GET  /recordings/{id}/files.txt id=$recording
!+.....++.+  GET  /certificates/{number}/json number=$certificate

...........  ANY  /AR/V1/av
+++++++++++  ANY  /AR/V1/av/{secret} secret=$secret
+++++++++++  ANY  /{secret}/AR/V1/av secret=$secret
...........  ANY  /AR/V1/status
+++++++++++  ANY  /AR/V1/status/{secret} secret=$secret
+++++++++++  ANY  /{secret}/AR/V1/status secret=$secret
...........  ANY  /api/{*rest}

!++.--.----  POST /fn/start_recording room=$room rule=
!++.--.----  POST /fn/start_now room=$room
!++.--.----  POST /fn/label_room room=$room title=$title
!++.--.----  POST /fn/mark_always room=$room
!++.--.----  POST /fn/dismiss_alert room=$room alert=too_long
!++.--.----  POST /fn/remove_room room=$room
!++--------  POST /fn/add_room room=$room
!++--------  POST /fn/add_room room=hush-new
!+---------  POST /fn/add_room room=unheard
!++.--.----  POST /fn/fill_in room=$room with=last rule=
!++.--.----  POST /fn/save_preset room=$room rule=
!++.--.----  POST /fn/rename_preset room=$room preset=$preset name=
!++.--.----  POST /fn/move_preset room=$room preset=$preset past=$past
!++.--.----  POST /fn/default_preset room=$room preset=$preset begin=room
!++.--.----  POST /fn/delete_preset room=$room preset=$new_preset

!++.--.--.-  POST /fn/stop_recording id=$recording
!++.--.--.-  POST /fn/check_recording id=$recording
!++.--.--.-  POST /fn/give_up_recording id=$recording
!++.--.--.-  POST /fn/say_stopped id=$recording
!++.--.--.-  POST /fn/accept_incomplete id=$recording
!++.--.--.-  POST /fn/mark_seen id=$recording
!++.--.--.-  POST /fn/retry_files id=$recording
!++.--.--.-  POST /fn/describe_recording id=$recording
!++.--.--.-  POST /fn/suggest_tags id=$recording q=x
!++.++.++.+  POST /fn/mark_unseen id=$recording

!++++++++-+  POST /fn/save_view find= name=
!+++-------  POST /fn/save_view find= name=x shared=all
!+-.--.--.-  POST /fn/change_view id=$view name=
!+-.--.--.-  POST /fn/remove_view id=$new_view

!++.--.--.+  POST /fn/hold_recording id=$recording reason=Complaint
!+-.--.--.+  POST /fn/trash_recording id=$recording
!+-.--.--.+  POST /fn/restore_recording id=$recording
!+-.--.--.+  POST /fn/delete_now ids=$recording
!+-.--.--.+  POST /fn/release_recording id=$recording
!.---------  POST /fn/agree_to_request id=$app password=$password
!.---------  POST /fn/refuse_request id=$app
!+++------+  POST /fn/open_case number= name= reason=
!+.....--..  POST /fn/change_case id=$case number= name= reason=
!+.....--..  POST /fn/add_to_case id=$case ids=
!+.....--..  POST /fn/close_case id=$case
!+.....--..  POST /fn/let_look id=$case name=x
!+.....--..  POST /fn/end_look id=$case of=user holder=$person
!+---------  POST /fn/set_keep_settings trash_days= request_days=

!+---------  POST /fn/unassign_call id=$call
!+---------  POST /fn/assign_call id=$call recording=$recording
!+---------  POST /fn/deal_with_call id=$call dealt=yes
!+---------  POST /fn/replay_call id=$call
!+---------  POST /fn/replay_all
!+---------  POST /fn/send_test_callback local=yes

!+---------  POST /fn/save_app id= name= app_id= api_base= method= encoding= reply_form= zone= allowed_hosts=
!.---------  POST /fn/test_app id= name= app_id= api_base= method= encoding= reply_form= zone= allowed_hosts=
!+---------  POST /fn/remove_app id=$app
!+---------  POST /fn/allow_host id=$file
!+---------  POST /fn/set_patience late=20 due=60
!+---------  POST /fn/test_storage
!+---------  POST /fn/set_keeping call_bodies= status_events= lookup_finds= seen=
!+---------  POST /fn/save_rule name=
!+---------  POST /fn/move_rule id=$rule to=up
!+---------  POST /fn/switch_rule id=$rule on=yes
!+---------  POST /fn/remove_rule id=$rule
!+---------  POST /fn/dry_run
!+---------  POST /fn/switch_retention on=
!+---------  POST /fn/set_retention_time hour=x zone=UTC

!+---------  POST /fn/set_sign_in_rules idle_hours= at_most_days= link_hours= password_length= history_days=

!+---------  POST /fn/add_person name= role=viewer
!+---------  POST /fn/change_person id=$person role=viewer
!+---------  POST /fn/disable_person id=$person
!+---------  POST /fn/end_sessions_of id=$person
!+---------  POST /fn/make_link id=$person
!+---------  POST /fn/reset_second_factor id=$person
!+---------  POST /fn/add_grant of=user id=$person kind=everything
!+---------  POST /fn/remove_grant of=user id=$person kind=everything
!+---------  POST /fn/add_group name=
!+---------  POST /fn/rename_group id=$group name=
!+---------  POST /fn/add_member id=$group name=nobody
!+---------  POST /fn/remove_member id=$group user=$person
!+---------  POST /fn/delete_group id=$group

!++++++++-+  POST /fn/choose_app app=$app
!+.....++-.  POST /fn/choose_app app=$other_app
!++++++++++  POST /fn/my_password password=x new=x again=y
!++++++++++  POST /fn/my_factor_off proof=x
!..........  POST /fn/my_codes sealed=x
!..........  POST /fn/my_session session=x
!++++++++++  POST /fn/my_sessions
!++++++++++  POST /fn/my_zone zone=UTC
+++++++++++  POST /fn/set_language language=en
+++++++++++  POST /fn/set_theme theme=dark
+++++++++++  POST /fn/set_up code=x name=x password=x
+++++++++++  POST /fn/sign_in name=$name password=$password next=/
+++++++++++  POST /fn/sign_in_code step=x code=x next=/
+++++++++++  POST /fn/sign_out
";

/// The accounts that do not see the room.
const SEE_NOTHING_OF_IT: [char; 3] = ['o', 'w', '0'];

impl World {
    /// Sends a row's request as an account. Returns the character of the answer, and the body as far as it
    /// ends.
    async fn ask(&self, row: &Row, account: char) -> (char, String) {
        let (mut path, mut rest) = (row.pattern.to_owned(), Vec::new());
        for (name, value) in &row.args {
            let value = match value.strip_prefix('$') {
                Some("new_preset") => new_preset(&self.app, &self.cookies[&'A']).await,
                Some("new_view") => new_view(&self.app, &self.cookies[&'A']).await,
                Some(known) => self.values[known].clone(),
                None => (*value).to_owned(),
            };
            let place = format!("{{{name}}}");
            if path.contains(&place) {
                path = path.replace(&place, &value);
            } else {
                rest.push((*name, value));
            }
        }
        let (request, accept) = if row.method == "GET" {
            (self.app.get(&path).query(&rest), "text/html")
        } else {
            (self.app.post(&path).form(&rest), "application/json")
        };
        let request = request.header("accept", accept);
        let cookie = &self.cookies[&account];
        let request = request.header("cookie", cookie);
        let answer = request.send().await.unwrap();
        let mark = mark(&answer);
        // A stream of events does not end.
        let is_whole = row.pattern != "/events";
        let body = if is_whole {
            answer.text().await.unwrap()
        } else {
            String::new()
        };
        (mark, body)
    }
}

/// The character of an answer in the table. A wrong form and a state that forbids something are no matter
/// of access.
fn mark(answer: &Response) -> char {
    let to = header(answer, "location");
    let status = answer.status().as_u16();
    if status == 401 || status == 303 && to.starts_with("/login") {
        return '!';
    }
    match status {
        200..=400 | 409 | 422 => '+',
        403 => '-',
        404 => '.',
        _ => '?',
    }
}

/// A row of the table.
struct Row {
    cells: &'static str,
    method: &'static str,
    pattern: &'static str,
    args: Vec<(&'static str, &'static str)>,
}

impl Row {
    fn route(&self) -> String {
        format!("{} {}", self.method, self.pattern)
    }
}

/// The letters of the accounts, and the rows.
fn table() -> (&'static str, Vec<Row>) {
    let mut lines = TABLE.lines().filter(|line| !line.is_empty());
    let accounts = lines.next().unwrap();
    let rows = lines.map(|line| {
        let mut words = line.split_whitespace();
        let mut next = || words.next().unwrap();
        let (cells, method, pattern) = (next(), next(), next());
        assert_eq!(cells.len(), accounts.len(), "{line}");
        let args = words.map(|word| word.split_once('=').unwrap()).collect();
        Row {
            cells,
            method,
            pattern,
            args,
        }
    });
    (accounts, rows.collect())
}

/// The methods of axum's `MethodRouter`.
const METHODS: [&str; 9] = [
    "get", "head", "delete", "options", "patch", "post", "put", "trace", "connect",
];

/// The text after each id of a route.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split("RouteId(").skip(1)
}

/// The methods and paths of a router, read from its `Debug` text: `routes: {RouteId(1): MethodRouter(MethodRouter {
/// get: Route, head: None, …}), …}, node: Node { paths: {RouteId(1): "/", …} }`. A route for any method is `ANY`.
fn routes_of(router: &Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    let (own, _) = text.split_once(", fallback_router: ").unwrap();
    let (methods, paths) = own.split_once(", node: Node { paths: {").unwrap();
    let paths: BTreeMap<&str, &str> = entries(paths)
        .map(|entry| {
            let (id, path) = entry.split_once("): \"").unwrap();
            (id, path.split_once('"').unwrap().0)
        })
        .collect();
    let mut found = BTreeSet::new();
    for entry in entries(methods) {
        let (id, endpoint) = entry.split_once("): ").unwrap();
        let path = paths[id];
        if !endpoint.contains(" fallback: Default(") {
            found.insert(format!("ANY {path}"));
            continue;
        }
        for method in METHODS {
            if !endpoint.contains(&format!(" {method}: None,")) {
                found.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    assert_eq!(entries(methods).count(), paths.len());
    found
}

/// The routes of the server without those of the site's own files.
pub fn routes(app: &TestApp) -> BTreeSet<String> {
    let state = ServerState::new(app.service.clone(), TrustedProxies::default());
    let mut routes = routes_of(&router(state));
    for file in routes_of(&assets::routes()) {
        assert!(routes.remove(&file), "{file}");
    }
    routes
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_and_every_server_function_has_its_row() {
    let rows: BTreeSet<String> = table().1.iter().map(Row::route).collect();
    let routes = routes(&TestApp::without_callbacks().await);
    let pages = reelroom::page_paths().map(|page| format!("GET {page}"));
    let functions = leptos::server_fn::axum::server_fn_paths();
    let functions = functions.map(|(path, _)| format!("POST {path}"));
    for known in pages.chain(functions) {
        assert!(routes.contains(&known), "{known}");
    }
    let without: Vec<_> = routes.difference(&rows).collect();
    assert!(without.is_empty(), "add to the table: {without:#?}");
    let gone: Vec<_> = rows.difference(&routes).collect();
    assert!(gone.is_empty(), "take from the table: {gone:#?}");
}

#[test]
fn a_route_is_found_wherever_it_is_added() {
    let answer = || async { "" };
    let inner = Router::new()
        .route("/deep", put(answer))
        .route("/any", any(answer));
    let router = Router::new()
        .route("/{id}", get(answer).post(answer))
        .nest("/inner", inner)
        .layer(from_fn(|request: Request, next: Next| next.run(request)))
        .fallback(answer);
    let expected = [
        "ANY /inner/any",
        "GET /{id}",
        "POST /{id}",
        "PUT /inner/deep",
    ];
    let expected = BTreeSet::from(expected.map(str::to_owned));
    assert_eq!(routes_of(&router), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_table_holds_and_a_hidden_room_is_nowhere() {
    let world = World::new().await;
    let (accounts, rows) = table();
    let hidden = [
        ROOM.to_owned(),
        TITLE.to_owned(),
        world.recording.to_string(),
        world.file.id.to_string(),
        world.file.name.clone(),
        world.values["other_app"].clone(),
        world.values["certificate"].clone(),
        CASE.to_owned(),
    ];
    let mut wrong = Vec::new();
    for row in &rows {
        let mut cells = String::new();
        for account in accounts.chars() {
            let (mark, body) = world.ask(row, account).await;
            cells.push(mark);
            if SEE_NOTHING_OF_IT.contains(&account) {
                let told = hidden
                    .iter()
                    .filter(|hidden| body.contains(hidden.as_str()));
                wrong.extend(told.map(|told| format!("{account}: {told} in {}", row.route())));
            }
        }
        if cells != row.cells {
            let (route, args) = (row.route(), &row.args);
            wrong.push(format!("{cells} and not {} {route} {args:?}", row.cells));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
