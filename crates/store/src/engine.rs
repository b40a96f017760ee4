//! The differences between SQLite and PostgreSQL.

use reelroom_domain::search::SearchText;
use serde::Serialize;
use sqlx::{
    AnyConnection, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

use crate::url::DatabaseUrl;

/// A connection, in a transaction. Every function that reads or writes takes one.
pub type Conn = AnyConnection;

/// The database system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A migration: its number, its name, and its text for each engine, from the file of this name in each folder.
macro_rules! migration {
    ($number:literal, $name:literal, $file:literal) => {
        (
            $number,
            $name,
            include_str!(concat!("../../../migrations/sqlite/", $file)),
            include_str!(concat!("../../../migrations/postgres/", $file)),
        )
    };
}

/// The migrations: number, name, and text for each engine.
pub(crate) const MIGRATIONS: &[(i64, &str, &str, &str)] = &[
    migration!(1, "first", "0001_first.sql"),
    migration!(2, "tries", "0002_tries.sql"),
    migration!(3, "copies", "0003_copies.sql"),
    migration!(4, "queue", "0004_queue.sql"),
    migration!(5, "people", "0005_people.sql"),
    migration!(6, "find", "0006_find.sql"),
    migration!(7, "growth", "0007_growth.sql"),
    migration!(8, "backup", "0008_backup.sql"),
    migration!(9, "keep", "0009_keep.sql"),
    migration!(10, "retention", "0010_retention.sql"),
    migration!(11, "signs", "0011_signs.sql"),
    migration!(12, "numbers", "0012_numbers.sql"),
    migration!(13, "shown", "0013_shown.sql"),
];

/// The migrations of SQLite's file of calls. On PostgreSQL its tables belong to the one database.
pub(crate) const MIGRATIONS_OF_CALLS: &[(i64, &str, &str)] = &[
    (
        1,
        "first",
        include_str!("../../../migrations/sqlite-calls/0001_first.sql"),
    ),
    (
        7,
        "growth",
        include_str!("../../../migrations/sqlite-calls/0007_growth.sql"),
    ),
];

impl Engine {
    pub(crate) const fn of(url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Sqlite(_) => Self::Sqlite,
            DatabaseUrl::Postgres(_) => Self::Postgres,
        }
    }

    pub(crate) fn of_connection(conn: &Conn) -> Self {
        match conn.backend_name() {
            "SQLite" => Self::Sqlite,
            _ => Self::Postgres,
        }
    }

    /// The statement that begins a transaction that writes. SQLite locks at once: a transaction that
    /// reads first and locks later can fail and cannot be retried. PostgreSQL uses indexes: a write touches few rows of
    /// tables that grow, and during a flood of calls the planner's statistics are too old to show how large they are.
    pub(crate) const fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => {
                "BEGIN; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; \
                 SET LOCAL enable_mergejoin = off"
            }
        }
    }

    /// The statement that begins a transaction that reads one snapshot of the database.
    pub(crate) const fn begin_read(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// The statement that prepares a connection for migrations. PostgreSQL: no timeout for locks, since
    /// another process may be migrating. SQLite: what is sorted for a new index is in a file, not in memory.
    pub(crate) const fn before_migrations(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA temp_store = FILE",
            Self::Postgres => "SET lock_timeout = 0",
        }
    }

    /// The statement that gives a connection memory for the pages of transactions over many thousand rows, of
    /// which each is then written once. Commits are as durable as ever. PostgreSQL needs none.
    pub(crate) const fn before_bulk(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("PRAGMA cache_size = -131072"),
            Self::Postgres => None,
        }
    }

    /// The clause that makes SQLite use this index of a table. PostgreSQL chooses by itself.
    pub(crate) fn indexed_by(self, index: &str) -> String {
        match self {
            Self::Sqlite => format!(" INDEXED BY {index}"),
            Self::Postgres => String::new(),
        }
    }

    /// The end of a statement that locks the rows which it reads of a table until the end of the
    /// transaction. SQLite has one writer and needs no lock.
    pub(crate) fn lock_rows(self, table: &str) -> String {
        match self {
            Self::Sqlite => String::new(),
            Self::Postgres => format!(" FOR UPDATE OF {table}"),
        }
    }

    /// The end of a statement that locks the rows which it reads, and skips those that another transaction
    /// has locked. SQLite has one writer and needs no lock.
    pub(crate) const fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// The database's time, in milliseconds since the epoch.
    pub(crate) const fn now(self) -> &'static str {
        match self {
            Self::Sqlite => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
            Self::Postgres => "CAST(EXTRACT(EPOCH FROM now()) * 1000 AS BIGINT)",
        }
    }

    /// The table of the texts in a JSON array, which this placeholder stands for; its column is `value`.
    pub(crate) fn texts(self, array: &str) -> String {
        match self {
            Self::Sqlite => format!("json_each({array})"),
            Self::Postgres => format!("json_array_elements_text(CAST({array} AS json))"),
        }
    }

    /// Whether several servers may use the database, and several transactions write, at the same time.
    pub(crate) const fn is_shared(self) -> bool {
        matches!(self, Self::Postgres)
    }

    /// Whether calls have a database of their own.
    pub(crate) const fn has_calls_apart(self) -> bool {
        matches!(self, Self::Sqlite)
    }

    pub(crate) fn migrator(self) -> Migrator {
        migrator(MIGRATIONS.iter().map(|&(number, name, sqlite, postgres)| {
            let sql = match self {
                Self::Sqlite => sqlite,
                Self::Postgres => postgres,
            };
            (number, name, sql)
        }))
    }

    /// The migrator of the calls, where they have a database of their own.
    pub(crate) fn migrator_of_calls(self) -> Option<Migrator> {
        self.has_calls_apart()
            .then(|| migrator(MIGRATIONS_OF_CALLS.iter().copied()))
    }
}

fn migrator(all: impl Iterator<Item = (i64, &'static str, &'static str)>) -> Migrator {
    let kind = MigrationType::Simple;
    let all = all.map(|(number, name, sql)| {
        Migration::new(number, name.into(), kind, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(all.collect())
}

/// Text that both engines can store: PostgreSQL cannot store NUL, which becomes U+FFFD.
/// Raw bodies are bytes and keep it.
pub(crate) fn text(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// The subquery of the texts in a JSON array, for which the placeholder `array` stands.
pub(crate) fn listed(conn: &Conn, array: &str) -> String {
    let texts = Engine::of_connection(conn).texts(array);
    format!("(SELECT value FROM {texts})")
}

/// A value as JSON.
pub(crate) fn json(value: &impl Serialize) -> Result<String, sqlx::Error> {
    let text_of =
        serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(error.into()))?;
    Ok(text(&text_of))
}

/// The key by which text is compared without regard to case. In Rust, because SQLite folds only ASCII.
pub(crate) fn key(name: &str) -> String {
    text(name).to_lowercase()
}

/// A `LIKE … ESCAPE '\'` pattern for keys that contain `search`; `None` without a search.
pub(crate) fn containing(search: Option<&SearchText>) -> Option<String> {
    search.map(|search| pattern(&key(search.as_str())))
}

/// A `LIKE … ESCAPE '\'` pattern for texts that contain `part`.
pub(crate) fn pattern(part: &str) -> String {
    let mut pattern = String::from("%");
    for letter in part.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_is_in_the_binary_for_both_engines() {
        let all = || MIGRATIONS.iter().map(|(number, name, ..)| (number, name));
        let calls = MIGRATIONS_OF_CALLS
            .iter()
            .map(|(number, name, _)| (number, name));
        for (engine, embedded) in [
            ("sqlite", all().collect::<Vec<_>>()),
            ("postgres", all().collect()),
            ("sqlite-calls", calls.collect()),
        ] {
            let folder = format!("{}/../../migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
            let mut names: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            let embedded: Vec<String> = embedded
                .into_iter()
                .map(|(number, name)| format!("{number:04}_{name}.sql"))
                .collect();
            assert_eq!(names, embedded, "{engine}");
        }
    }

    #[test]
    fn a_search_is_literal() {
        let pattern = |typed| containing(SearchText::parse(typed).as_ref());
        assert_eq!(pattern(" 50%_A\\ "), Some(r"%50\%\_a\\%".into()));
        assert_eq!(pattern("  "), None);
    }
}
