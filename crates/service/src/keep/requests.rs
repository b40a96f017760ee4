//! The requests for the consent of a second administrator.

use reelroom_domain::{
    case::CaseText,
    keep::{Request, Wish},
};
use reelroom_store::{Conn, requests};

use super::{
    case::case_for,
    consent::{is_outdated, is_second},
};
use crate::{Principal, Service, ServiceError};

/// A request, for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLine {
    /// The request.
    pub request: Request,
    /// The texts of the case that it is about, if the account sees that.
    pub case: Option<CaseText>,
    /// Whether the account may agree or refuse.
    pub may_answer: bool,
    /// Whether what it asks for has changed since it was made, so that nobody can agree.
    pub is_outdated: bool,
}

impl Service {
    /// The open requests that an account made, and for an administrator all.
    pub async fn requests(&self, by: &Principal) -> Result<Vec<RequestLine>, ServiceError> {
        let now = self.now();
        let mut read = self.0.store.read().await?;
        let is_second = is_second(&mut read, by).await?;
        let mut open = requests::open(&mut read, now).await?;
        open.retain(|request| is_second || request.asked_by == by.user);
        let mut lines = Vec::new();
        for request in open {
            lines.push(RequestLine {
                may_answer: is_second && request.may_answer(by.user, now),
                is_outdated: is_outdated(&mut read, &request).await?,
                case: case_of(&mut read, by, &request.wish).await?,
                request,
            });
        }
        Ok(lines)
    }
}

/// The texts of the case that is asked about, if there is one that the account sees.
async fn case_of(
    conn: &mut Conn,
    by: &Principal,
    wish: &Wish,
) -> Result<Option<CaseText>, ServiceError> {
    let Some(id) = wish.case() else {
        return Ok(None);
    };
    match case_for(conn, by, id).await {
        Ok(case) => Ok(Some(case.text)),
        Err(ServiceError::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
