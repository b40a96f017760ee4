//! The requests that wait for a second administrator, and the dialog that answers one.

use leptos::{prelude::*, server_fn::ServerFn};
use reelroom_domain::{
    ids::RecordingId,
    keep::{REASON_LENGTH, Wish},
    view::RecordingRow,
    visible::visible_line,
};
use reelroom_service::{RequestLine, ServiceError};

use super::address::here;
use crate::{
    components::{ErrorNote, Glyph, Icon, PasswordField, back_link, recordings, time},
    error::ApiError,
    form::failed,
    i18n::{Locale, td},
    paths,
    server_fns::{AgreeToRequest, RefuseRequest},
    this_page::locale,
    visit::Visit,
};

/// The longest name of an account, or name or number of a case, that is shown, in characters.
const LONGEST: usize = 80;

/// The request of the open dialog.
pub enum Answer {
    /// The request is open.
    Open {
        /// The request.
        line: Box<RequestLine>,
        /// The recordings of the request that the reader sees.
        rows: Vec<RecordingRow>,
        /// The number of all its recordings.
        recordings: usize,
    },
    /// The request was answered, or has lapsed.
    Gone,
}

impl Answer {
    /// The request that the address names; `None`: the dialog is not open.
    pub async fn load(visit: &Visit, lines: &[RequestLine]) -> Result<Option<Self>, ApiError> {
        let named = visit.query.get("request");
        if named.is_empty() {
            return Ok(None);
        }
        let mut lines = lines.iter();
        let Some(line) = lines.find(|line| line.request.id.to_string() == named) else {
            return Ok(Some(Self::Gone));
        };
        let (ids, n) = asked_about(visit, &line.request.wish).await?;
        let Visit { service, me, .. } = visit;
        let rows = match line.request.wish {
            Wish::DeleteNow { .. } => service.deleted_rows(me, &ids).await?,
            _ => service.rows_of(me, &ids).await?,
        };
        Ok(Some(Self::Open {
            line: Box::new(line.clone()),
            rows,
            recordings: n,
        }))
    }
}

/// The recordings that a request is about, of a case the newest, and the number of all; of a case that the reader does
/// not see, none.
async fn asked_about(visit: &Visit, wish: &Wish) -> Result<(Vec<RecordingId>, usize), ApiError> {
    let Wish::CloseCase { case } = wish else {
        let ids = wish.recordings();
        return Ok((ids.to_vec(), ids.len()));
    };
    match visit.service.case(&visit.me, *case, None).await {
        Ok(view) => {
            let ids = view.recordings.into_iter().map(|(_, id)| id);
            Ok((ids.collect(), view.held as usize))
        }
        Err(ServiceError::NotFound) => Ok((Vec::new(), 0)),
        Err(error) => Err(error.into()),
    }
}

/// A request in words.
fn text(locale: Locale, line: &RequestLine) -> String {
    let name = visible_line(&line.request.asked_name, LONGEST);
    let case = line.case.as_ref();
    let number = case.map(|case| visible_line(&case.number, LONGEST));
    match (&line.request.wish, number) {
        (Wish::DeleteNow { recordings }, _) if recordings.len() == 1 => {
            say!(locale, trash.requests.delete_single, name)
        }
        (Wish::DeleteNow { recordings }, _) => {
            say!(locale, trash.requests.delete, n = recordings.len(), name)
        }
        (Wish::Release { case: None, .. }, _) => say!(locale, trash.requests.release, name),
        (Wish::Release { .. }, Some(number)) => {
            say!(locale, trash.requests.release_of, name, number)
        }
        (Wish::Release { .. }, None) => say!(locale, trash.requests.release_case, name),
        (Wish::CloseCase { .. }, Some(number)) => {
            say!(locale, trash.requests.close_of, name, number)
        }
        (Wish::CloseCase { .. }, None) => say!(locale, trash.requests.close, name),
        (Wish::Settings { .. }, _) => say!(locale, trash.requests.lift, name),
    }
}

/// The open requests; nothing if there are none.
pub fn requests(lines: &[RequestLine]) -> Option<impl IntoView + use<>> {
    if lines.is_empty() {
        return None;
    }
    let locale = locale();
    let line = |line: &RequestLine| {
        let time = time(line.request.lapses_at);
        let end = if line.may_answer {
            let href = paths::request(line.request.id);
            view! {
                <a class="btn" href=href data-turbo-action="replace">
                    {say!(locale, trash.requests.look)}
                </a>
            }
            .into_any()
        } else {
            let own = say!(locale, trash.requests.own);
            view! { <span class="hint">{own}</span> }.into_any()
        };
        view! {
            <li>
                <Icon glyph=Glyph::Hourglass />
                <div>
                    <b>{text(locale, line)}</b>
                    <span class="muted">
                        {td!(locale, trash.requests.lapses_line, time)}
                    </span>
                    {outdated(line)}
                </div>
                {end}
            </li>
        }
    };
    let lines = lines.iter().map(line).collect_view();
    Some(view! {
        <section class="inset requests" aria-labelledby="requests-h">
            <h2 id="requests-h">{say!(locale, trash.requests.title)}</h2>
            <ul>{lines}</ul>
        </section>
    })
}

/// A note that the subject of a request has changed since.
fn outdated(line: &RequestLine) -> Option<impl IntoView + use<>> {
    line.is_outdated.then(|| {
        let text = match line.request.wish {
            Wish::CloseCase { .. } => say!(locale(), trash.requests.added_since),
            _ => say!(locale(), trash.requests.changed_since),
        };
        view! { <p class="soft">{text}</p> }
    })
}

/// The dialog.
pub fn answer(of: &Answer) -> impl IntoView + use<> {
    let locale = locale();
    let (title, content) = match of {
        Answer::Gone => {
            let title = say!(locale, trash.requests.gone).to_owned();
            let content = view! { <div class="btns">{back(locale)}</div> };
            (title, content.into_any())
        }
        Answer::Open {
            line,
            rows,
            recordings,
        } => {
            let facts = facts(line, rows, *recordings);
            let content = (facts, outdated(line), forms(line));
            (text(locale, line), content.into_any())
        }
    };
    view! {
        <div class="scrim">
            <div class="dialog" role="alertdialog" aria-modal="true" aria-labelledby="answer-h">
                <h2 id="answer-h" tabindex="-1" autofocus>
                    {title}
                </h2>
                {content}
            </div>
        </div>
    }
}

fn back(locale: Locale) -> impl IntoView {
    back_link(here(), say!(locale, common.action.back))
}

fn facts(line: &RequestLine, rows: &[RecordingRow], n: usize) -> impl IntoView + use<> {
    let locale = locale();
    let request = &line.request;
    let what = (n > 0).then(|| {
        view! {
            <dt>{say!(locale, common.word.recordings)}</dt>
            <dd>{recordings(rows, n)}</dd>
        }
    });
    let case = request.wish.case().map(|id| {
        let word = match &line.case {
            Some(case) => {
                let number = visible_line(&case.number, LONGEST);
                let name = visible_line(&case.name, LONGEST);
                say!(locale, trash.requests.named_case, number, name)
            }
            None => say!(locale, trash.requests.open_case).to_owned(),
        };
        view! {
            <dt>{say!(locale, common.word.case)}</dt>
            <dd>
                <a href=paths::case(id)>{word}</a>
            </dd>
        }
    });
    let holds = matches!(request.wish, Wish::DeleteNow { .. }).then(|| {
        view! {
            <dt>{say!(locale, trash.requests.holds)}</dt>
            <dd>{say!(locale, trash.requests.holds_text)}</dd>
        }
    });
    let (asked, lapses) = (time(request.asked_at), time(request.lapses_at));
    let name = visible_line(&request.asked_name, LONGEST);
    let reason = (!request.reason.is_empty()).then(|| {
        let reason = visible_line(&request.reason, REASON_LENGTH);
        view! {
            <dt>{say!(locale, common.word.reason)}</dt>
            <dd>"“" {reason} "”"</dd>
        }
    });
    view! {
        <dl class="kv">
            {what}
            {case}
            {reason}
            <dt>{say!(locale, trash.requests.asked)}</dt>
            <dd>{td!(locale, trash.requests.asked_by, time = asked, name)}</dd>
            <dt>{say!(locale, trash.requests.lapses)}</dt>
            <dd>{td!(locale, trash.requests.lapses_at, time = lapses)}</dd>
            {holds}
        </dl>
    }
}

/// The forms that agree and refuse, for an account that may; else the way back.
fn forms(line: &RequestLine) -> impl IntoView + use<> {
    let locale = locale();
    let id = line.request.id.to_string();
    if !line.may_answer {
        return view! { <div class="btns">{back(locale)}</div> }.into_any();
    }
    let error = failed::<AgreeToRequest>().or_else(failed::<RefuseRequest>);
    let is_wrong = error
        .as_ref()
        .is_some_and(|error| error.is_about("password"));
    let wrong_password = is_wrong.then(|| say!(locale, trash.requests.wrong_password));
    let of_form = error.clone().and_then(ApiError::of_no_field);
    let of_form = of_form.map(|error| view! { <ErrorNote error=error /> });
    if line.is_outdated {
        return view! {
            {of_form}
            <form method="post" action=RefuseRequest::url()>
                <input type="hidden" name="id" value=id />
                <div class="btns">
                    {back(locale)} <button class="btn">{say!(locale, trash.requests.refuse)}</button>
                </div>
            </form>
        }
        .into_any();
    }
    let agree = match line.request.wish {
        Wish::DeleteNow { .. } => say!(locale, trash.requests.agree_delete),
        Wish::Release { .. } => say!(locale, trash.requests.agree_release),
        Wish::CloseCase { .. } => say!(locale, trash.requests.agree_close),
        Wish::Settings { .. } => say!(locale, trash.requests.agree_lift),
    };
    view! {
        {of_form}
        <form method="post" action=RefuseRequest::url() id="refuse">
            <input type="hidden" name="id" value=id.clone() />
        </form>
        <form method="post" action=AgreeToRequest::url() data-edit="">
            <input type="hidden" name="id" value=id />
            <div class="fields">
                <PasswordField label=say!(locale, trash.requests.password) wrong=wrong_password />
            </div>
            <div class="btns">
                {back(locale)}
                <button class="btn" form="refuse">
                    {say!(locale, trash.requests.refuse)}
                </button>
                <button class="btn danger primary">{agree}</button>
            </div>
        </form>
    }
    .into_any()
}
