//! Export the history of access, row by row.

use std::io;

use bytes::Bytes;
use futures::{StreamExt, stream, stream::BoxStream};
use reelroom_domain::{
    access::{Thing, Verb},
    act::{ActFilter, ExportForm, HISTORY},
};
use reelroom_store::acts::{self, Cursor, Line};
use serde_json::{Value, json};

use crate::{
    Browser, Principal, Service, ServiceError,
    ground::table::{text, utc},
};

/// The number of rows that are read at once.
const AT_ONCE: u32 = 1000;

/// The columns.
const COLUMNS: [&str; 14] = [
    "id",
    "at",
    "until",
    "user",
    "name",
    "kind",
    "subject",
    "app",
    "room",
    "recording",
    "file",
    "detail",
    "address",
    "agent",
];

impl Service {
    /// The acts that match a filter, newest first, as text. The export to a browser is an act itself, which is
    /// stored before the first row is sent.
    pub async fn export_history(
        &self,
        by: &Principal,
        browser: Option<&Browser>,
        mut filter: ActFilter,
        form: ExportForm,
    ) -> Result<BoxStream<'static, io::Result<Bytes>>, ServiceError> {
        by.require(Verb::Export, Thing::History)?;
        self.store_gathered().await?;
        let mut read = self.0.store.read().await?;
        filter.up_to = Some(acts::last(&mut read).await?);
        let rows = acts::count(&mut read, &filter, u32::MAX).await?;
        drop(read);
        self.record_export(by, browser, HISTORY, &rows.to_string(), form)
            .await?;
        let export = Export {
            service: self.clone(),
            filter,
            form,
            before: None,
            is_complete: false,
        };
        Ok(stream::try_unfold(export, Export::next).boxed())
    }
}

/// An export under way.
struct Export {
    service: Service,
    /// The filter, up to the last act when it began.
    filter: ActFilter,
    form: ExportForm,
    /// The last act that was written.
    before: Option<Cursor>,
    is_complete: bool,
}

impl Export {
    /// The text of the next rows; `None` after the last.
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        if self.is_complete {
            return Ok(None);
        }
        let read = self.service.0.store.read().await;
        let mut read = read.map_err(io::Error::other)?;
        let lines = acts::page(&mut read, &self.filter, self.before, AT_ONCE).await;
        let lines = lines.map_err(io::Error::other)?;
        drop(read);
        let is_first = self.before.is_none();
        let text = text(self.form, COLUMNS, is_first, lines.iter().map(values))?;
        self.is_complete = lines.len() < AT_ONCE as usize;
        self.before = lines.last().map(|line| (line.act.at, line.id));
        Ok(Some((text.into(), self)))
    }
}

/// The values of an act, in the order of the columns.
fn values(Line { id, act }: &Line) -> [Value; COLUMNS.len()] {
    let (app, room) = act.room.as_ref().map(|(app, room)| (app, room)).unzip();
    [
        json!(id),
        json!(utc(act.at)),
        json!(utc(act.until)),
        json!(act.user),
        json!(act.name),
        json!(act.kind),
        json!(act.subject),
        json!(app),
        json!(room),
        json!(act.recording),
        json!(act.file),
        json!(act.detail),
        json!(act.address),
        json!(act.agent),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use reelroom_domain::{
        act::{Act, ActKind, detail},
        time::Timestamp,
    };

    use super::*;

    fn line(name: &str, subject: &str) -> Line {
        Line {
            id: 7,
            act: Act {
                at: Timestamp::from_millis(1_795_328_825_000),
                until: Timestamp::from_millis(1_795_328_825_120),
                user: None,
                name: name.to_owned(),
                kind: ActKind::WrongSignIn,
                subject: subject.to_owned(),
                room: None,
                recording: None,
                file: None,
                detail: BTreeMap::from([(detail::TRIES.to_owned(), "3".to_owned())]),
                address: Some("192.0.2.1".to_owned()),
                agent: "a, \"b\"".to_owned(),
            },
        }
    }

    #[test]
    fn a_spreadsheet_runs_no_cell() {
        let rows = [values(&line("=1+1", "@a\n\"b\""))];
        let text = text(ExportForm::Csv, COLUMNS, true, rows).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "id,at,until,user,name,kind,subject,app,room,recording,file,detail,address,agent\n\
             7,2026-11-22T06:27:05.000Z,2026-11-22T06:27:05.120Z,,'=1+1,wrong_sign_in,\
             \"'@a\n\"\"b\"\"\",,,,,\"{\"\"tries\"\":\"\"3\"\"}\",192.0.2.1,\"a, \"\"b\"\"\"\n"
        );
    }

    #[test]
    fn json_lines_have_the_same_fields() {
        let rows = [line("=1", "a\nb"), line("b", "")];
        let text = text(ExportForm::Jsonl, COLUMNS, true, rows.iter().map(values));
        let text = String::from_utf8(text.unwrap()).unwrap();
        assert_eq!(text.lines().count(), 2);
        let row: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        let fields: Vec<_> = row.as_object().unwrap().keys().collect();
        assert_eq!(fields, COLUMNS);
        assert_eq!(
            (&row["name"], &row["subject"]),
            (&json!("=1"), &json!("a\nb"))
        );
        assert_eq!(row["detail"]["tries"], "3");
        assert_eq!(
            (&row["kind"], &row["user"]),
            (&json!("wrong_sign_in"), &Value::Null)
        );
    }
}
