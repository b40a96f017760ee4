//! The format of log lines. Fields often hold text from outside (names, file names, answers of the
//! platform), so each field of each event is bounded and escaped here.

use std::{
    env,
    fmt::{self, Write as _},
};

use reelroom_domain::visible::hides;
use tracing::field::Field;
use tracing_subscriber::{
    EnvFilter,
    field::MakeExt,
    fmt::{FormatFields, format},
};

/// The longest text of a field, in characters before they are escaped.
const LONGEST: usize = 200;

/// A filter for events that hold whole addresses, some of which contain the callback secret.
const NEVER: &str = "tower_http::csrf=off";

/// Starts logging to standard error, filtered by `RUST_LOG` or else `default`, and by [`NEVER`].
pub(crate) fn to_stderr(default: &str) {
    let variable = env::var(EnvFilter::DEFAULT_ENV).ok();
    let filter = variable
        .and_then(|variable| EnvFilter::try_new(format!("{variable},{NEVER}")).ok())
        .unwrap_or_else(|| EnvFilter::new(format!("{default},{NEVER}")));
    tracing_subscriber::fmt()
        .fmt_fields(fields())
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // A line that cannot be written is lost. Reporting that would be a panic, for example where the log is
        // on a full disk.
        .log_internal_errors(false)
        .init();
}

fn fields() -> impl for<'w> FormatFields<'w> + 'static {
    format::debug_fn(write_field).delimited(" ")
}

fn write_field(
    line: &mut format::Writer<'_>,
    field: &Field,
    value: &dyn fmt::Debug,
) -> fmt::Result {
    if field.name() != "message" {
        write!(line, "{}=", field.name())?;
    }
    let mut bounded = Bounded {
        line,
        left: LONGEST,
    };
    let written = write!(bounded, "{value:?}");
    if written.is_err() && bounded.left == 0 {
        return line.write_char('…');
    }
    written
}

/// A writer that escapes invisible characters and fails at its limit, so that long text is not read to
/// its end.
struct Bounded<'a, 'w> {
    line: &'a mut format::Writer<'w>,
    left: usize,
}

impl fmt::Write for Bounded<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            if hides(c) {
                write!(self.line, "{}", c.escape_unicode())?;
            } else {
                self.line.write_char(c)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(log: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .fmt_fields(fields())
            .with_ansi(false)
            .without_time()
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_field_is_written_in_the_usual_form() {
        let line = logged(|| {
            tracing::info!(room = %"board", name = "a b", calls = 2, on = true, "some words");
        });
        let fields = r#"some words room=board name="a b" calls=2 on=true"#;
        assert_eq!(line, format!(" INFO reelroom::log::tests: {fields}\n"));
    }

    #[test]
    fn untrusted_text_stays_on_its_line_and_is_cut() {
        let own = [
            "a\nINFO forged",
            "\u{1b}[31mred",
            "\u{9b}31m",
            &"x".repeat(2 << 20),
            &"\n".repeat(2 << 20),
        ];
        let texts = own.map(ToOwned::to_owned).into_iter();
        for hostile in texts.chain(crate::hostile()) {
            let hostile = hostile.as_str();
            let lines = logged(|| {
                tracing::info!(shown = %hostile, "shown");
                tracing::info!(debugged = ?hostile, "debugged");
                tracing::info!(text = hostile, "text");
                tracing::info!("in the message: {hostile}");
            });
            let begins = hostile.get(..9).unwrap_or(hostile);
            assert_eq!(lines.lines().count(), 4, "{begins:?}");
            assert_eq!(lines.matches('\n').count(), 4, "{begins:?}");
            assert!(!lines.contains(|c| hides(c) && c != '\n'), "{lines:?}");
            assert!(lines.len() < 4 * (LONGEST * 8 + 80), "{begins:?}");
        }
    }
}
