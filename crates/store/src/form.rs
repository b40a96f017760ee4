//! The columns of a start form: `rule`, `path`, `user_data`, `kind`, `stop_after`, `stop_at_end`.

use reelroom_domain::order::{Draft, StartForm};

use crate::{Result, query::Values, row::Columns};

/// Reads a form; a column without a value is empty.
pub(crate) fn read(row: &Columns<'_>) -> Result<Draft> {
    let text = |column| {
        row.get::<Option<String>>(column)
            .map(Option::unwrap_or_default)
    };
    Ok(Draft::cut(StartForm {
        rule: text("rule")?,
        path: text("path")?,
        user_data: text("user_data")?,
        kind: text("kind")?,
        stop_after: text("stop_after")?,
        stop_at_end: row.get::<Option<_>>("stop_at_end")?.unwrap_or_default(),
    }))
}

/// The values of the columns, in their order.
pub(crate) fn values(draft: &Draft) -> impl Values {
    let form = draft.form();
    (
        (&form.rule, &form.path, &form.user_data, &form.kind),
        (&form.stop_after, form.stop_at_end),
    )
}
