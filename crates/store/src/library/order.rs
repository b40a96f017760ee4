//! The order of a list, and its pages.

use reelroom_domain::{find::Sort, view::PageAt};

use super::{
    filter::Hit,
    narrow::{By, Narrow},
    place::Place,
    sql::{Bound, Sql},
};
use crate::{Conn, Result, engine::Engine, query::query, row::Columns};

/// A column and whether its greatest values come first; before it, the place decides, in this direction.
struct Order {
    column: Option<(&'static str, bool)>,
    newest_first: bool,
}

impl Order {
    const fn of(sort: Sort) -> Self {
        let (column, newest_first) = match sort {
            Sort::Newest => (None, true),
            Sort::Oldest => (None, false),
            Sort::Longest => (Some(("length_ms", true)), true),
            Sort::Largest => (Some(("size", true)), true),
            Sort::Room => (Some(("room", false)), true),
        };
        Self {
            column,
            newest_first,
        }
    }

    const fn reversed(self) -> Self {
        let column = match self.column {
            Some((name, greatest_first)) => Some((name, !greatest_first)),
            None => None,
        };
        Self {
            column,
            newest_first: !self.newest_first,
        }
    }

    fn sql(&self, n: &str) -> String {
        let direction = |greatest_first| if greatest_first { "DESC" } else { "ASC" };
        let place = format!("{n} {}", direction(self.newest_first));
        match self.column {
            Some((name, greatest_first)) => {
                format!("l.{name} {}, {place}", direction(greatest_first))
            }
            None => place,
        }
    }
}

/// At most `limit` rows of a list, from its beginning or from a place. What precedes a place begins with the nearest.
/// Where more than `most_sorted` match, they are not sorted but read in their order.
pub(super) async fn page(
    conn: &mut Conn,
    narrow: &Narrow,
    sort: Sort,
    at: Option<PageAt>,
    limit: u32,
    most_sorted: u32,
) -> Result<Vec<Hit>> {
    let (order, place) = match at {
        None => (Order::of(sort), None),
        Some(PageAt::After(place)) => (Order::of(sort), Some(place)),
        Some(PageAt::Before(place)) => (Order::of(sort).reversed(), Some(place)),
    };
    // SQLite gives the rows of terms by start. In another order they are sorted, or the rows are read in that order
    // where most of them match.
    let by = match (narrow.engine(), order.column) {
        (Engine::Sqlite, Some(_)) if narrow.rows(conn, most_sorted + 1).await? > most_sorted => {
            By::Rows
        }
        _ => By::Terms,
    };
    let n = narrow.place(by);
    let mut sql = Sql::default();
    let and = match place {
        Some(place) => beyond(conn, &mut sql, &order, place, n).await?,
        None => String::new(),
    };
    narrow.hits(conn, by, sql, &and, &order.sql(n), limit).await
}

/// The statement of a first page, of a few recordings or of many.
#[cfg(test)]
pub(super) fn first_page_sql(narrow: &Narrow, sort: Sort, are_many: bool) -> String {
    let by = if are_many { By::Rows } else { By::Terms };
    let order = Order::of(sort).sql(narrow.place(by));
    narrow.hits_sql(by, &mut Sql::default(), "", &order, 1)
}

/// The condition that a row comes after a place.
async fn beyond(
    conn: &mut Conn,
    sql: &mut Sql,
    order: &Order,
    place: Place,
    n: &str,
) -> Result<String> {
    let than = |greatest_first| if greatest_first { "<" } else { ">" };
    let place_of = |sql: &mut Sql| sql.bind(Bound::Number(place));
    let by_place = |sql: &mut Sql| format!("{n} {} {}", than(order.newest_first), place_of(sql));
    let Some((name, greatest_first)) = order.column else {
        return Ok(by_place(sql));
    };
    let value = query(format!(
        "SELECT {name}, recording_id FROM library WHERE n = $1"
    ))
    .bind(place)
    .first(conn, |row| {
        let row = Columns::new(row, "library", "recording_id");
        Ok(match name {
            "room" => Bound::Text(row.get(name)?),
            _ => Bound::Number(row.get(name)?),
        })
    })
    .await?;
    // The row has gone from the index: the list begins anew.
    let Some(value) = value else {
        return Ok(String::new());
    };
    let than = than(greatest_first);
    let [first, second] = [sql.bind(value.clone()), sql.bind(value)];
    let place = by_place(sql);
    Ok(format!(
        "l.{name} {than}= {first} AND (l.{name} {than} {second} OR {place})"
    ))
}
