//! The format of log lines. Fields often hold text from outside (names, file names, answers of the
//! platform), so each field of each event is bounded and escaped here.

use std::{
    env,
    fmt::{self, Write as _},
    io::{IsTerminal, stderr},
};

use reelroom_domain::visible::hides;
use serde_json::{Map, Value, json};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    EnvFilter,
    field::MakeExt,
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::{self, Writer},
        time::{FormatTime, SystemTime},
    },
    registry::LookupSpan,
};

/// The longest text of a field, in characters before they are escaped.
const LONGEST: usize = 200;

/// A filter for events that hold whole addresses, some of which contain the callback secret.
const NEVER: &str = "tower_http::csrf=off";

/// The form of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// An object on each line, for programs.
    Json,
}

/// Starts logging to standard error, filtered by `RUST_LOG` or else `default`, and by [`NEVER`]. Only on a terminal it
/// has colours, unless `NO_COLOR` is set.
pub(crate) fn to_stderr(default: &str, format: LogFormat) {
    let variable = env::var(EnvFilter::DEFAULT_ENV).ok();
    let filter = variable
        .and_then(|variable| EnvFilter::try_new(format!("{variable},{NEVER}")).ok())
        .unwrap_or_else(|| EnvFilter::new(format!("{default},{NEVER}")));
    let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let log = tracing_subscriber::fmt()
        .fmt_fields(fields())
        .with_env_filter(filter)
        .with_ansi(stderr().is_terminal() && !no_color)
        .with_writer(stderr)
        // A line that cannot be written is lost. Reporting that would be a panic, for example where the log is
        // on a full disk.
        .log_internal_errors(false);
    match format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.event_format(Json).init(),
    }
}

fn fields() -> impl for<'w> FormatFields<'w> + 'static {
    format::debug_fn(write_field).delimited(" ")
}

fn write_field(line: &mut Writer<'_>, field: &Field, value: &dyn fmt::Debug) -> fmt::Result {
    if field.name() != "message" {
        write!(line, "{}=", field.name())?;
    }
    write_value(line, value)
}

/// Writes a value, bounded and escaped.
fn write_value(line: &mut impl fmt::Write, value: &dyn fmt::Debug) -> fmt::Result {
    let mut bounded = Bounded {
        line,
        left: LONGEST,
    };
    let written = write!(bounded, "{value:?}");
    if written.is_err() && bounded.left == 0 {
        return bounded.line.write_char('…');
    }
    written
}

/// Writes an event in the form of `tracing_subscriber`'s own JSON, which has no limit for a field.
struct Json;

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut timestamp = String::new();
        SystemTime.format_time(&mut Writer::new(&mut timestamp))?;
        let mut fields = Fields(Map::new());
        event.record(&mut fields);
        let event = json!({
            "timestamp": timestamp,
            "level": event.metadata().level().as_str(),
            "target": event.metadata().target(),
            "fields": fields.0,
        });
        writeln!(line, "{event}")
    }
}

/// The fields of an event.
struct Fields(Map<String, Value>);

impl Fields {
    fn add(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut text = String::new();
        // A value that cannot be formatted is left out.
        if write_value(&mut text, value).is_ok() {
            self.add(field, text);
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // Without the quotes of `Debug`.
        self.record_debug(field, &format_args!("{value}"));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }
}

/// A writer that escapes invisible characters and fails at its limit, so that long text is not read to
/// its end.
struct Bounded<'a, W> {
    line: &'a mut W,
    left: usize,
}

impl<W: fmt::Write> fmt::Write for Bounded<'_, W> {
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

    /// The events as JSON.
    fn logged_as_json(log: impl FnOnce()) -> Vec<Value> {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .event_format(Json)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, log);
        let lines = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let read = |line| serde_json::from_str(line).unwrap();
        lines.lines().map(read).collect()
    }

    #[test]
    fn an_event_is_an_object_with_its_fields() {
        let events = logged_as_json(|| {
            let room = "bo\"ard";
            tracing::info!(room, calls = 2, on = true, took = ?"a\nb", "some {}", "words");
        });
        let [event] = &events[..] else {
            panic!("{events:?}");
        };
        assert!(event["timestamp"].as_str().unwrap().ends_with('Z'));
        assert_eq!(event["level"], "INFO");
        assert_eq!(event["target"], "reelroom::log::tests");
        let fields = json!({
            "message": "some words", "room": "bo\"ard", "calls": 2, "on": true, "took": "\"a\\nb\"",
        });
        assert_eq!(event["fields"], fields);
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
            let events = logged_as_json(|| {
                tracing::info!(shown = %hostile, debugged = ?hostile, text = hostile, "{hostile}");
            });
            assert_eq!(events.len(), 1, "{begins:?}");
            for (name, value) in events[0]["fields"].as_object().unwrap() {
                let text = value.as_str().unwrap();
                assert!(!text.contains(hides), "{name}: {text:?}");
                assert!(text.len() < LONGEST * 8 + 4, "{name}: {begins:?}");
            }
        }
    }
}
