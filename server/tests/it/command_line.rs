//! The command line: output and exit status.

use std::path::Path;
use std::process::{Command, Output};

use reelroom_domain::{
    act::{ActFilter, ActKind},
    time::Timestamp,
};
use reelroom_store::{
    DatabaseUrl, Store, StoreError, acts,
    factors::{self, Factor},
    testing::Databases,
    users,
};
use serde_json::Value;

use crate::binary::Server;

fn reelroom(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_reelroom"));
    command.env_clear().current_dir(folder);
    command
}

/// Asserts exit status 2 with one line on standard error. Returns that line.
fn refused(output: &Output) -> String {
    let output_text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(2), "{output_text}");
    assert_eq!(output_text.lines().count(), 1, "{output_text}");
    assert!(output.stdout.is_empty());
    output_text
}

#[test]
fn a_flag_wins_over_its_variable_and_a_variable_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.toml");
    std::fs::write(&file, "listen = 'file'").unwrap();
    let mut command = reelroom(folder.path());
    command.env("REELROOM_CONFIG", &file);
    assert!(refused(&command.output().unwrap()).contains("`file`"));
    command.env("REELROOM_LISTEN", "variable");
    assert!(refused(&command.output().unwrap()).contains("`variable`"));
    command.args(["--listen", "flag"]);
    assert!(refused(&command.output().unwrap()).contains("`flag`"));
}

#[test]
fn a_wrong_option_points_to_the_help() {
    let folder = tempfile::tempdir().unwrap();
    let output_text = refused(&reelroom(folder.path()).arg("--lisen").output().unwrap());
    assert_eq!(
        output_text,
        "reelroom: unexpected argument '--lisen' found; see `reelroom --help`\n"
    );
}

#[test]
fn an_unusable_data_folder_is_one_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let output_text = refused(
        &reelroom(folder.path())
            .args(["--data-dir", "file"])
            .output()
            .unwrap(),
    );
    assert!(
        output_text.starts_with("reelroom: --data-dir: cannot write to file: "),
        "{output_text}"
    );
}

#[test]
fn help_and_version_succeed() {
    let folder = tempfile::tempdir().unwrap();
    for argument in ["--help", "--version"] {
        let output = reelroom(folder.path()).arg(argument).output().unwrap();
        assert!(output.status.success());
        assert!(output.stdout.starts_with(if argument == "--help" {
            b"The rec"
        } else {
            b"reelroo"
        }));
    }
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "help makes nothing"
    );
}

#[test]
fn a_log_in_json_has_an_object_on_each_line() {
    let folder = tempfile::tempdir().unwrap();
    let database = DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
    let variables = [("REELROOM_LOG_FORMAT", "json"), ("RUST_LOG", "info")];
    Server::start(folder.path(), &database, &variables).end();
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    let mut messages = Vec::new();
    for line in log.lines() {
        let event: Value = serde_json::from_str(line).unwrap();
        for key in ["timestamp", "level", "target"] {
            assert!(event[key].is_string(), "{line}");
        }
        messages.push(event["fields"]["message"].clone());
    }
    assert!(messages.contains(&Value::from("ending")), "{log}");
}

#[test]
fn a_log_in_a_file_has_no_colours() {
    let folder = tempfile::tempdir().unwrap();
    let database = DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
    Server::start(folder.path(), &database, &[("RUST_LOG", "info")]).end();
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(log.contains(" INFO ") && log.contains("ending"), "{log}");
    assert!(!log.contains('\u{1b}'), "{log}");
}

#[test]
fn commands_for_what_is_there_make_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = reelroom(folder.path());
        command.args(arguments).args(["--data-dir", "typo"]);
        command.output().unwrap()
    };
    for arguments in [
        &["user", "list"][..],
        &["user", "passwd", "kim", "--password-stdin"],
        &["user", "reset-second-factor", "kim"],
    ] {
        assert_eq!(
            refused(&run(arguments)),
            "reelroom: typo is not there, and nothing was made: check --data-dir and --database-url\n"
        );
    }
    for arguments in [&["doctor"][..], &["backup", "copy.tar"]] {
        assert_eq!(run(arguments).status.code(), Some(1), "{arguments:?}");
    }
    std::fs::create_dir(folder.path().join("typo")).unwrap();
    let output_text = refused(&run(&["user", "list"]));
    assert!(
        output_text.contains("typo/reelroom.db is not there"),
        "{output_text}"
    );
    let mut made = std::fs::read_dir(folder.path().join("typo")).unwrap();
    assert!(made.next().is_none());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_for_what_is_there_leave_an_empty_database_of_postgres_empty() {
    let databases = Databases::on_postgres();
    let database = databases.empty();
    let DatabaseUrl::Postgres(url) = &database else {
        panic!("{database}");
    };
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["user", "list"][..],
        &["user", "passwd", "kim", "--password-stdin"],
        &["user", "reset-second-factor", "kim"],
    ] {
        let mut command = reelroom(folder.path());
        command.args(arguments).args(["--data-dir", "."]);
        let output = command.args(["--database-url", url.as_str()]).output();
        let expected = format!(
            "reelroom: a Reelroom database at {database} is not there, and nothing was made: \
             check --data-dir and --database-url\n"
        );
        assert_eq!(refused(&output.unwrap()), expected);
    }
    let store = Store::connect(&database).await.unwrap();
    let schema = store.schema().await;
    assert!(matches!(schema, Err(StoreError::Refused(_))), "{schema:?}");
    store.close().await;
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_rebuild_says_what_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let output_text = refused(&reelroom(folder.path()).arg("rebuild").output().unwrap());
    assert!(output_text.contains("--from-storage"), "{output_text}");
}

#[test]
fn accounts_are_created_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "correct horse battery\n").unwrap();
    let add = |name: &str| {
        reelroom(folder.path())
            .args(["user", "add", name, "--role", "admin", "--password-stdin"])
            .stdin(std::fs::File::open(&password).unwrap())
            .output()
            .unwrap()
    };
    let output = add("kim");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let again = add("kim");
    assert_eq!(again.status.code(), Some(1));
    let output_text = String::from_utf8_lossy(&again.stderr);
    assert_eq!(
        output_text,
        "reelroom: there is an account of that name already\n"
    );
    let list = reelroom(folder.path())
        .args(["user", "list"])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&list.stdout).starts_with("kim\tadmin\t20"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_second_factor_is_reset_and_the_history_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "correct horse battery\n").unwrap();
    let user = |arguments: &[&str]| {
        reelroom(folder.path())
            .args(["--data-dir", ".", "user"])
            .args(arguments)
            .stdin(std::fs::File::open(&password).unwrap())
            .output()
            .unwrap()
    };
    let added = user(&["add", "kim", "--role", "admin", "--password-stdin"]);
    assert!(added.status.success(), "{added:?}");
    let none = user(&["reset-second-factor", "kim"]);
    assert_eq!(none.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&none.stderr),
        "reelroom: the account has no second factor; nothing was changed\n"
    );

    let database = DatabaseUrl::Sqlite(folder.path().join("reelroom.db"));
    let store = Store::connect(&database).await.unwrap();
    let mut tx = store.write().await.unwrap();
    let kim = users::by_name(&mut tx, "kim").await.unwrap().unwrap();
    let factor = Factor {
        key: vec![1],
        since: Timestamp::from_millis(1),
        step: 1,
    };
    factors::set(&mut tx, kim.id, &factor).await.unwrap();
    tx.commit().await.unwrap();
    let done = user(&["reset-second-factor", "kim"]);
    assert!(done.status.success(), "{done:?}");
    assert_eq!(
        String::from_utf8_lossy(&done.stdout),
        "kim signs in without a second factor; open sessions have ended\n"
    );
    let mut read = store.read().await.unwrap();
    assert_eq!(factors::get(&mut read, kim.id).await.unwrap(), None);
    let lines = acts::page(&mut read, &ActFilter::default(), None, 10).await;
    let lines = lines.unwrap();
    let act = &lines[0].act;
    assert_eq!(act.kind, ActKind::SecondFactorOff);
    assert_eq!((act.name.as_str(), act.subject.as_str()), ("", "kim"));
}

#[test]
fn the_doctor_creates_no_database() {
    let folder = tempfile::tempdir().unwrap();
    let output = reelroom(folder.path()).arg("doctor").output().unwrap();
    let output_text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{output_text}");
    assert!(output_text.contains("not there yet"), "{output_text}");
    assert!(
        output_text.starts_with("fail  data folder: "),
        "{output_text}"
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_doctor_says_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let migrate = reelroom(folder.path()).arg("migrate").output().unwrap();
    assert!(
        migrate.status.success(),
        "{}",
        String::from_utf8_lossy(&migrate.stderr)
    );
    let output = reelroom(folder.path()).arg("doctor").output().unwrap();
    let output_text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{output_text}");
    let words: Vec<&str> = output_text
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let expected = ["ok", "ok", "fail", "fail", "fail", "ok"];
    assert_eq!(words[..6], expected, "{output_text}");
    // The kinds of rows that grow, of which there are none yet, the trash with holds, and objects without a row.
    assert_eq!(words[6..], ["ok"; 7], "{output_text}");
    let line =
        "ok    raw bodies of callbacks: 0 rows, 0 bytes, 0 bytes more a day; kept for 90 days";
    assert!(output_text.contains(line), "{output_text}");
    let files = folder.path().join("data/files");
    assert!(!files.exists(), "{output_text}");

    std::fs::create_dir(files).unwrap();
    let output = reelroom(folder.path())
        .args(["doctor", "--sandbox"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
}

#[test]
fn a_demo_fills_an_empty_database_once() {
    let folder = tempfile::tempdir().unwrap();
    let demo = || {
        let arguments = ["demo", "--recordings", "300", "--seed", "5"];
        reelroom(folder.path()).args(arguments).output().unwrap()
    };
    let output = demo();
    let output_text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    assert!(
        output_text.starts_with("300 recordings in 5 rooms, "),
        "{output_text}"
    );
    let again = demo();
    assert_eq!(again.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&again.stderr),
        "reelroom: the database is not empty: a demo needs one without rooms and recordings\n"
    );
}
