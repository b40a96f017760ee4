//! `/cases`: collections of recordings that are held together, and the open one beside them. Filters, selection and
//! the open dialog are in the address.

mod address;
mod buttons;
mod case;
mod close;
mod form;
mod held;
mod history;
mod list;
mod lookers;
mod opened;
mod release;

use axum::response::Response;
use http::StatusCode;
use leptos::prelude::*;
use reelroom_domain::{case::CaseRow, keep::MayRelease};
use reelroom_service::Principal;

use self::{
    address::Address,
    case::case,
    close::close,
    form::{New, new_case},
    list::list,
    opened::Opened,
    release::{release, released},
};
use crate::{
    components::{Empty, ErrorNote, Glyph},
    error::ApiError,
    open_cases::may_open,
    server::status_of,
    this_page::locale,
    visit::{Page, Visit},
};

/// The cases that the account opened or may look at.
pub async fn cases(visit: Visit) -> Response {
    let here = Address::of(&visit.query);
    let loaded = load(&visit, &here).await;
    let me = visit.me.clone();
    visit
        .answer(loaded, |loaded| page(loaded, &here, &me))
        .await
}

struct Loaded {
    cases: Vec<CaseRow>,
    open: Open,
    /// The form of a new case, if it is open.
    new: Option<New>,
}

/// The content beside the list.
enum Open {
    Nothing,
    Case(Box<Opened>),
    Failed(ApiError),
}

async fn load(visit: &Visit, here: &Address) -> Result<Loaded, ApiError> {
    let Visit { service, me, .. } = visit;
    let new = if here.new && may_open(me) {
        Some(New::load(visit).await?)
    } else {
        None
    };
    let open = match here.open.as_str() {
        "" => Open::Nothing,
        _ => match Opened::load(visit, here).await {
            Ok(opened) => Open::Case(Box::new(opened)),
            Err(error) => Open::Failed(error),
        },
    };
    let cases = service.cases(me).await?;
    Ok(Loaded { cases, open, new })
}

fn page(loaded: Loaded, here: &Address, me: &Principal) -> Page {
    let locale = locale();
    let Loaded { cases, open, new } = loaded;
    let mut status = StatusCode::OK;
    let mut dialog = new.map(|new| new_case(&new, here).into_any());
    let panel = match open {
        Open::Nothing => view! {
            <section class="cd none" id="detail">
                <Empty glyph=Glyph::Folder title=say!(locale, cases.pick) />
            </section>
        }
        .into_any(),
        Open::Case(of) => {
            dialog = dialog.or_else(|| dialog_of(&of, here));
            case(&of, here, dialog.is_some()).into_any()
        }
        Open::Failed(error) => {
            status = status_of(&error);
            view! {
                <section class="cd scroll" id="detail" tabindex="-1">
                    <ErrorNote error=error />
                </section>
            }
            .into_any()
        }
    };
    let title = say!(locale, cases.title);
    let is_open = !here.open.is_empty();
    let main = view! {
        <main
            class="sheet cases"
            id="content"
            data-page=format!("cases:{}", here.open)
            data-list="cases"
            data-open=is_open.then_some("")
        >
            {list(&cases, here, may_open(me), dialog.is_some())}
            {panel}
            {dialog}
        </main>
    };
    Page::new(title, main).status(status).live("recordings")
}

/// The open dialog about a case.
fn dialog_of(of: &Opened, here: &Address) -> Option<AnyView> {
    if let Some(row) = released(of, &here.release) {
        return Some(release(of, row, here).into_any());
    }
    let may_close = of.is_open() && of.view.release != MayRelease::No;
    (here.close && may_close).then(|| close(of, here).into_any())
}
