//! The URL of the database.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use url::Url;

/// The URL of the database: `sqlite:<path>` or `postgres://…`. Displayed without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file; created unless it exists.
    Sqlite(PathBuf),
    /// A database on a server.
    Postgres(Url),
}

/// An invalid URL of a database. Contains nothing of it: it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDatabaseUrl {
    /// Another scheme, or none.
    #[error("a database URL begins with `sqlite:` or `postgres://`")]
    Scheme,
    /// `sqlite:` and no path.
    #[error("`sqlite:` is followed by the path of a file")]
    NoPath,
    /// `postgres://`, but no URL.
    #[error("not a URL: {0}")]
    NotUrl(#[from] url::ParseError),
}

impl FromStr for DatabaseUrl {
    type Err = BadDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, BadDatabaseUrl> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            // `:memory:` would be another database for each connection.
            if path.is_empty() || path.starts_with(':') {
                return Err(BadDatabaseUrl::NoPath);
            }
            Ok(Self::Sqlite(path.into()))
        } else if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Ok(Self::Postgres(Url::parse(text)?))
        } else {
            Err(BadDatabaseUrl::Scheme)
        }
    }
}

/// The file of the calls, next to the database: `reelroom.calls.db` for `reelroom.db`. Any other
/// extension stays in the name, since databases may differ in nothing else.
pub fn path_of_calls(path: &Path) -> PathBuf {
    if path.extension().is_some_and(|extension| extension == "db") {
        path.with_extension("calls.db")
    } else {
        path.with_added_extension("calls.db")
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let mut shown = url.clone();
                if url.password().is_some() && shown.set_password(Some("***")).is_err() {
                    return f.write_str("postgres://***");
                }
                // The password may be a parameter too, so none is shown.
                if url.query().is_some() {
                    shown.set_query(Some("***"));
                }
                write!(f, "{shown}")
            }
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_shown_without_its_password() {
        for (text, shown) in [
            ("sqlite:data/a b.db", "sqlite:data/a b.db"),
            ("sqlite:///var/lib/r.db", "sqlite:/var/lib/r.db"),
            ("postgres://u:s3cret@h:5/db", "postgres://u:***@h:5/db"),
            ("postgres://h/db?password=s3cret", "postgres://h/db?***"),
        ] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), shown);
            assert!(!format!("{url:?}").contains("s3cret"));
        }
    }

    #[test]
    fn each_database_has_a_file_of_calls_of_its_own() {
        for (path, calls) in [
            ("/a/reelroom.db", "/a/reelroom.calls.db"),
            ("b c", "b c.calls.db"),
            ("/a.db/x.1", "/a.db/x.1.calls.db"),
            ("/a.db/x.2", "/a.db/x.2.calls.db"),
        ] {
            assert_eq!(path_of_calls(path.as_ref()), Path::new(calls));
        }
    }

    #[test]
    fn other_databases_are_refused() {
        for text in [
            "",
            "mysql://h/db",
            "sqlite:",
            "sqlite::memory:",
            "data/x.db",
        ] {
            assert!(text.parse::<DatabaseUrl>().is_err(), "{text}");
        }
    }
}
